import Foundation
import Platform
import TensorCore

/// Trained updates of low rank to chosen linear layers: y = x W^T + scale (x A^T) B^T (Hu et al., 2021), in PEFT's
/// file format.
public final class LoRAAdapter: @unchecked Sendable {
  /// Rank, scale and targets.
  public let configuration: LoRAConfiguration
  /// The updated modules in checkpoint order, for example `model.layers.0.self_attn.q_proj`.
  public let modules: [String]
  private let updates: [String: LowRankUpdate]

  /// A new adapter: A uniform in +-1/sqrt(inputs), B zero (as PEFT), so that the model is at first unchanged. A pure
  /// function of shapes and seed.
  ///
  /// - Throws: `CheckpointError.badValue` for a rank below 1 or above 65,536, or a target that names no linear layer.
  public convenience init(_ configuration: LoRAConfiguration, for model: ModelConfiguration, seed: UInt64) throws {
    func demand(_ condition: Bool, _ key: String, _ found: String, _ expected: String) throws {
      guard condition else {
        throw CheckpointError.badValue(path: "adapter_config.json", key: key, found: found, expected: expected)
      }
    }
    let (rank, alpha) = (configuration.rank, configuration.alpha)
    try demand((1...65_536).contains(rank), "r", String(rank), "an integer from 1 to 65536")
    try demand(alpha > 0 && alpha.isFinite, "lora_alpha", String(alpha), "a number above 0")
    let shapes = Self.linearShapes(of: model)
    try demand(!configuration.targets.isEmpty, "target_modules", "empty", "names of linear layers")
    for target in configuration.targets
    where !shapes.contains(where: { $0.module == target || $0.module.hasSuffix("." + target) }) {
      try demand(
        false, "target_modules", target, "among " + LoRAConfiguration.linearLayers.joined(separator: ", "))
    }
    var updates: [String: LowRankUpdate] = [:]
    for (place, (module, shape)) in shapes.enumerated() where configuration.covers(module) {
      let a = Tensor([rank, shape[1]], requiresGrad: true, zeroed: false)
      var stream = RandomStream(seed: seed, purpose: "adapter", query: place)
      let bound = 1 / Double(shape[1]).squareRoot()
      for i in 0..<a.count { a.data[i] = Float((2 * stream.nextUniform() - 1) * bound) }
      updates[module] = LowRankUpdate(
        a: a, b: Tensor([shape[0], rank], requiresGrad: true), scale: configuration.scale)
    }
    self.init(configuration, updates, order: shapes.map { $0.module })
  }

  /// Loads `adapter_config.json` and `adapter_model.safetensors` as PEFT writes them. Dropout, which matters in PEFT's
  /// own training only, is not applied.
  ///
  /// - Throws: `CheckpointError` or `SafeTensorsError`: a missing file, an unsupported option, a tensor that has no
  ///   place in the model, lacks its partner or has another shape.
  public convenience init(folder: String, for model: ModelConfiguration) throws {
    let configuration = try LoRAConfiguration(folder: folder)
    let path = folder + "/adapter_model.safetensors"
    guard FileManager.default.fileExists(atPath: path) else {
      throw CheckpointError.missingFile(path: path, purpose: "the adapter's matrices")
    }
    let file = try SafeTensorsFile(path: path)
    var known = Set<String>()
    var updates: [String: LowRankUpdate] = [:]
    let shapes = Self.linearShapes(of: model)
    for (module, shape) in shapes {
      let names = Self.names(of: module)
      known.formUnion([names.a, names.b])
      // A list of targets may be restricted to some layers (layers_to_transform): what the file holds decides.
      if file.entries[names.a] == nil, file.entries[names.b] == nil { continue }
      func tensor(_ name: String, _ expected: [Int]) throws -> Tensor {
        guard let entry = file.entries[name] else {
          throw CheckpointError.missingTensor(path: path, name: name, expectedShape: expected)
        }
        guard entry.shape == expected else {
          throw CheckpointError.wrongShape(path: path, name: name, found: entry.shape, expected: expected)
        }
        let tensor = try file.tensor(name)
        tensor.requiresGrad = true
        return tensor
      }
      updates[module] = LowRankUpdate(
        a: try tensor(names.a, [configuration.rank, shape[1]]), b: try tensor(names.b, [shape[0], configuration.rank]),
        scale: configuration.scale)
    }
    for name in file.names where !known.contains(name) {
      throw CheckpointError.unexpectedTensor(path: path, name: name, shape: try file.entry(name).shape)
    }
    guard !updates.isEmpty else {
      throw CheckpointError.missingTensor(
        path: path, name: Self.names(of: shapes[0].module).a, expectedShape: [configuration.rank, shapes[0].shape[1]])
    }
    self.init(configuration, updates, order: shapes.map { $0.module })
  }

  private init(_ configuration: LoRAConfiguration, _ updates: [String: LowRankUpdate], order: [String]) {
    self.configuration = configuration
    self.updates = updates
    modules = order.filter { updates[$0] != nil }
  }

  /// Writes `adapter_config.json` and `adapter_model.safetensors` for PEFT; the folder is made where needed.
  ///
  /// - Parameter basePath: where PEFT finds the base model (`base_model_name_or_path`).
  /// - Throws: `CheckpointError` or `SafeTensorsError` where a file cannot be written.
  public func save(to folder: String, basePath: String = "") throws {
    do { try OutputFile.makeFolder(folder) } catch {
      throw CheckpointError.unreadable(path: error.path, reason: "cannot be made: \(error.reason)")
    }
    try JSONFile.write(
      configuration.json(basePath: basePath, modules: modules), to: folder + "/adapter_config.json")
    try SafeTensorsWriter.write(
      parameters, to: folder + "/adapter_model.safetensors", metadata: ["format": "pt"])
  }

  /// A and B of every module with PEFT's names.
  public var parameters: [(name: String, tensor: Tensor)] {
    modules.flatMap { module -> [(name: String, tensor: Tensor)] in
      guard let update = updates[module] else { return [] }
      let names = Self.names(of: module)
      return [(names.a, update.a), (names.b, update.b)]
    }
  }

  /// Number of trained floats.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

  /// The update of a module, or nil.
  func update(of module: String) -> LowRankUpdate? { updates[module] }

  private static func names(of module: String) -> (a: String, b: String) {
    let prefix = "base_model.model." + module
    return (prefix + ".lora_A.weight", prefix + ".lora_B.weight")
  }

  /// The linear layers of the blocks with their weights' shapes [out, in].
  static func linearShapes(of model: ModelConfiguration) -> [(module: String, shape: [Int])] {
    model.parameterShapes.compactMap { name, shape in
      let module = String(name.dropLast(7))
      guard LoRAConfiguration.linearLayers.contains(where: { name.hasSuffix("." + $0 + ".weight") }) else { return nil }
      return (module, shape)
    }
  }
}

extension ModelConfiguration {
  /// The linear layers that an adapter may update, in checkpoint order, for example `model.layers.0.self_attn.q_proj`.
  public var linearModules: [String] { LoRAAdapter.linearShapes(of: self).map { $0.module } }
  /// The names of their weights: the matrices of hidden layers.
  public var linearWeights: Set<String> { Set(linearModules.map { $0 + ".weight" }) }
}

extension LanguageModel {
  /// Trains `adapter` from now on in place of the weights, all of which are frozen.
  ///
  /// - Throws: `CheckpointError.wrongShape` where it was made for another shape; nothing is changed then.
  public func attach(_ adapter: LoRAAdapter) throws {
    let shapes = Dictionary(uniqueKeysWithValues: LoRAAdapter.linearShapes(of: configuration))
    for module in adapter.modules {
      guard let update = adapter.update(of: module) else { continue }
      let found = [update.b.rows, update.a.columns]
      guard let expected = shapes[module], found == expected else {
        throw CheckpointError.wrongShape(path: "(adapter)", name: module, found: found, expected: shapes[module] ?? [])
      }
    }
    setFrozen { _ in true }
    self.adapter = adapter
  }

  /// Adds the adapter to the weights and removes it. The weights stay frozen; see ``setFrozen(_:)``. A weight stored in
  /// bfloat16 becomes float32 where it is changed.
  public func mergeAdapter() {
    guard let adapter else { return }
    let modules = Set(adapter.modules.map { $0 + ".weight" })
    let merged = weights.map { entry -> (name: String, weight: WeightMatrix) in
      guard modules.contains(entry.name), let tensor = mergedParameter(entry.name) else { return entry }
      return (entry.name, .f32(tensor))
    }
    self.adapter = nil
    weights = merged
  }

  /// The same weights, shared and not copied, without the adapter: the reference that training started from.
  public func withoutAdapter() -> LanguageModel {
    let base = LanguageModel(sharing: self)
    base.adapter = nil
    return base
  }

  /// Freezes the parameters for which `isFrozen` says so and trains the others. A frozen parameter gets no gradient and
  /// is not among ``trainableParameters``; matrices stored in bfloat16 stay frozen.
  public func setFrozen(_ isFrozen: (_ name: String) -> Bool) {
    for (name, tensor) in parameters {
      tensor.requiresGrad = !isFrozen(name)
      if !tensor.requiresGrad { tensor.zeroGrad() }
    }
  }

  /// Stores every frozen matrix in bfloat16, which halves its memory (rounded unless it came from such a file).
  public func storeFrozenMatricesInHalf() {
    weights = weights.map { entry in
      guard case .f32(let tensor) = entry.weight, tensor.shape.count == 2, !tensor.requiresGrad else { return entry }
      return (entry.name, .bf16(HalfMatrix(tensor)))
    }
  }
}
