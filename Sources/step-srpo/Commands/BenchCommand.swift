import Foundation
import LanguageModel
import StrictJSON
import TensorCore

/// `step-srpo bench`: how fast this machine samples, trains, loads and verifies.
enum BenchCommand: Command {
  static let workloads = ["rollout", "train", "step", "load", "verify"]

  static let description = CommandDescription(
    name: "bench", summary: "Measure sampling, training, a full step, loading or verifying.",
    positionals: [.init(name: "WORKLOAD", help: workloads.joined(separator: ", "))],
    options: [
      .value("--checkpoint", "DIR", "a Hugging Face folder"),
      .value(
        "--shape", "NAME", "random weights of a shape (default: nano)", choices: ModelConfiguration.shapeNames),
      .value("--batch", "N", "sequences; checks for verify (default: 64; 8 for large models; 6000 checks)"),
      .value("--prompt-length", "N", "tokens of a prompt (default: 32; 64 for large models)"),
      .value("--new-tokens", "N", "tokens after it (default: 128; 32 for large models)"),
      .value("--groups", "N", "prompts of a full step (default: 16; 2 for large models)"),
      .value("--group-size", "N", "rollouts of each (default: 8; 4 for large models)"),
      .value(
        "--weights", "TYPE", "how rollout stores weights (default: f32)",
        choices: PackedMatrix.Storage.allCases.map(\.rawValue)),
      .value("--threads", "N", "threads (default: all cores)"),
      .value("--repetitions", "N", "timed repetitions after a warm-up (default: 5)"),
      .flag("--json", "one JSON object"),
    ],
    notes: """
      rollout   samples new tokens behind each prompt; the weights are packed beforehand
      train     forward, backward and AdamW on packed sequences of prompt + new tokens
      step      samples groups, scores them, computes advantages, updates the policy
      load      reads a checkpoint folder (of a shape: one written to a temporary folder first)
      verify    checks mathematical answers

      The JSON object is {"workload", "tokens", "seconds", "tokens_per_s", "gflops", "threads",
      "peak_rss_bytes"}; seconds is the median of the repetitions. tokens are sampled tokens, batch x
      (prompt + new) for train, checks for verify; null where there is nothing to count. Processor
      seconds are noted on standard error: where they are well below threads x seconds, other programs
      had the processors. --checkpoint is read, never written.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let workload = arguments.positionals[0]
    guard workloads.contains(workload) else {
      let hint = nearestName(to: workload, in: workloads).map { "; did you mean \"\($0)\"?" } ?? ""
      throw arguments.usage("found \"\(workload)\", expected \(workloads.joined(separator: ", "))\(hint)")
    }
    if arguments.string("--checkpoint") != nil, arguments.string("--shape") != nil {
      throw arguments.usage("--checkpoint and --shape exclude each other")
    }
    let configuration = try configuration(arguments)
    let size = try size(arguments, workload, configuration)
    let storage = arguments.string("--weights").flatMap { PackedMatrix.Storage(rawValue: $0) } ?? .f32
    let measurement = try measure(workload, size, storage, arguments.string("--checkpoint"), configuration)
    if arguments.flag("--json") {
      console.out(measurement.json.text() + "\n")
    } else {
      console.out(text(measurement))
    }
    let (wall, processor) = (measurement.seconds, measurement.processorSeconds)
    console.note(
      "\(workload): median of \(measurement.laps.count): "
        + String(format: "%.3f s wall, %.3f s of processors", wall, processor))
    return .success
  }

  private static func configuration(_ arguments: ParsedArguments) throws -> ModelConfiguration {
    if let folder = arguments.string("--checkpoint") { return try ModelConfiguration(folder: folder) }
    return ModelConfiguration.shape(named: arguments.string("--shape") ?? "nano") ?? .nano()
  }

  private static func size(
    _ arguments: ParsedArguments, _ workload: String, _ configuration: ModelConfiguration
  ) throws -> BenchSize {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let threads = try arguments.int("--threads", in: 1...256) ?? cores
    var size = BenchSize.usual(for: configuration, threads: threads)
    if workload == "verify" { size.batch = 6000 }
    size.batch = try arguments.int("--batch", in: 1...1_000_000) ?? size.batch
    size.promptLength = try arguments.int("--prompt-length", in: 1...1_000_000) ?? size.promptLength
    size.newTokens = try arguments.int("--new-tokens", in: 1...1_000_000) ?? size.newTokens
    size.groups = try arguments.int("--groups", in: 1...100_000) ?? size.groups
    size.groupSize = try arguments.int("--group-size", in: 1...10_000) ?? size.groupSize
    size.repetitions = try arguments.int("--repetitions", in: 1...10_000) ?? size.repetitions
    let length = size.promptLength + size.newTokens
    if ["rollout", "train", "step"].contains(workload), length > configuration.maxPositions {
      throw arguments.usage(
        "--prompt-length and --new-tokens: found \(size.promptLength) + \(size.newTokens), "
          + "expected at most the model's \(configuration.maxPositions) positions together")
    }
    return size
  }

  private static func measure(
    _ workload: String, _ size: BenchSize, _ storage: PackedMatrix.Storage, _ folder: String?,
    _ configuration: ModelConfiguration
  ) throws -> Measurement {
    func model() throws -> LanguageModel {
      if let folder { return try LanguageModel(folder: folder) }
      return try LanguageModel(configuration: configuration, seed: 0)
    }
    switch workload {
    case "rollout": return try ModelBench(model: model(), size: size).rollout(storage: storage)
    case "train": return try ModelBench(model: model(), size: size).train()
    case "step": return try ModelBench(model: model(), size: size).step()
    case "verify": return try MathBench(size: size).run()
    default:
      if let folder { return try load(folder, size) }
      let folder = NSTemporaryDirectory() + "step-srpo-bench-" + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try model().save(to: folder)
      return try load(folder, size)
    }
  }

  /// Weights and configuration, every tensor in memory and ready for training.
  private static func load(_ folder: String, _ size: BenchSize) throws -> Measurement {
    let laps = try Measurement.laps(size.repetitions) { _ in _ = try LanguageModel(folder: folder) }
    // Reading is done by one thread.
    return Measurement(workload: "load", tokens: nil, operations: nil, threads: 1, laps: laps)
  }

  private static func text(_ measurement: Measurement) -> String {
    var line = "\(measurement.workload): \(String(format: "%.3f s", measurement.seconds))"
    if let tokens = measurement.tokens {
      let unit = measurement.workload == "verify" ? "checks" : "tokens"
      line += String(format: ", %.0f ", Double(tokens) / max(measurement.seconds, 1e-9)) + unit + "/s"
    }
    if let operations = measurement.operations {
      line += String(format: ", %.1f GFLOP/s", operations / 1e9 / max(measurement.seconds, 1e-9))
    }
    return line + ", \(measurement.threads) thread\(measurement.threads == 1 ? "" : "s")\n"
  }
}
