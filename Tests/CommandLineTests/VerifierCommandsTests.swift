import Foundation
import StrictJSON
import Testing

/// `verifiers new`, `check`, `train`, and plug-ins in `verify`, `run` and `eval`, as a user meets them.
@Suite struct VerifierCommandsTests {
  let root: String

  init() throws {
    root = NSTemporaryDirectory() + "step-srpo-verifiers-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  private func write(_ text: String, _ file: String) throws -> String {
    let path = root + "/" + file
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// A plug-in outside any sandbox, so that the test passes on every machine: 1 for the reference, else 0. After
  /// `sane` requests it does what the variable ODD says.
  private func plugin(_ name: String = "odd", sane: Int = 1_000_000, more: String = "") throws {
    _ = try write(
      """
      import json, os, sys, time
      print(json.dumps({"v": 1, "ready": True, "name": "\(name)"}), flush=True)
      # Restarts count as requests too: once it has gone bad it stays so.
      count = \(sane) if os.path.exists("gone-bad") else 0
      for line in sys.stdin:
          r = json.loads(line)
          count += 1
          reply = {"id": r["id"], "score": int(r["response"].strip() == str(r["gold"])), "extracted": r["response"]}
          odd = os.environ.get("ODD") if count > \(sane) else None
          if odd: open("gone-bad", "w").close()
          if odd == "die": os._exit(3)
          if odd == "hang": time.sleep(60)
          if odd == "garbage": print("no json"); sys.stdout.flush(); continue
          if odd == "range": reply["score"] = 7
          if odd == "id": reply["id"] = "none"
          print(json.dumps(reply), flush=True)
      """, "verifiers/\(name)/verifier.py")
    _ = try write(
      """
      {
        "name": "\(name)", "command": ["python3", "-s", "verifier.py"], "sandbox": false, "deterministic": false,
        "environment": ["ODD"], "timeout_s": 0.5, "restarts": 2, "description": "equal to the reference", \(more)
      }
      """, "verifiers/\(name)/verifier.json")
  }

  @Test func aNewPluginIsListedAndJudges() throws {
    let made = try ProgramRunner.run(["verifiers", "new", "shout", "--language", "sh"], folder: root)
    #expect(made.code == 0 && made.out.contains("verifiers/shout/verifier.json"), "\(made.error)")
    #expect(made.error.contains("verifiers check shout"))
    let again = try ProgramRunner.run(["verifiers", "new", "shout"], folder: root)
    #expect(again.code == 2 && again.error.contains("exists already"))
    let taken = try ProgramRunner.run(["verifiers", "new", "math"], folder: root)
    #expect(taken.code == 2 && taken.error.contains("built in"))
    let list = try ProgramRunner.run(["verifiers", "list"], folder: root)
    #expect(list.lines.contains { $0.contains("shout") && $0.contains("plug-in") }, "\(list.out)")
    #expect(list.lines.contains { $0.contains("math") && $0.contains("built in") })
    // Outside the sandbox it judges on every machine.
    let manifest = root + "/verifiers/shout/verifier.json"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    try text.replacing("\"sandbox\": true", with: "\"sandbox\": false").write(
      toFile: manifest, atomically: true, encoding: .utf8)
    let rows = """
      {"id": 1, "prediction": "PARIS", "reference": "Paris"}
      {"id": 2, "prediction": "Rome", "reference": "Paris"}
      {"id": 3, "prediction": "Rome"}
      """
    let verdicts = try ProgramRunner.run(["verify", "shout"], input: rows, folder: root)
    let answers = try verdicts.lines.map { try JSON.parse(String($0)) }
    #expect(answers.map { $0["score"] ?? "?" } == [1, 0, .null], "\(verdicts.out) \(verdicts.error)")
    #expect(answers.map { $0["verdict"]?.string } == ["score", "score", "abstain"])
    let wrong = try ProgramRunner.run(["verify", "shuot"], folder: root)
    #expect(wrong.code == 2 && wrong.error.contains("did you mean \"shout\""))
  }

  @Test func aBrokenPluginIsNamedAndDisturbsNobody() throws {
    _ = try write("{\"name\": \"bad\", \"command\": [\"true\"], \"timout_s\": 1}", "verifiers/bad/verifier.json")
    _ = try write("{\"name\": \"other\", \"command\": [\"true\"]}", "verifiers/misnamed/verifier.json")
    _ = try write("{\"name\": \"math\", \"command\": [\"true\"]}", "verifiers/math/verifier.json")
    let list = try ProgramRunner.run(["verifiers", "list"], folder: root)
    #expect(list.code == 0 && list.error.contains("did you mean \"timeout_s\"") && list.error.contains("misnamed"))
    let good = try ProgramRunner.run(
      ["verify", "math"], input: "{\"prediction\": \"2\", \"reference\": \"2\"}", folder: root)
    #expect(good.code == 0 && good.out.contains("\"score\":1"))
    let bad = try ProgramRunner.run(["verify", "bad"], folder: root)
    #expect(bad.code == 2 && bad.error.contains("timout_s"))
    let check = try ProgramRunner.run(["verifiers", "check", "bad"], folder: root)
    #expect(check.code == 1 && check.out.contains("timout_s"))
    let absent = try ProgramRunner.run(["verify", "math", "--plugins", "nowhere"], folder: root)
    #expect(absent.code == 2 && absent.error.contains("nowhere"))
  }

  @Test func builtInVerifiersPassTheirCheck() throws {
    for name in ["math", "science", "general"] {
      let check = try ProgramRunner.run(["verifiers", "check", name], folder: root)
      #expect(check.code == 0 && check.out.contains("ready"), "\(check.out) \(check.error)")
    }
  }

  @Test func weightedListsAndRowsOwnVerifiers() throws {
    try plugin()
    let rows = """
      {"id": 1, "prediction": "7", "reference": "7", "verifier": ["math", {"name": "odd", "weight": 3}]}
      {"id": 2, "prediction": "14/2", "reference": "7", "verifier": ["math", {"name": "odd", "weight": 3}]}
      {"id": 3, "prediction": "14/2", "reference": "7", "verifier": ["math", {"name": "odd", "weight": 0}]}
      {"id": 4, "prediction": "14/2", "reference": "7", "verifier": "odd"}
      {"id": 5, "prediction": "14/2", "reference": "7", "verifier": ["math", {"name": "odd", "wieght": 0}]}
      {"id": 6, "prediction": "14/2", "reference": "7", "verifier": "none"}
      {"id": 7, "prediction": "14/2", "reference": "7"}
      """
    let run = try ProgramRunner.run(["verify", "row"], input: rows, folder: root)
    let answers = try run.lines.map { try JSON.parse(String($0)) }
    #expect(run.code == 0 && answers.map { $0["id"]?.int } == Array(1...7))
    #expect(answers.map { $0["score"] ?? "?" } == [1, 0.25, 1, 0, .null, .null, .null], "\(run.out)")
    #expect(answers[4]["reason"]?.string?.contains("weight") == true)
    let one = try ProgramRunner.run(
      ["verify", "[\"math\", {\"name\": \"odd\", \"weight\": 1}]"], input: String(rows.split(separator: "\n")[1]),
      folder: root)
    #expect(one.out.contains("\"score\":0.5"), "\(one.out) \(one.error)")
  }

  @Test func misbehaviourInVerifyIsFailed() throws {
    try plugin(sane: 0)
    for (odd, kind) in [
      ("die", "crashed"), ("hang", "timeout"), ("garbage", "bad_reply"), ("range", "bad_reply"), ("id", "bad_reply"),
    ] {
      setenv("ODD", odd, 1)
      defer { unsetenv("ODD") }
      let run = try ProgramRunner.run(
        ["verify", "odd"], input: "{\"id\": 1, \"prediction\": \"7\", \"reference\": \"7\"}", folder: root)
      let answer = try JSON.parse(run.out)
      #expect(run.code == 0 && answer["verdict"] == "failed" && answer["score"] == .null)
      #expect(answer["outcome"]?.string == kind, "\(odd): \(run.out)")
    }
  }

  @Test func checkUsesTheRowsOfTheInput() throws {
    let good = try ProgramRunner.run(
      ["verify", "science", "--check"],
      input: "{\"id\": \"q\", \"prediction\": \"\", \"reference\": 1, \"choices\": [\"x\", \"y\"]}", folder: root)
    #expect(good.code == 0 && good.out.contains("1 rows"), "\(good.out)")
    let bad = try ProgramRunner.run(
      ["verify", "science", "--check"],
      input: "{\"id\": \"q9\", \"prediction\": \"\", \"reference\": \"Z\", \"choices\": [\"x\", \"y\"]}", folder: root)
    #expect(bad.code == 1 && bad.out.contains("row q9"), "\(bad.out)")
  }

  @Test func aClassifierIsTrainedAndUsed() throws {
    var rows = ""
    for i in 0..<40 {
      rows += "{\"text\": \"thank you kindly, friend number \(i)\", \"label\": true}\n"
      rows += "{\"text\": \"go away you fool number \(i)\", \"label\": 0}\n"
    }
    let path = try write(rows, "rows.jsonl")
    let train = try ProgramRunner.run(["verifiers", "train", path, "--output", root + "/c.json"], folder: root)
    let report = try JSON.parse(train.out)
    #expect(train.code == 0 && report["held_out"]?.int == 16 && report["accuracy"]?.double == 1, "\(train.out)")
    let first = FileManager.default.contents(atPath: root + "/c.json")
    _ = try ProgramRunner.run(["verifiers", "train", path, "--output", root + "/d.json"], folder: root)
    #expect(first == FileManager.default.contents(atPath: root + "/d.json"))
    let lines = """
      {"prediction": "thank you, friend", "match": "classifier"}
      {"prediction": "you fool", "match": "classifier"}
      """
    let verdicts = try ProgramRunner.run(
      ["verify", "general", "--classifier", root + "/c.json"], input: lines, folder: root)
    let answers = try verdicts.lines.map { try JSON.parse(String($0)) }
    #expect(answers.map { $0["score"] ?? "?" } == [1, 0], "\(verdicts.out)")
    let without = try ProgramRunner.run(["verify", "general"], input: lines, folder: root)
    #expect(without.out.contains("no classifier file was given"))
    let bad = try write("{\"text\": \"x\", \"label\": true}\n{\"text\": \"x\", \"label\": 2}\n", "bad.jsonl")
    let refused = try ProgramRunner.run(["verifiers", "train", bad, "--output", root + "/e.json"], folder: root)
    #expect(refused.code == 2 && refused.error.contains("bad.jsonl:2"), "\(refused.error)")
  }
}
