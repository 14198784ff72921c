import Foundation
import StrictJSON
import TensorCore
import Testing

@testable import LanguageModel

@Suite struct CheckpointTests {
  @Test(arguments: Reference.names) func savingAndLoadingIsExact(_ name: String) throws {
    let model = try LanguageModel(folder: Reference(name).folder)
    let folder = try TemporaryFolder()
    try model.save(to: folder.path + "/a/b")
    let again = try LanguageModel(folder: folder.path + "/a/b")
    #expect(again.configuration == model.configuration)
    #expect(again.parameters.map { $0.name } == model.parameters.map { $0.name })
    for (a, b) in zip(again.parameters, model.parameters) {
      #expect(a.tensor.shape == b.tensor.shape && a.tensor.values == b.tensor.values)
    }
    #expect(try GenerationDefaults(folder: folder.path + "/a/b")?.endTokens == [1])
  }

  @Test func randomModelsAreAFunctionOfTheSeed() throws {
    let a = try LanguageModel(configuration: .nano(vocabularySize: 40), seed: 3)
    let b = try LanguageModel(configuration: .nano(vocabularySize: 40), seed: 3)
    let c = try LanguageModel(configuration: .nano(vocabularySize: 40), seed: 4)
    #expect(a.parameters.map { $0.tensor.values } == b.parameters.map { $0.tensor.values })
    #expect(a.head.values != c.head.values)
    let query = try #require(a.parameter("model.layers.0.self_attn.q_proj.weight")).values
    let deviation = (query.reduce(0) { $0 + $1 * $1 } / Float(query.count)).squareRoot()
    #expect(abs(deviation - 1 / Float(128).squareRoot()) < 0.002)
    #expect(a.head === a.parameter("model.embed_tokens.weight"))
  }

  @Test func bfloat16FilesHoldRoundedWeights() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let folder = try TemporaryFolder()
    try model.save(to: folder.path, storage: .bf16)
    let again = try LanguageModel(folder: folder.path)
    for (a, b) in zip(again.parameters, model.parameters) {
      for i in 0..<a.tensor.count { #expect(abs(a.tensor[i] - b.tensor[i]) <= abs(b.tensor[i]) / 256) }
    }
  }

  @Test func shardedFoldersLoad() throws {
    let model = try LanguageModel(folder: Reference("llama").folder)
    let folder = try TemporaryFolder()
    try model.save(to: folder.path)
    try FileManager.default.removeItem(atPath: folder.path + "/model.safetensors")
    let half = model.parameters.count / 2
    let shards = [model.parameters[..<half], model.parameters[half...]]
    var map = JSONObject()
    for (i, shard) in shards.enumerated() {
      let name = "model-0000\(i + 1)-of-00002.safetensors"
      try SafeTensorsWriter.write(Array(shard), to: folder.path + "/" + name)
      for (parameter, _) in shard { map[parameter] = .string(name) }
    }
    try JSON.object(JSONObject([("metadata", [:]), ("weight_map", .object(map))])).text()
      .write(toFile: folder.path + "/model.safetensors.index.json", atomically: true, encoding: .utf8)
    let again = try LanguageModel(folder: folder.path)
    #expect(again.parameters.map { $0.tensor.values } == model.parameters.map { $0.tensor.values })
    try FileManager.default.removeItem(atPath: folder.path + "/model-00002-of-00002.safetensors")
    let error = #expect(throws: SafeTensorsError.self) { try LanguageModel(folder: folder.path) }
    #expect(error?.description.contains("model-00002-of-00002") == true)
  }

  /// Every way to damage a folder gives an error that names the file and the tensor or key.
  @Test(arguments: [
    "missing tensor", "extra tensor", "wrong shape", "truncated", "no weights", "no config", "architecture",
    "garbage header", "integers", "no numbers", "a pipe", "a folder for a config",
  ])
  func badFoldersAreNamed(_ damage: String) throws {
    let model = try LanguageModel(folder: Reference("qwen3").folder)
    let folder = try TemporaryFolder()
    try model.save(to: folder.path)
    let (weights, config) = (folder.path + "/model.safetensors", folder.path + "/config.json")
    let name = "model.layers.1.self_attn.k_norm.weight"
    let rest = model.parameters.filter { $0.name != name }
    var expected = [name]
    switch damage {
    case "missing tensor":
      try SafeTensorsWriter.write(rest, to: weights)
      expected.append("[8]")
    case "extra tensor":
      try SafeTensorsWriter.write(model.parameters + [("model.extra", Tensor([2, 3]))], to: weights)
      expected = ["model.extra", "[2, 3]"]
    case "wrong shape":
      try SafeTensorsWriter.write(rest + [(name, Tensor([9]))], to: weights)
      expected += ["[9]", "[8]"]
    case "truncated":
      let data = try #require(FileManager.default.contents(atPath: weights))
      try data.prefix(data.count - 5).write(to: URL(fileURLWithPath: weights))
      expected = ["model.safetensors", "truncated"]
    case "no weights":
      try FileManager.default.removeItem(atPath: weights)
      expected = ["model.safetensors", "no such file"]
    case "no config":
      try FileManager.default.removeItem(atPath: config)
      expected = ["config.json", "no such file"]
    case "architecture":
      let text = try String(contentsOfFile: config, encoding: .utf8)
      try text.replacingOccurrences(of: "Qwen3ForCausalLM", with: "MambaForCausalLM")
        .write(toFile: config, atomically: true, encoding: .utf8)
      expected = ["architectures", "MambaForCausalLM", "Qwen3ForCausalLM"]
    case "integers":
      let header = try #require(FileManager.default.contents(atPath: weights))
      let text = String(decoding: header, as: UTF8.self)
      #expect(text.contains("F32"))
      var bytes = [UInt8](header)
      // The type of the first tensor in the header, which is as long.
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("\"F32\"".utf8)) })
      bytes.replaceSubrange(place..<place + 5, with: Array("\"I32\"".utf8))
      try Data(bytes).write(to: URL(fileURLWithPath: weights))
      expected = ["model.safetensors", "I32", "expected F32"]
      #expect(throws: SafeTensorsError.self, "as loading would") { try CheckpointSummary(folder: folder.path) }
    case "no numbers":
      let broken = Tensor([8])
      broken.data[3] = .nan
      try SafeTensorsWriter.write(
        model.parameters.map { $0.name == name ? (name, broken) : $0 }, to: weights)
      expected += ["element 3 is nan"]
    case "a pipe":
      try FileManager.default.removeItem(atPath: weights)
      #expect(mkfifo(weights, 0o644) == 0)
      expected = ["model.safetensors", "is a named pipe"]
    case "a folder for a config":
      try FileManager.default.removeItem(atPath: config)
      try FileManager.default.createDirectory(atPath: config, withIntermediateDirectories: false)
      expected = ["config.json", "is a folder, expected a regular file"]
    default:
      try Data([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2]).write(to: URL(fileURLWithPath: weights))
      expected = ["model.safetensors"]
    }
    do {
      _ = try LanguageModel(folder: folder.path)
      Issue.record("a folder with \(damage) loaded")
    } catch {
      for part in expected { #expect("\(error)".contains(part), "\(error)") }
    }
  }

  /// NaN and infinities are refused wherever they stand, and named.
  @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 70_000, 131_071])
  func weightsThatAreNotFiniteAreRefused(value: Float, place: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.safetensors"
    let tensor = Tensor([2, 65_536])
    tensor.data[place] = value
    for storage in [SafeTensorsWriter.Storage.f32, .bf16] {
      try SafeTensorsWriter.write([("w", tensor)], to: path, storage: storage)
      let error = #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(path: path).tensor("w") }
      #expect("\(error!)".contains("tensor \"w\": element \(place) is"))
    }
    // The largest finite numbers are none of them.
    tensor.data[place] = .greatestFiniteMagnitude
    try SafeTensorsWriter.write([("w", tensor)], to: path)
    #expect(try SafeTensorsFile(path: path).tensor("w")[place] == .greatestFiniteMagnitude)
  }

  @Test func aModelIsComparedWithItsManifest() throws {
    let model = try LanguageModel(folder: Reference("qwen2").folder)
    let folder = try TemporaryFolder()
    try model.save(to: folder.path)
    try Data("moments".utf8).write(to: URL(fileURLWithPath: folder.path + "/optimizer.safetensors"))
    try CheckpointManifest.write(step: 7, in: folder.path)
    #expect(try CheckpointManifest(folder: folder.path)?.step == 7)
    _ = try LanguageModel(folder: folder.path)
    // Whoever only reads the model does not mind the optimizer.
    try Data("momentS".utf8).write(to: URL(fileURLWithPath: folder.path + "/optimizer.safetensors"))
    _ = try LanguageModel(folder: folder.path)
    let path = folder.path + "/model.safetensors"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: CheckpointError.self) { try LanguageModel(folder: folder.path) }
    #expect("\(error!)".contains("model.safetensors: damaged") && "\(error!)".contains("step 7"))
  }
}
