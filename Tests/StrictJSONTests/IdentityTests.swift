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

  /// The test vectors of FIPS 180-4 and the borders of a block.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func digestsAreSHA256(text: String, expected: String) {
    var hash = SHA256()
    Array(text.utf8).withUnsafeBytes { hash.add(bytes: $0) }
    #expect(hash.digest.text == expected)
    // In pieces of every size the same.
    for size in [1, 3, 55, 56, 63, 64, 65, 200] where text.utf8.count < 2000 {
      var pieces = SHA256()
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(bytes.count, start + size)].withUnsafeBytes { pieces.add(bytes: $0) }
      }
      #expect(pieces.digest == hash.digest)
    }
  }

  @Test func textsAreAddedWithTheirBorders() {
    func digest(_ texts: [String]) -> SHA256.Digest {
      var hash = SHA256()
      for text in texts { hash.add(text) }
      return hash.digest
    }
    #expect(digest(["ab", "c"]) != digest(["a", "bc"]))
    #expect(digest(["ab", ""]) != digest(["ab"]))
    #expect(digest(["\u{E9}"]) != digest(["e\u{301}"]))
  }
}
