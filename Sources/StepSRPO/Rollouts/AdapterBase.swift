import Foundation
import LanguageModel
import Platform
import StrictJSON

/// The weights under an adapter: a folder that the adapter's checkpoints point to instead of copying it.
public struct AdapterBase: Sendable, Equatable {
  /// The base model's folder, absolute.
  public let path: String
  /// Whether the adapter was trained over matrices rounded to bfloat16.
  public let halfPrecision: Bool
  /// A checksum of samples of every tensor, as they were trained over.
  public let fingerprint: UInt64

  private static let file = "adapter_base.json"

  /// The base of an adapter to be made.
  init(path: String, of model: LanguageModel, halfPrecision: Bool) {
    self.halfPrecision = halfPrecision
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    fingerprint = model.fingerprint
  }

  /// The base that a checkpoint folder names; nil where the folder is no adapter's.
  /// - Throws: `CheckpointError`.
  public init?(checkpoint folder: String) throws {
    let path = "\(folder)/\(Self.file)"
    guard FileManager.default.fileExists(atPath: "\(folder)/adapter_config.json") else { return nil }
    guard FileManager.default.fileExists(atPath: path) else {
      throw CheckpointError.missingFile(path: path, purpose: "where the adapter's base model is")
    }
    let bytes: [UInt8]
    do { bytes = try InputFile.contents(of: path) } catch {
      throw CheckpointError.unreadable(path: path, reason: error.reason)
    }
    let json: JSON
    do { json = try JSON.parse(utf8: bytes) } catch let error as JSONError {
      throw CheckpointError.malformedJSON(path: path, error: error)
    }
    guard let base = json["path"]?.string else {
      throw CheckpointError.badValue(path: path, key: "path", found: "absent", expected: "the base model's folder")
    }
    guard let sum = json["fingerprint"]?.string.flatMap({ UInt64($0, radix: 16) }) else {
      throw CheckpointError.badValue(path: path, key: "fingerprint", found: "absent", expected: "16 hexadecimal digits")
    }
    guard let precision = json["precision"]?.string.flatMap({ ModelSection.FrozenPrecision(rawValue: $0) }) else {
      throw CheckpointError.badValue(path: path, key: "precision", found: "absent", expected: "f32 or bf16")
    }
    (self.path, fingerprint, halfPrecision) = (base, sum, precision == .bf16)
  }

  /// The base model with the adapter of a checkpoint folder attached.
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError`, also where the base is not the one the adapter was trained on.
  public func model(adapter folder: String) throws -> LanguageModel {
    let model = try LanguageModel(folder: path, halfPrecision: { _ in halfPrecision })
    let found = model.fingerprint
    guard found == fingerprint else {
      throw CheckpointError.badValue(
        path: path, key: "(weights)", found: "a model with fingerprint \(Self.hex(found))",
        expected: "the one the adapter was trained on, \(Self.hex(fingerprint))")
    }
    try model.attach(LoRAAdapter(folder: folder, for: model.configuration))
    return model
  }

  func write(to folder: String) throws {
    let text = JSON.object(
      JSONObject([
        ("path", .string(path)), ("precision", .string(halfPrecision ? "bf16" : "f32")),
        ("fingerprint", .string(Self.hex(fingerprint))),
      ])
    ).text(
      pretty: true)
    do { try OutputFile.write(text + "\n", to: "\(folder)/\(Self.file)") } catch {
      throw CheckpointError.unreadable(path: error.path, reason: "cannot be written: \(error.reason)")
    }
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
