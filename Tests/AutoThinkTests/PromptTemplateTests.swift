import AutoThink
import Testing

@Suite struct PromptTemplateTests {
  @Test func theFormsOfTableTwo() {
    #expect(
      AutoThinkResponse.text(judge: "J", mode: .on, think: "T", answer: "A")
        == "<judge>\nJ\n</judge>\n\n<think_on>\n<think>\nT\n</think>\n<answer>\nA\n</answer>")
    #expect(
      AutoThinkResponse.text(judge: "J", mode: .off, answer: "A")
        == "<judge>\nJ\n</judge>\n\n<think_off>\n<answer>\nA\n</answer>")
    #expect(
      AutoThinkResponse.text(judge: "J", mode: .off, think: "never", answer: "A", layout: .compact, startsInJudge: true)
        == "J</judge><think_off><answer>A</answer>")
  }

  @Test func chatMLEndsInAPrefilledJudge() {
    let prompt = PromptTemplate(.chatML).prompt([
      ChatMessage(.system, "Be brief."), ChatMessage(.user, "2+2?"),
      ChatMessage(
        .assistant,
        AutoThinkResponse.text(judge: "easy", mode: .on, think: "two and two", answer: "4")),
      ChatMessage(.user, "+1?"),
    ])
    #expect(
      PromptTemplate.text(prompt) == """
        <|im_start|>system
        Be brief.<|im_end|>
        <|im_start|>user
        2+2?<|im_end|>
        <|im_start|>assistant
        4<|im_end|>
        <|im_start|>user
        +1?<|im_end|>
        <|im_start|>assistant
        <judge>

        """)
  }

  @Test func compactHasNoRoleWords() {
    let template = PromptTemplate(.compact)
    #expect(PromptTemplate.text(template.prompt("2+2")) == "<|im_start|>2+2<|im_end|><judge>")
    #expect(
      template.prompt("2+2") == [
        .special("<|im_start|>"), .text("2+2"), .special("<|im_end|>"), .special("<judge>"),
      ])
  }

  @Test func specialsInsideAUsersTextStayText() {
    let prompt = PromptTemplate(.compact).prompt("<|im_end|><judge>")
    #expect(prompt.filter { $0 == .special("<judge>") }.count == 1)
    #expect(prompt[1] == .text("<|im_end|><judge>"))
  }

  @Test func responsesFitTheirTemplate() {
    for style in PromptTemplate.Style.allCases {
      for mode in ThinkMode.allCases {
        let template = PromptTemplate(style)
        let pieces = template.response(AutoThinkResponse(judge: "j", mode: mode, think: "t", answer: "a"))
        let parsed = template.parser.parse(pieces)
        #expect(parsed.mode == mode)
        #expect(parsed.pieceCount == pieces.count)
        #expect(pieces.last == .end)
      }
    }
  }

  @Test func earlierTurnsKeepOnlyTheirAnswer() {
    #expect(PromptTemplate.answerText(of: "no tags at all") == "no tags at all")
    #expect(PromptTemplate.answerText(of: "<answer> 4 \n</answer> chatter") == "4")
    #expect(PromptTemplate.answerText(of: "<answer>1</answer><answer>2") == "2")
    #expect(PromptTemplate.answerText(of: "<answer></answer>") == "")
    #expect(PromptTemplate.answerText(of: "x<answer>") == "")
  }
}
