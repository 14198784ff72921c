import Foundation
import StrictJSON
import Verifiers

/// `step-srpo verifiers train`: the general verifier's small classifier from labelled rows.
enum VerifiersTrainCommand: Command {
  static let description = CommandDescription(
    name: "verifiers train", summary: "Train the general verifier's small text classifier from labelled rows.",
    positionals: [.init(name: "ROWS", help: "JSON lines with \"text\" and \"label\" (true or false, 1 or 0)")],
    options: [
      .value("--output", "FILE", "where the classifier goes (default: classifier.json)"),
      .value("--bits", "N", "logarithm of the number of weights (default: 14)"),
      .value("--epochs", "N", "passes over the rows (default: 12)"),
      .value("--threshold", "P", "the probability from which on an answer is accepted (default: 0.5)"),
      .value("--held-out", "N", "measure on every Nth row instead of training on it (default: 5; 0 trains on all)"),
    ],
    notes: """
      Words, pairs of words and letter trigrams are hashed into weights of a logistic regression; the same
      rows always give the same file. A row may say "response" or "prediction" instead of "text". Rows of
      a data set use it with "verifier": "general", "match": "classifier", a run with the key
      verification.classifier, `verify` and `eval` with --classifier FILE.
      """)

  static func run(_ arguments: ParsedArguments, _ console: Console) throws -> ExitCode {
    let path = arguments.positionals[0]
    let bits = try arguments.int("--bits", in: 8...20) ?? 14
    let epochs = try arguments.int("--epochs", in: 1...1000) ?? 12
    let threshold = try arguments.double("--threshold") ?? 0.5
    guard threshold > 0, threshold < 1 else {
      throw arguments.usage("--threshold: found \(threshold), expected a number over 0 and under 1")
    }
    let every = try arguments.int("--held-out", in: 0...1_000_000) ?? 5
    guard every != 1 else {
      throw arguments.usage("--held-out: found 1, which leaves nothing to train on; expected 0 or 2 and more")
    }
    let output = arguments.string("--output") ?? "classifier.json"
    do {
      let examples = try NGramClassifier.examples(of: URL(fileURLWithPath: path))
      // Both labels are spread over both parts, however the file is sorted.
      let places = examples.indices.sorted {
        (examples[$0].isPositive ? 1 : 0, $0) < (examples[$1].isPositive ? 1 : 0, $1)
      }
      let held = Set(every == 0 ? [] : places.enumerated().filter { $0.offset % every == every - 1 }.map(\.element))
      var classifier = try NGramClassifier.train(
        on: examples.indices.filter { !held.contains($0) }.map { examples[$0] }, bits: bits, epochs: epochs)
      classifier.threshold = threshold
      try classifier.write(to: URL(fileURLWithPath: output))
      console.note("trained on \(examples.count - held.count) rows; the classifier is in \(output)")
      let measured = held.isEmpty ? nil : classifier.confusion(on: held.sorted().map { examples[$0] })
      console.out(report(examples.count - held.count, measured, output).text() + "\n")
    } catch let failure as VerifierFailure {
      throw CommandFailure(code: .usage, description: failure.message)
    }
    return .success
  }

  /// One line of JSON: the held-out figures are absent where nothing was held out.
  private static func report(_ trained: Int, _ measured: NGramClassifier.Confusion?, _ output: String) -> JSON {
    var object = JSONObject([("file", .string(output)), ("trained_on", .int(trained))])
    if let measured {
      object["held_out"] = .int(measured.count)
      object["accuracy"] = measured.accuracy.map { .double($0) }
      object["false_accepts"] = .int(measured.falseAccepts)
      object["false_rejects"] = .int(measured.falseRejects)
    }
    return .object(object)
  }
}
