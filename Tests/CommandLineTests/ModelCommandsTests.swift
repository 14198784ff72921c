import Foundation
import LanguageModel
import StrictJSON
import Testing

/// `model init`, `inspect`, `export`, `add-tokens` and `score` as a user meets them.
@Suite struct ModelCommandsTests {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "step-srpo-model-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  private func run(_ words: String..., input: String = "") throws -> ProgramRunner.Result {
    try ProgramRunner.run(["model"] + words, input: input)
  }

  @Test func randomModelsAreWrittenInspectedAndNeverOverwritten() throws {
    let folder = root + "/nano"
    #expect(try run("init", folder, "--seed", "3").code == 0)
    let text = try run("inspect", folder)
    #expect(text.code == 0 && text.out.contains("LlamaForCausalLM") && text.out.contains("1,018,368, head tied"))
    #expect(text.out.contains("all tokens are there") && text.out.contains("267 ids (bytes) for 267 rows"))
    let json = try JSON.parse(try run("inspect", folder, "--json", "--tensors").out)
    #expect(json["parameters"]?.int == 1_018_368 && json["hidden_size"]?.int == 128)
    #expect(json["tensors"]?.array?.count == 38)
    let again = try run("init", folder)
    #expect(again.code == 2 && again.error.contains("expected a new or empty folder"))
    let half = root + "/half"
    #expect(try run("export", folder, half, "--dtype", "bf16").code == 0)
    #expect(try run("inspect", half).out.contains("MiB BF16"))
    let merged = try run("export", folder, root + "/merged", "--merge")
    #expect(merged.code == 2 && merged.error.contains("holds no adapter"))
    let shape = try run("init", root + "/x", "--shape", "nanno")
    #expect(shape.code == 2 && shape.error.contains("did you mean \"nano\""))
  }

  @Test(arguments: [
    ["eval"], ["generate", "--prompt", "hi"], ["chat"], ["model", "inspect"], ["model", "score"],
  ]) func aFolderThatDoesNotExistIsSaidToBeMissing(_ words: [String]) throws {
    let folder = root + "/nowhere"
    let result = try ProgramRunner.run(words + [folder], input: "")
    #expect(result.code == 2 && result.out.isEmpty)
    #expect(result.error.contains("\(folder): no such folder"), "\(result.error)")
  }

  @Test(arguments: ["missing", "shape", "architecture", "truncated", "no weights"])
  func badFoldersAreNamed(_ damage: String) throws {
    let folder = root + "/bad"
    #expect(try run("init", folder).code == 0)
    let (config, weights) = (folder + "/config.json", folder + "/model.safetensors")
    func rewrite(_ old: String, _ new: String) throws {
      let text = try String(contentsOfFile: config, encoding: .utf8)
      #expect(text.contains(old))
      try text.replacingOccurrences(of: old, with: new).write(toFile: config, atomically: true, encoding: .utf8)
    }
    var expected: [String]
    switch damage {
    case "missing":
      try rewrite("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5")
      expected = ["model.layers.4.input_layernorm.weight", "[128]", "missing"]
    case "shape":
      try rewrite("\"intermediate_size\": 512", "\"intermediate_size\": 500")
      expected = ["model.layers.0.mlp.gate_proj.weight", "[512, 128]", "[500, 128]"]
    case "architecture":
      try rewrite("LlamaForCausalLM", "GPT2LMHeadModel")
      expected = ["GPT2LMHeadModel", "Qwen3MoeForCausalLM"]
    case "truncated":
      let file = try #require(FileHandle(forWritingAtPath: weights))
      try file.truncate(atOffset: 90_000)
      try file.close()
      expected = ["90000 bytes", "truncated"]
    default:
      try FileManager.default.removeItem(atPath: weights)
      expected = ["model.safetensors", "no such file"]
    }
    for command in ["inspect", "score"] {
      let result = try run(command, folder, input: "{\"tokens\": [1, 2]}\n")
      #expect(result.code == 2 && result.out.isEmpty)
      for part in expected { #expect(result.error.contains(part), "\(result.error)") }
    }
  }

  @Test func tokensAreAddedToAnyVocabulary() throws {
    // A vocabulary of bytes without a single special token.
    let shape = ModelConfiguration(
      architecture: .qwen2, hiddenSize: 16, layers: 1, heads: 2, keyValueHeads: 1, feedForwardSize: 24,
      vocabularySize: 1, tiedEmbeddings: true)
    let plain = try Checkpoint(
      shape: shape, tokenizer: ByteTokenizer(specialTokens: []),
      settings: TokenizerSettings(endToken: nil, padToken: nil), seed: 1)
    try plain.save(to: root + "/plain", storage: .bf16)
    #expect(try run("inspect", root + "/plain").out.contains("lacks <judge>"))
    let added = try run("add-tokens", root + "/plain", root + "/tagged", "--token", "<tool>")
    #expect(added.code == 0 && added.error.contains("256 rows became 267"), "\(added.error)")
    let text = try run("inspect", root + "/tagged").out
    #expect(text.contains("all tokens are there") && text.contains("in tokenizer_config.json"))
    #expect(text.contains("BF16") && !text.contains("F32,"))
    let grown = try Checkpoint(folder: root + "/tagged")
    #expect(grown.settings.endToken == "<|im_end|>" && grown.settings.chatTemplate?.contains("<judge>") == true)
    #expect(grown.model.configuration.endTokens == [grown.tokenizer.token("<|im_end|>")])
    #expect(grown.tokenizer.encode("<tool>").count == 1)
    let again = try run("add-tokens", root + "/tagged", root + "/twice")
    #expect(again.code == 0 && again.error.contains("no token was missing"))
  }

  @Test func scoresAreLogProbabilities() throws {
    let folder = root + "/nano"
    #expect(try run("init", folder).code == 0)
    let gradients = root + "/g.safetensors"
    let result = try run(
      "score", folder, "--gradients", gradients, input: "{\"tokens\": [1, 2, 3]}\n\n{\"tokens\": [9, 8]}\n")
    #expect(result.code == 0 && result.lines.count == 2, "\(result.error)")
    for (line, count) in zip(result.lines, [2, 1]) {
      let json = try JSON.parse(String(line))
      let logs = json["log_probs"]?.array?.compactMap(\.double) ?? []
      #expect(logs.count == count && logs.allSatisfy { $0 < 0 && $0.isFinite })
      #expect(json["entropies"]?.array?.count == count && json["likeliest"]?.array?.count == count)
    }
    #expect(FileManager.default.fileExists(atPath: gradients))
    for (input, part) in [
      ("{\"tokens\": [1, 999]}", "999"), ("{\"tokens\": [1]}", "1 ids"), ("{}", "no \"tokens\""), ("x", "no JSON"),
    ] {
      let bad = try run("score", folder, input: "{\"tokens\": [1, 2]}\n" + input + "\n")
      #expect(bad.code == 2 && bad.error.contains("standard input:2") && bad.error.contains(part), "\(bad.error)")
    }
  }
}
