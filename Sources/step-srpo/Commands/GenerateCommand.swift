import AutoThink
import Dispatch
import LanguageModel
import RunStore
import StepSRPO
import StrictJSON
import Tasks
import TensorCore

/// `step-srpo generate`: responses to prompts.
enum GenerateCommand: Command {
  static let description = CommandDescription(
    name: "generate", summary: "Write a checkpoint's responses to prompts.",
    positionals: [.init(name: "CHECKPOINT", help: "a Hugging Face folder")],
    options: [
      .value("--prompt", "TEXT", "a prompt", isRepeated: true),
      .value("--input", "FILE", "JSON lines with \"prompt\" or \"messages\" and perhaps \"id\"; - is standard input"),
      .value("--output", "FILE", "where responses to --input go; continued where an earlier call stopped"),
    ] + ControlArguments.options() + [.flag("--json", "JSON lines for --prompt too")],
    notes: """
      A line of output, in the order of the input, is {"id", "mode", "valid", "judge", "think", "answer",
      "text", "tokens", "truncated", "chosen_by", "think_on_probability"}, and "invalid_reason" where
      "valid" is false.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let prompts = arguments.strings("--prompt")
    let input = arguments.string("--input")
    guard prompts.isEmpty != (input == nil) else {
      throw arguments.usage("expected --prompt TEXT or --input FILE, one of them")
    }
    guard input != nil || arguments.string("--output") == nil else {
      throw arguments.usage("--output goes with --input; the response to a --prompt is printed")
    }
    let policy = try ControlArguments.policy(arguments.positionals[0])
    let rows: [PromptFile.Row]
    do {
      rows =
        try input.map { try PromptFile($0).rows }
        ?? prompts.enumerated().map { .init(id: .int($0 + 1), conversation: [ChatMessage(.user, $1)]) }
    } catch { throw CommandFailure(code: .usage, description: "\(error)") }
    let weights = DecodingWeights(policy.model, snapshot: false)
    let settings = try ControlArguments.settings(arguments, policy, weights, console)
    let requests = ControlledRequests(policy, control: settings.control, maxNewTokens: settings.maxNewTokens)
    let tokens = rows.map { policy.codec.prompt($0.conversation) }
    for (row, prompt) in zip(rows, tokens) where !requests.fits(promptTokens: prompt.count) {
      throw CommandFailure(
        code: .usage,
        description:
          "prompt \(row.id.text()): found \(prompt.count) tokens, which leave no room for a response; the model "
          + "has \(policy.model.configuration.maxPositions) positions")
    }
    let file = try arguments.string("--output").map { try ResponseFile($0, rows: rows) }
    if let file, file.done > 0 { console.note("\(file.done) of \(rows.count) responses are there already") }
    _ = Interrupt()
    var next = file?.done ?? 0
    // The first batch is small; later ones take some seconds, so that little is lost when the program is stopped.
    var size = 2 * settings.rows
    while next < rows.count {
      let places = next..<min(rows.count, next + size)
      let groups = places.map { place in
        let stream = RandomStream(seed: settings.seed, purpose: .generation, query: place)
        return PromptGroup(
          prompt: tokens[place], requests: [requests.request(stream: stream, promptTokens: tokens[place].count)])
      }
      let start = DispatchTime.now().uptimeNanoseconds
      let results: [[Generation]]
      do {
        results = try GenerationPool.generate(
          groups, weights: weights, options: settings.sampling, workers: settings.workers, rows: settings.rows
        ) { Interrupt.wasRequested }
      } catch is CancellationError {
        let rest = file == nil ? "" : "; the same command continues there"
        throw CommandFailure(
          code: .interrupted, description: "interrupted after \(next) of \(rows.count) responses\(rest)")
      }
      let lines = zip(places, results).map { place, result in
        ResponseLine.json(id: rows[place].id, result[0], policy, control: settings.control)
      }
      if let file {
        try file.add(lines)
      } else if input != nil || arguments.flag("--json") {
        for line in lines { console.out(line.text() + "\n") }
        console.flush()
      } else {
        for (place, result) in zip(places, results) {
          if rows.count > 1 { console.out("\(place == 0 ? "" : "\n")-- prompt \(place + 1)\n") }
          console.out(
            TerminalText.neutralised(policy.codec.template.opening + policy.codec.text(result[0].tokens)) + "\n")
        }
      }
      next = places.upperBound
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      size = max(4, min(4 * size, Int(10 * Double(places.count) / max(seconds, 1e-3))))
    }
    if let file { console.note("\(file.done) responses in \(arguments.string("--output") ?? "")") }
    return .success
  }
}
