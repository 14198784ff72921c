import Foundation
import LanguageModel
import Platform
import StepSRPO
import StrictJSON
import TensorCore

/// `step-srpo model inspect`: what a folder holds, and whether it can be used.
enum ModelInspectCommand: Command {
  static let description = CommandDescription(
    name: "model inspect", summary: "Show the shape, storage and vocabulary of a model folder.",
    positionals: [.init(name: "FOLDER", help: "a Hugging Face folder or an adapter's checkpoint")],
    options: [
      .flag("--tensors", "list every tensor too"),
      .flag("--json", "one JSON object"),
    ],
    notes: """
      Every tensor's name, shape and place is checked against config.json without reading the weights;
      a folder that would not load exits with 2 and names the tensor, what was found and expected.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let folder = arguments.positionals[0]
    let facts = try ModelFolders.reading { try Facts(folder) }
    if arguments.flag("--json") {
      console.out(facts.json(tensors: arguments.flag("--tensors")).text(pretty: true) + "\n")
      return .success
    }
    console.out(facts.text)
    if arguments.flag("--tensors") {
      console.out("\n")
      for tensor in facts.summary.tensors {
        let shape = tensor.shape.map(String.init).joined(separator: " x ")
        console.out("\(tensor.name)  \(tensor.element) [\(shape)]  \(tensor.file)\n")
      }
    }
    return .success
  }

  /// What is known of a folder.
  private struct Facts {
    let folder: String
    let summary: CheckpointSummary
    let base: AdapterBase?
    let adapter: LoRAAdapter?
    let tokenizer: (any Tokenizer)?
    let settings: TokenizerSettings?

    init(_ folder: String) throws {
      self.folder = folder
      base = try AdapterBase(checkpoint: folder)
      let summary = try CheckpointSummary(folder: base?.path ?? folder)
      self.summary = summary
      adapter = base == nil ? nil : try LoRAAdapter(folder: folder, for: summary.configuration)
      let hasTokenizer = FileManager.default.fileExists(atPath: folder + "/tokenizer.json")
      tokenizer = hasTokenizer ? try loadTokenizer(folder: folder) : nil
      settings = try TokenizerSettings(folder: folder)
    }

    var missingTokens: [String] {
      guard let tokenizer else { return [] }
      let known = Set(tokenizer.addedTokens.map { $0.text })
      return SpecialTokens.autoThink.filter { !known.contains($0) }
    }

    var text: String {
      let c = summary.configuration
      var lines: [(String, String)] = []
      lines.append(("architecture", c.architecture.className))
      lines.append(
        (
          "shape",
          "\(c.layers) layers, width \(c.hiddenSize), \(c.heads) heads over \(c.keyValueHeads) of \(c.headDimension)"
        ))
      if let e = c.experts {
        let shared = e.sharedFeedForwardSize.map { ", shared \($0)" } ?? ""
        lines.append(("experts", "\(e.perToken) of \(e.count), feed-forward \(e.feedForwardSize)\(shared)"))
      } else {
        lines.append(("feed-forward", "\(c.feedForwardSize)"))
      }
      lines.append(("positions", "\(c.maxPositions)"))
      lines.append(("parameters", ModelFolders.count(c.parameterCount) + (c.tiedEmbeddings ? ", head tied" : "")))
      let stored = summary.bytesByElement.sorted { $0.key < $1.key }
        .map { "\(ByteCount.text($0.value)) \($0.key)" }.joined(separator: ", ")
      lines.append(("weights", "\(summary.tensors.count) tensors, \(stored)"))
      if let base, let adapter {
        let r = adapter.configuration
        lines.append(
          (
            "adapter",
            "rank \(r.rank), alpha \(NumberFormat.short(r.alpha)), \(adapter.modules.count) layers, on \(base.path)"
          ))
      }
      if let tokenizer {
        let kind = tokenizer is ByteTokenizer ? "bytes" : "byte pairs"
        lines.append(("vocabulary", "\(tokenizer.vocabularySize) ids (\(kind)) for \(c.vocabularySize) rows"))
        let missing = missingTokens
        lines.append(
          (
            "AutoThink",
            missing.isEmpty
              ? "all tokens are there" : "lacks \(missing.joined(separator: " ")): step-srpo model add-tokens"
          ))
        lines.append(("template", settings?.chatTemplate == nil ? "none" : "in tokenizer_config.json"))
      } else {
        lines.append(("vocabulary", "no tokenizer.json"))
      }
      return lines.map { name, value in
        name + String(repeating: " ", count: max(1, 14 - name.count)) + value + "\n"
      }.joined()
    }

    func json(tensors: Bool) -> JSON {
      let c = summary.configuration
      var object = c.json
      object["parameters"] = .int(c.parameterCount)
      object["bytes"] = .int(summary.bytes)
      if let tokenizer {
        object["tokenizer_ids"] = .int(tokenizer.vocabularySize)
        object["missing_autothink_tokens"] = .array(missingTokens.map { .string($0) })
      }
      if let base, let adapter {
        object["adapter"] = .object(
          JSONObject([
            ("base", .string(base.path)), ("rank", .int(adapter.configuration.rank)),
            ("parameters", .int(adapter.parameterCount)),
          ]))
      }
      if tensors {
        object["tensors"] = .array(
          summary.tensors.map {
            .object(
              JSONObject([
                ("name", .string($0.name)), ("shape", .array($0.shape.map { .int($0) })),
                ("element", .string($0.element)), ("file", .string($0.file)),
              ]))
          })
      }
      return .object(object)
    }
  }
}

/// Numbers in sentences.
private enum NumberFormat {
  static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
  }
}
