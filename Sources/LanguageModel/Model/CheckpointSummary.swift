import Foundation
import TensorCore

/// What a model folder holds, found without reading a weight: every file's header is checked against config.json.
public struct CheckpointSummary: Sendable {
  /// One stored tensor.
  public struct StoredTensor: Sendable, Equatable {
    /// Its Hugging Face name.
    public let name: String
    /// Its extents.
    public let shape: [Int]
    /// Its element type, for example `BF16`.
    public let element: String
    /// Its bytes in the file.
    public let bytes: Int
    /// The name of its file.
    public let file: String
  }

  /// The shape in config.json.
  public let configuration: ModelConfiguration
  /// The tensors in the order of the files.
  public let tensors: [StoredTensor]

  /// Checks a folder.
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError`, as loading would.
  public init(folder: String) throws {
    let (configuration, files) = try LanguageModel.open(folder)
    self.configuration = configuration
    tensors = try files.names.map { name in
      let file = try files.file(of: name)
      let entry = try file.entry(name)
      return StoredTensor(
        name: name, shape: entry.shape, element: entry.element.rawValue, bytes: entry.bytes.count,
        file: URL(fileURLWithPath: file.path).lastPathComponent)
    }
  }

  /// The bytes of all tensors.
  public var bytes: Int { tensors.reduce(0) { $0 + $1.bytes } }

  /// Bytes by element type.
  public var bytesByElement: [String: Int] {
    tensors.reduce(into: [:]) { $0[$1.element, default: 0] += $1.bytes }
  }

  /// The storage that writes the model as it came: bfloat16 where every matrix is, else float32.
  public var storage: SafeTensorsWriter.Storage {
    tensors.allSatisfy { $0.element == "BF16" || $0.shape.count < 2 } ? .bf16 : .f32
  }
}
