import StrictJSON
import Testing
import Verifiers

@Suite struct ToolVerifierTests {
  private func score(_ response: String, _ reference: JSON) -> Double? {
    ToolVerifier().verify([VerifyRequest(id: "1", response: response, reference: reference)])[0].score
  }

  private let call = ToolCall(name: "get", arguments: JSONObject([("key", "a"), ("n", 2)])).text

  @Test func callsAreComparedAsValues() {
    let same = "I look it up.\n<tool_call>{\"arguments\": {\"n\": 2.0, \"key\": \"a\"}, \"name\": \"get\"}</tool_call>"
    #expect(score(same, .string(call)) == 1)
    #expect(score(call, .string(call)) == 1)
    #expect(score(call.replacing("\"a\"", with: "\"b\""), .string(call)) == 0)
    #expect(score(call.replacing("get", with: "Get"), .string(call)) == 0)
    #expect(score(call + call, .string(call)) == 0)
    #expect(score("get a", .string(call)) == 0)
    #expect(score("<tool_call>{\"name\": \"get\"", .string(call)) == 0)
    #expect(score("<tool_call>[1]</tool_call>", .string(call)) == 0)
  }

  @Test func repliesAreComparedWithoutBlanks() {
    #expect(score(" set  k 7\n", "set k 7") == 1)
    #expect(score("set k 77", "set k 7") == 0)
    #expect(score("Set k 7", "set k 7") == 0)
    #expect(score("", "set k 7") == 0)
    #expect(score("7", 7) == 1)
    #expect(score("b", ["a", "b"]) == 1)
    // A call where a reply is asked for is no reply.
    #expect(score(call, "7") == 0)
  }

  @Test func aReferenceThatIsNoneIsAFailure() {
    for reference: JSON in [.null, "", [[]], "<tool_call>x</tool_call>"] {
      let verdict = ToolVerifier().verify([VerifyRequest(id: "1", response: "x", reference: reference)])[0]
      #expect(verdict.failure?.kind == .badReference, "\(reference.text())")
    }
  }
}
