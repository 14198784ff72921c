import Foundation
import Platform
import TensorCore

extension LanguageModel {
  /// Loads a Hugging Face folder: `config.json` and `model.safetensors` or its shards (F32, F16, BF16).
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError`, naming file and tensor: a missing file, a bad configuration, a
  ///   missing or superfluous tensor, a wrong shape, a truncated file.
  public convenience init(folder: String) throws {
    let (configuration, files) = try Self.open(folder)
    try self.init(configuration: configuration) { name, shape in try files.tensor(name, shape: shape) }
  }

  /// Loads a folder to be trained through an adapter or only evaluated: everything is frozen, and matrices are stored in
  /// bfloat16 at once, so that a float32 copy of the model is never in memory.
  ///
  /// - Throws: as ``init(folder:)``.
  public convenience init(frozenInHalf folder: String) throws {
    try self.init(folder: folder, halfPrecision: { _ in true })
    setFrozen { _ in true }
  }

  /// Loads a folder with some matrices stored in bfloat16 at once; those are frozen.
  ///
  /// - Parameter halfPrecision: says so of a matrix by its name.
  /// - Throws: as ``init(folder:)``.
  public convenience init(folder: String, halfPrecision: (_ name: String) -> Bool) throws {
    let (configuration, files) = try Self.open(folder)
    try self.init(weightsOf: configuration) { name, shape in
      let tensor = try files.tensor(name, shape: shape)
      if shape.count == 2, halfPrecision(name) { return .bf16(HalfMatrix(tensor)) }
      tensor.requiresGrad = true
      return .f32(tensor)
    }
  }

  /// The configuration and the opened files, checked against it.
  static func open(_ folder: String) throws -> (ModelConfiguration, SafeTensorsFolder) {
    let configuration = try ModelConfiguration(folder: folder)
    guard
      ["model.safetensors", "model.safetensors.index.json"].contains(where: {
        FileManager.default.fileExists(atPath: folder + "/" + $0)
      })
    else {
      throw CheckpointError.missingFile(path: folder + "/model.safetensors", purpose: "the model's weights")
    }
    try CheckpointManifest.checkModel(in: folder)
    let files = try SafeTensorsFolder(path: folder)
    try check(files, against: configuration, folder: folder)
    return (configuration, files)
  }

  /// Writes `config.json`, `model.safetensors` and `generation_config.json`; the folder is made where needed. An
  /// adapter is merged into what is written; write it by itself with ``LoRAAdapter/save(to:basePath:)``.
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError` where a file cannot be written.
  public func save(to folder: String, storage: SafeTensorsWriter.Storage = .f32) throws {
    do { try OutputFile.makeFolder(folder) } catch {
      throw CheckpointError.unreadable(path: error.path, reason: "cannot be made: \(error.reason)")
    }
    try configuration.write(to: folder)
    if !configuration.endTokens.isEmpty {
      try GenerationDefaults(endTokens: configuration.endTokens, padToken: configuration.padToken).write(to: folder)
    }
    let path = folder + "/model.safetensors"
    let entries = configuration.parameterShapes
    try SafeTensorsWriter.write(entries, to: path, storage: storage, metadata: ["format": "pt"]) { index in
      guard let tensor = mergedParameter(entries[index].name) else {
        throw CheckpointError.missingTensor(path: path, name: entries[index].name, expectedShape: entries[index].shape)
      }
      return tensor
    }
  }

  /// Compares all names, shapes and types before a single tensor is allocated.
  private static func check(
    _ files: SafeTensorsFolder, against configuration: ModelConfiguration, folder: String
  ) throws {
    var expected = Set<String>()
    for (name, shape) in configuration.parameterShapes {
      expected.insert(name)
      guard files.contains(name) else {
        throw CheckpointError.missingTensor(path: folder, name: name, expectedShape: shape)
      }
      let file = try files.file(of: name)
      let found = try file.entry(name).shape
      guard found == shape else {
        throw CheckpointError.wrongShape(path: file.path, name: name, found: found, expected: shape)
      }
      try file.checkReadable(name)
    }
    for name in files.names where !expected.contains(name) {
      // Derived tensors that older files carry: rotary frequencies, the copy of a tied head.
      if name.hasSuffix("rotary_emb.inv_freq") { continue }
      if name == "lm_head.weight", configuration.tiedEmbeddings { continue }
      let file = try files.file(of: name)
      throw CheckpointError.unexpectedTensor(path: file.path, name: name, shape: try file.entry(name).shape)
    }
  }
}
