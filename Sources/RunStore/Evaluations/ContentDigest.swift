import Foundation
import Platform

/// A 64-bit fingerprint of content (FNV-1a over 8-byte words, then mixed): enough to notice that something changed, not to
/// withstand somebody who wants it to collide.
public struct ContentDigest: Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The digest of nothing yet.
  public init() {}

  /// The digest so far, 16 hexadecimal digits.
  public var text: String {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    let digits = String(z ^ (z >> 31), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func add(_ word: UInt64) { state = (state ^ word) &* 0x100_0000_01B3 }

  /// Takes bytes in; their count too, so that pieces cannot run together.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(UInt64(bytes.count))
    let words = bytes.count / 8
    for i in 0..<words { add(bytes.loadUnaligned(fromByteOffset: 8 * i, as: UInt64.self)) }
    for i in 8 * words..<bytes.count { add(UInt64(bytes[i])) }
  }

  /// Takes a text in.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  /// The digest of what determines a checkpoint's responses: weights, shape and vocabulary.
  /// - Throws: `RunStoreError.unreadable`.
  public static func checkpoint(_ folder: String) throws -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var digest = ContentDigest()
    for name in names.sorted()
    where name.hasSuffix(".safetensors") || ["config.json", "tokenizer.json", "adapter_config.json"].contains(name) {
      let path = folder + "/" + name
      if let kind = InputFile.irregularity(of: path) {
        throw RunStoreError.unreadable(path: path, reason: FileError(path: path, irregular: kind).reason)
      }
      do {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        digest.add(name)
        data.withUnsafeBytes { digest.add($0) }
      } catch {
        throw RunStoreError.unreadable(path: path, reason: FileError(path: path, error).reason)
      }
    }
    return digest.text
  }
}
