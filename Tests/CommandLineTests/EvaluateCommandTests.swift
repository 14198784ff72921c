import Foundation
import RunStore
import StrictJSON
import Testing

/// `eval` as a user meets it.
@Suite struct EvaluateCommandTests {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "step-srpo-eval-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let rows = (0..<10).map { place in
      let prompt = place % 2 == 0 ? "a?" : "b?"
      return #"{"id": "r\#(place)", "prompt": "\#(prompt)", "domain": "general", "verifier": "tool", "#
        + #""reference": "\#(place % 2 == 0 ? "one" : "two")", "difficulty": 0.\#(place % 2 == 0 ? 1 : 9)}"# + "\n"
    }
    try Data(rows.joined().utf8).write(to: URL(fileURLWithPath: data))
  }

  private var data: String { root + "/rows.jsonl" }
  private let checkpoint = TinyCheckpoint.folder

  private func eval(_ words: String...) throws -> ProgramRunner.Result {
    try ProgramRunner.run(["eval", checkpoint, "--data", data] + words)
  }

  /// All but the time it took.
  private func numbers(_ text: String) throws -> JSONObject {
    var set = try #require(try JSON.parse(text)["datasets"]?["rows"]?.object)
    set["seconds"] = nil
    return set
  }

  @Test func theBlueprintsObject() throws {
    let result = try eval("--json", "--no-store")
    #expect(result.code == 0, "\(result.error)")
    let set = try numbers(result.out)
    #expect(set["n"]?.int == 10 && set["accuracy"]?.double == 1 && set["think_on_rate"]?.double == 0.5)
    #expect(set["invalid_rate"]?.double == 0 && set["truncated_rate"]?.double == 0)
    // judge, </judge>, gate, <answer>, answer, </answer>, end; with <think> so </think> between.
    #expect(set["mean_length_off"]?.double == 12 && set["mean_length_on"]?.double == 16)
    #expect(set["mean_length"]?.double == 14)
    let levels = try #require(set["by_difficulty"]?.object)
    #expect(levels.keys == ["0.1-0.2", "0.9-1.0"])
    #expect(levels["0.1-0.2"]?["n"]?.int == 5 && levels["0.1-0.2"]?["think_on_rate"]?.double == 0)
    #expect(set["accuracy_interval"]?["method"]?.string == "wilson")
  }

  @Test func whatIsDoneIsNotDoneAgainAndTheResultIsTheSame() throws {
    let store = root + "/e.sqlite"
    let words = ["--json", "--store", store, "--temperature", "1", "--samples", "4"]
    let whole = try ProgramRunner.run(["eval", checkpoint, "--data", data] + words)
    #expect(whole.code == 0, "\(whole.error)")
    let set = try numbers(whole.out)
    #expect(set["pass@4"] != nil && set["maj@2"] != nil)
    do {
      let database = try SQLiteDatabase(path: store, access: .write)
      #expect(try database.rows("SELECT count(*) FROM samples").first?[0].int == 40)
      try database.run("DELETE FROM samples WHERE item IN (3, 4, 9)")
    }
    let again = try ProgramRunner.run(["eval", checkpoint, "--data", data, "--threads", "1"] + words)
    #expect(again.error.contains("7 of 10 items are done already"))
    #expect(try numbers(again.out) == set)
    let fresh = try ProgramRunner.run(["eval", checkpoint, "--data", data, "--fresh"] + words)
    #expect(try numbers(fresh.out) == set && !fresh.error.contains("done already"))
  }

  @Test func conversationsAreHeldLive() throws {
    let words = ["eval", checkpoint, "--data", "tools-live", "--items-per-cell", "4", "--no-store"]
    let json = try ProgramRunner.run(words + ["--json"])
    #expect(json.code == 0, "\(json.error)")
    let set = try #require(try JSON.parse(json.out)["datasets"]?["tools-live"])
    #expect(set["n"]?.int == 4 && set["accuracy"]?.double == 0, "it knows two words, neither of them the store's")
    let turns = try #require(set["conversations"]?["turns"]?.int)
    let ends = try #require(set["conversations"]?["ends"]?.object)
    #expect(turns >= 4 && ends.pairs.reduce(0) { $0 + ($1.1.int ?? 0) } == 4)
    #expect(set["conversations"]?["by_turn"]?["1 call set"]?["accuracy"]?.double == 0)
    let text = try ProgramRunner.run(words)
    #expect(text.out.contains("tools-live: \(turns) turns in conversations held live"), "\(text.out)")
  }

  @Test func theProbeForcesBothModes() throws {
    let result = try eval("--mode", "probe", "--json", "--no-store")
    #expect(result.code == 0, "\(result.error)")
    let probe = try #require(try numbers(result.out)["probe"])
    #expect(probe["n"]?.int == 10)
    let cells = ["both_right", "only_on_right", "only_off_right", "neither_right"].compactMap { probe[$0]?.int }
    #expect(cells.reduce(0, +) == 10)
    #expect(probe["accuracy_chosen"]?.double == 1 && probe["regret"]?.double == 0)
    #expect(probe["threshold_curve"]?.array?.count == 15)
    let text = try eval("--mode", "probe", "--no-store").out
    for words in ["off right", "always think", "judge accuracy", "threshold"] { #expect(text.contains(words)) }
  }

  @Test func modesThresholdsAndBudgetsAreControls() throws {
    for (words, rate) in [
      (["--mode", "on"], 1.0), (["--mode", "off"], 0), (["--threshold", "0"], 1), (["--threshold", "1"], 0),
      (["--threshold", "0.5"], 0.5),
    ] {
      // Answers of a mode that was not taught may be anything; the gate may not.
      let result = try ProgramRunner.run(["eval", checkpoint, "--data", data, "--no-store", "--json"] + words)
      let set = try numbers(result.out)
      if let found = set["think_on_rate"]?.double { #expect(found == rate, "\(words)") }
    }
    let budget = try eval("--budget", "40", "--mode", "on", "--json", "--no-store")
    #expect(try numbers(budget.out)["truncated_rate"]?.double == 0)
    let latency = try eval("--latency", "60", "--limit", "2", "--json", "--no-store")
    #expect(latency.code == 0 && latency.error.contains("tokens/s measured"), "\(latency.error)")
  }

  @Test func severalCheckpointsAndABaseline() throws {
    let other = root + "/other"
    try FileManager.default.copyItem(atPath: checkpoint, toPath: other)
    let both = try ProgramRunner.run([
      "eval", checkpoint, other, "--data", data, "primer", "--domain", "math", "--items-per-cell", "1", "--no-store",
      "--max-new-tokens", "40",
    ])
    #expect(both.code == 0, "\(both.error)")
    for words in ["Figure 7", "Figure 8", "rows", "primer", "other"] { #expect(both.out.contains(words)) }
    let json = try ProgramRunner.run([
      "eval", checkpoint, other, "--data", data, "--no-store", "--json", "--baseline", other,
    ])
    let checkpoints = try #require(try JSON.parse(json.out)["checkpoints"]?.array)
    #expect(checkpoints.map { $0["checkpoint"]?.string } == [checkpoint, other])
    for entry in checkpoints {
      let against = entry["datasets"]?["rows"]?["against"]
      #expect(against?["accuracy_difference"]?.double == 0 && against?["tokens_saved"]?.double == 0)
    }
    let figure = try eval("--baseline", "on", "--no-store")
    #expect(figure.code == 0 && figure.out.contains("against always thinking (Figure 9)"), "\(figure.error)")
  }

  @Test func longPromptsAreLeftOutAndSaidSo() throws {
    let path = root + "/long.jsonl"
    let row = { (id: String, prompt: String) in
      "{\"id\": \"\(id)\", \"prompt\": \"\(prompt)\", \"domain\": \"math\", \"reference\": \"1\"}\n"
    }
    try Data((row("a", "a?") + row("b", String(repeating: "x", count: 200))).utf8)
      .write(to: URL(fileURLWithPath: path))
    let result = try ProgramRunner.run(["eval", checkpoint, "--data", path, "--no-store", "--json"])
    #expect(result.code == 0 && result.error.contains("1 of 2 prompts leave no room"), "\(result.error)")
    let set = try JSON.parse(result.out)["datasets"]?["long"]
    #expect(set?["n"]?.int == 1 && set?["too_long"]?.int == 1)
  }

  @Test(arguments: [
    (["--samples", "4"], "needs --temperature above 0"), (["--threshold", "2"], "expected a probability"),
    (["--threshold", "0.5", "--mode", "on"], "give one of them"), (["--budget", "3"], "expected a whole number"),
    (["--budget", "40", "--latency", "1"], "give one of them"), (["--latency", "0"], "positive number"),
    (["--mode", "prob"], "did you mean \"probe\"?"), (["--format", "gsm8"], "did you mean \"gsm8k\"?"),
    (["--format", "math", "--columns", "prompt=q"], "give one of them"), (["--top-p", "0"], "1e-6 to 1"),
    (["--mode", "probe", "--baseline", "on"], "leave --baseline out"),
    (["--temperature", "-1"], "0, or a number from 0.001 to 100"),
  ]) func mistakes(_ words: [String], _ message: String) throws {
    let result = try ProgramRunner.run(["eval", checkpoint, "--data", data, "--no-store"] + words)
    #expect(result.code == 2 && result.out.isEmpty && result.error.contains(message), "\(result.error)")
  }

  @Test func missingThingsAreNamed() throws {
    let folder = try ProgramRunner.run(["eval", root + "/nowhere", "--data", data])
    #expect(folder.code == 2 && folder.error.contains("nowhere: no such folder"))
    let file = try ProgramRunner.run(["eval", checkpoint, "--data", root + "/no.jsonl"])
    #expect(file.code == 2 && file.error.contains("no such file"))
    let store = try eval("--store", root + "/no/folder/e.sqlite")
    #expect(store.code == 2 && store.error.contains("--no-store"), "\(store.error)")
    let baseline = try eval("--baseline", root + "/nowhere", "--no-store")
    #expect(baseline.code == 2 && baseline.error.contains("nowhere: no such folder"))
  }
}
