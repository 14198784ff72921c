import CDigests
import Digests
import Testing

@Suite struct SHA256Tests {
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

  /// The processor's instructions and the plain code do the same to any state and any blocks.
  @Test func theFastPathIsThePlainOne() {
    var generator = SystemRandomNumberGenerator()
    for blocks in [0, 1, 2, 3, 17] {
      let data = (0..<64 * blocks).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      var fast = (0..<8).map { _ in UInt32.random(in: .min ... .max, using: &generator) }
      var plain = fast
      cd_sha256(&fast, data, blocks)
      cd_sha256_plain(&plain, data, blocks)
      #expect(fast == plain)
    }
  }
}
