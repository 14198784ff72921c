import Foundation
import Testing

@testable import StrictJSON

@Suite struct IdentityTests {
  @Test(arguments: [
    ("9007199254740993", "9007199254740992", false), ("1e2", "100", true), ("1.0", "1", true), ("-0", "0", true),
    ("0.10", "0.1", true), ("0.1", "0.10000000000000001", false), ("1e400", "2e400", false), ("-1", "1", false),
    ("100000000000000000000001", "100000000000000000000000", false), ("12e-1", "1.2", true), ("0.001", "1e-3", true),
    ("1e99999999999999999999", "1e99999999999999999999", true),
    ("1e99999999999999999999", "1e99999999999999999998", false),
    ("0e99999999999999999999", "0", true),
    ("1e-400", "0", false), ("1E5", "1e5", true), ("1e+5", "1e5", true),
  ])
  func numbersAreEqualWhenTheirValuesAre(left: String, right: String, equal: Bool) {
    #expect((JSONNumber(text: left) == JSONNumber(text: right)) == equal)
    #expect((JSONNumber(text: right) == JSONNumber(text: left)) == equal)
  }

  @Test func textsAndKeysAreToldApartByTheirBytes() throws {
    let one = try JSON.parse(#"{"\u00e9": 1, "e\u0301": 2}"#)
    #expect(one.object?.count == 2)
    #expect(one["\u{E9}"] == 1 && one["e\u{301}"] == 2)
    #expect(JSON.string("\u{E9}") != JSON.string("e\u{301}"))
    #expect(ExactText("\u{E9}") != ExactText("e\u{301}"))
    #expect(Set([ExactText("a"), ExactText("a"), ExactText("b")]).count == 2)
    var object = JSONObject([("\u{E9}", 1), ("e\u{301}", 2)])
    object["e\u{301}"] = nil
    #expect(object.keys.map { Array($0.utf8) } == [Array("\u{E9}".utf8)])
  }

  @Test func identityIsSpellingAndOrderToo() throws {
    let value = try JSON.parse(#"{"a": [1.0, "x"], "b": null}"#)
    #expect(value.isIdentical(to: try JSON.parse(#"{ "a":[1.0,"x"], "b":null }"#)))
    #expect(!value.isIdentical(to: try JSON.parse(#"{"a": [1, "x"], "b": null}"#)))
    #expect(value == (try JSON.parse(#"{"b": null, "a": [1, "x"]}"#)))
    #expect(!value.isIdentical(to: try JSON.parse(#"{"b": null, "a": [1.0, "x"]}"#)))
  }
}
