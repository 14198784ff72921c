import Foundation
import LanguageModel
import Platform
import StepSRPO
import StrictJSON
import TensorCore

/// `step-srpo model score`: what a model thinks of given tokens, for comparison with other programs.
enum ModelScoreCommand: Command {
  static let description = CommandDescription(
    name: "model score", summary: "Log-probabilities of given token sequences, one JSON line each.",
    positionals: [.init(name: "CHECKPOINT", help: "a Hugging Face folder or an adapter's checkpoint")],
    options: [
      .value("--input", "FILE", "JSON lines {\"tokens\": [ID, ...]} (default: standard input)"),
      .value(
        "--gradients", "FILE.safetensors",
        "write the gradient of the sum of cos(i) log-probability i, i counting from 0"),
    ],
    notes: """
      Each line becomes {"log_probs", "entropies", "likeliest"}: for every token but the first its
      log-probability and the entropy in nats, and the id that greedy decoding would have chosen there.
      scripts/parity compares them with transformers in float64.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let policyModel = try ModelFolders.reading { try Self.model(arguments.positionals[0]) }
    let sequences = try Self.sequences(arguments, policyModel.configuration)
    let gradients = arguments.string("--gradients")
    policyModel.setFrozen { _ in gradients == nil }
    var next = 0
    for tokens in sequences {
      var batch = PackedBatch()
      let rows = batch.appendSegment(tokens.dropLast())
      for row in rows { batch.score(row: row, target: tokens[row + 1]) }
      let tape = Tape(recording: gradients != nil)
      let (logProb, entropy) = policyModel.tokenLogProbs(batch, tape: tape)
      let likeliest = Self.likeliest(policyModel, batch)
      console.out(
        JSON.object(
          JSONObject([
            ("log_probs", .array(logProb.values.map { .double(Double($0)) })),
            ("entropies", .array(entropy.values.map { .double(Double($0)) })),
            ("likeliest", .array(likeliest.map { .int($0) })),
          ])
        ).text() + "\n")
      let seeds = (0..<logProb.count).map { Float(cos(Double(next + $0))) }
      next += logProb.count
      if gradients != nil { tape.backward([(logProb, Tensor(logProb.shape, values: seeds))]) }
    }
    if let gradients {
      try SafeTensorsWriter.write(
        policyModel.trainableParameters.map { ($0.name, $0.tensor.grad ?? Tensor($0.tensor.shape)) }, to: gradients)
    }
    return .success
  }

  private static func model(_ folder: String) throws -> LanguageModel {
    guard let base = try AdapterBase(checkpoint: folder) else { return try LanguageModel(folder: folder) }
    return try base.model(adapter: folder)
  }

  /// The id of the largest logit of each row; of equal ones the first.
  private static func likeliest(_ model: LanguageModel, _ batch: PackedBatch) -> [Int] {
    let logits = model.logits(batch)
    return (0..<logits.rows).map { row in
      var best = 0
      Routing.likeliest(1, of: logits.data + row * logits.columns, count: logits.columns) { best = $1 }
      return best
    }
  }

  private static func sequences(_ arguments: ParsedArguments, _ shape: ModelConfiguration) throws -> [[Int32]] {
    let path = arguments.string("--input") ?? "-"
    let data: [UInt8]
    do {
      data = path == "-" ? Array(FileHandle.standardInput.readDataToEndOfFile()) : try InputFile.contents(of: path)
    } catch { throw arguments.usage("--input: \(error)") }
    var sequences: [[Int32]] = []
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      func bad(_ found: String) -> CommandFailure {
        CommandFailure(
          code: .usage,
          description:
            "\(path == "-" ? "standard input" : path):\(index + 1): found \(found), expected {\"tokens\": [...]} "
            + "with 2 to \(shape.maxPositions) ids below \(shape.vocabularySize)")
      }
      guard let json = try? JSON.parse(String(line)) else { throw bad("no JSON") }
      guard let list = json["tokens"]?.array else { throw bad(json["tokens"]?.kind ?? "no \"tokens\"") }
      let ids = try list.map { value -> Int32 in
        guard let id = value.int, (0..<shape.vocabularySize).contains(id) else { throw bad(value.text()) }
        return Int32(id)
      }
      guard (2...max(2, shape.maxPositions)).contains(ids.count) else { throw bad("\(ids.count) ids") }
      sequences.append(ids)
    }
    return sequences
  }
}
