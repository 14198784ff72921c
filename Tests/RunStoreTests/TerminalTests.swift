import StepSRPO
import Testing

@testable import RunStore

@Suite struct TerminalTests {
  @Test func terminalSequencesDoNotSurvive() {
    #expect(TerminalText.neutralised("a\u{1B}[31mb\r\u{7}\u{9B}c\n\td") == "a\\e[31mb\\r\\u{7}\\u{9B}c\n\td")
    #expect(TerminalText.neutralised("x\n\u{202E}y", keepingNewlines: false) == "x\\n\\u{202E}y")
    #expect(TerminalText.neutralised("Grüße 漢字 😀") == "Grüße 漢字 😀")
  }

  @Test func widthsCountColumns() {
    #expect(TerminalText.width("ab") == 2)
    #expect(TerminalText.width("漢字") == 4)
    #expect(TerminalText.width("e\u{301}") == 1)
    #expect(TerminalText.cut("abcdef", to: 4) == "abc…")
    #expect(TerminalText.cut("漢字漢字", to: 4) == "漢…")
    #expect(TerminalText.padded("7", to: 3, right: true) == "  7")
  }

  @Test(arguments: [
    (0.0, "0"), (0.00001234, "1.23e-05"), (0.0123, "0.0123"), (0.25, "0.250"), (3.14159, "3.142"), (42.5, "42.50"),
    (123.45, "123.5"), (98765.4, "98765"), (-0.5, "-0.500"), (.infinity, "inf"), (.nan, "nan"),
  ]) func numbersAreShort(value: Double, text: String) { #expect(NumberText.short(value) == text) }

  @Test func otherNumbers() {
    #expect(NumberText.grouped(1_234_567.6) == "1,234,568")
    #expect(NumberText.grouped(-999) == "-999")
    #expect(NumberText.fixed(-0.001, 2) == "0.00")
    #expect(NumberText.percent(0.345, decimals: 1) == "34.5 %")
    #expect([5, 192, 3729, -1, .nan].map { NumberText.duration($0) } == ["5s", "3:12", "1:02:09", "-", "-"])
  }

  @Test func sparklinesAverageIntoTheirColumns() {
    #expect(Sparkline.text([0, 0.5, 1], columns: 10, range: 0...1) == "▁▅█")
    #expect(Sparkline.text([0, 0, 1, 1], columns: 2, range: 0...1, unicode: false) == "_#")
    #expect(Sparkline.text([3, 3, 3], columns: 9) == "▅▅▅")
    #expect(Sparkline.text([1, .nan, 2], columns: 3) == "▁ █")
    #expect(Sparkline.text([], columns: 3) == "")
    #expect(Sparkline.text([.nan], columns: 3) == " ")
    #expect(Sparkline.text((0..<100).map(Double.init), columns: 8) == "▁▂▃▄▅▆▇█")
  }

  @Test func evaluationsStandSideBySide() {
    let table = EvaluationTable.text([
      ("before", RunFixture.evaluation(0, thinkOn: 0.9)), ("after", RunFixture.evaluation(10, thinkOn: 0.125)),
    ])
    #expect(
      table == """
        primer/test
                                  think-on         accuracy       mean tokens       invalid
        domain  level  items   before   after   before   after   before  after   before  after
        --------------------------------------------------------------------------------------
        math    1         20   90.0 %  12.5 %   50.0 %  50.0 %     12.5   12.5    0.0 %  0.0 %
        math    2         20        -       -        -       -     50.0   50.0    5.0 %  5.0 %
        --------------------------------------------------------------------------------------
        total             40   90.0 %  12.5 %   75.0 %  75.0 %     31.2   31.2    0.0 %  0.0 %

        """)
    #expect(EvaluationTable.text([]) == "")
  }

  @Test(arguments: [
    ("plain\ttext\n", "plain\ttext\n"), ("\u{1B}[1myou>\u{1B}[0m ", "\u{1B}[1myou>\u{1B}[0m "),
    ("\u{1B}[38;5;12mx\u{1B}[m", "\u{1B}[38;5;12mx\u{1B}[m"), ("a\u{1B}[2Jb", "a\\e[2Jb"),
    ("\u{1B}]0;title\u{7}", "\\e]0;title\\u{7}"),
    ("\u{1B}[", "\\e["), ("\u{1B}[1", "\\e[1"), ("x\u{9B}2Jy", "x\\u{9B}2Jy"), ("\u{9D}0;t\u{9C}", "\\u{9D}0;t\\u{9C}"),
    ("user\u{202E}txt", "user\\u{202E}txt"), ("a\rb", "a\\rb"), ("\u{1B}[\u{1B}[1mz", "\\e[\u{1B}[1mz"),
  ])
  func aPageKeepsColoursAndNothingElse(text: String, safe: String) {
    #expect(TerminalText.neutralisedPage(text) == safe)
  }
}
