import StrictJSON

/// The tests of a code row.
enum CodeTests: Sendable, Equatable {
  /// Statements that each raise when the solution is wrong (MBPP); `setup` runs once before them.
  case asserts(setup: String, asserts: [String], entryPoint: String)
  /// A programme that defines `check(candidate)` (HumanEval); `prelude` is the code the prompt began with.
  case check(prelude: String, program: String, entryPoint: String)
  /// Calls and the values they must return.
  case call(entryPoint: String, cases: [Call])
  /// Whole programmes: what they read and what they must print.
  case stdio(cases: [Stream])

  /// One call: positional arguments, named arguments, the expected value.
  struct Call: Sendable, Equatable {
    var arguments: [JSON]
    var named: JSONObject
    var expected: JSON
  }

  /// One run of a programme.
  struct Stream: Sendable, Equatable {
    var input: String
    var output: String
  }

  /// Reads the `tests` column.
  /// - Throws: `VerifierFailure` (`badReference`) naming the key, what was found and what was expected.
  init(_ column: JSON?, fields: JSONObject) throws {
    guard var tests = column, !tests.isNull else {
      throw VerifierFailure(.badReference, #""tests" is missing: a code row needs {"kind": …}"#)
    }
    // Some published rows keep their tests as a JSON text inside the JSON.
    if let text = tests.string, let inner = try? JSON.parse(text) { tests = inner }
    guard tests.object != nil else {
      throw VerifierFailure(.badReference, #""tests" is \#(tests.kind), expected an object with "kind""#)
    }
    if let parallel = try Self.parallelLists(tests, fields: fields) {
      self = parallel
      return
    }
    let kinds = ["asserts", "check", "call", "stdio"]
    guard let kind = tests["kind"]?.string, kinds.contains(kind) else {
      let found = tests["kind"]?.string ?? tests["kind"]?.kind ?? "nothing"
      let hint = nearestName(to: found, in: kinds).map { "; did you mean \"\($0)\"?" } ?? ""
      throw VerifierFailure(
        .badReference, #""tests.kind" is \#(found), expected one of \#(kinds.joined(separator: ", "))\#(hint)"#)
    }
    let entryPoint = try Self.text(tests, "entry_point") ?? fields["entry_point"]?.string ?? ""
    switch kind {
    case "asserts":
      let asserts = try Self.list(tests, "asserts").map { value in
        guard let text = value.string else {
          throw VerifierFailure(.badReference, #""tests.asserts" holds \#(value.kind), expected strings"#)
        }
        return text
      }
      self = .asserts(setup: try Self.text(tests, "setup") ?? "", asserts: asserts, entryPoint: entryPoint)
    case "check":
      guard let program = try Self.text(tests, "program") else {
        throw VerifierFailure(.badReference, #""tests.program" is missing, expected the text of check(candidate)"#)
      }
      guard !entryPoint.isEmpty else {
        throw VerifierFailure(.badReference, #""tests.entry_point" is missing, expected the function's name"#)
      }
      self = .check(prelude: try Self.text(tests, "prelude") ?? "", program: program, entryPoint: entryPoint)
    case "call":
      guard !entryPoint.isEmpty else {
        throw VerifierFailure(.badReference, #""tests.entry_point" is missing, expected the function's name"#)
      }
      self = .call(entryPoint: entryPoint, cases: try Self.list(tests, "cases").map(Self.call))
    default:
      self = .stdio(cases: try Self.list(tests, "cases").map(Self.stream))
    }
  }

  /// The form of APPS, LiveCodeBench and verl's rows: `{"inputs": […], "outputs": […], "fn_name"}`, mostly as a JSON text
  /// under `input_output`. Nil when it is not that form.
  private static func parallelLists(_ tests: JSON, fields: JSONObject) throws -> CodeTests? {
    var lists = tests
    if let inner = tests["input_output"] { lists = inner.string.flatMap { try? JSON.parse($0) } ?? inner }
    guard tests["kind"] == nil, let inputs = lists["inputs"]?.array, let outputs = lists["outputs"]?.array else {
      return nil
    }
    guard inputs.count == outputs.count, !inputs.isEmpty else {
      throw VerifierFailure(
        .badReference, #""tests" has \#(inputs.count) inputs and \#(outputs.count) outputs, expected as many of both"#)
    }
    let pairs = zip(inputs, outputs)
    guard let name = lists["fn_name"]?.string ?? fields["entry_point"]?.string else {
      return .stdio(cases: try pairs.map { try stream(["stdin": $0, "stdout": $1]) })
    }
    return .call(
      entryPoint: name,
      cases: try pairs.map { input, output in
        Call(arguments: try arguments(input), named: JSONObject(), expected: try value(output))
      })
  }

  /// The arguments of one call: a list, or a text with one JSON value a line.
  private static func arguments(_ input: JSON) throws -> [JSON] {
    if let list = input.array { return list }
    guard let text = input.string else { return [input] }
    return try text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }.map {
      try value(.string(String($0)))
    }
  }

  /// An expected value: as it is, or the JSON value that a text holds.
  private static func value(_ output: JSON) throws -> JSON {
    guard let text = output.string else { return output }
    do { return try JSON.parse(text) } catch {
      throw VerifierFailure(
        .badReference, #""tests": \#(JSON.string(String(text.prefix(60))).text()) is no JSON value"#)
    }
  }

  private static func call(_ value: JSON) throws -> Call {
    guard let object = value.object, let expected = object["expected"] ?? object["output"] else {
      throw VerifierFailure(.badReference, #"a case of "tests.cases" lacks "expected""#)
    }
    let given = object["args"] ?? object["input"] ?? .array([])
    switch given {
    case .array(let arguments):
      return Call(arguments: arguments, named: object["kwargs"]?.object ?? JSONObject(), expected: expected)
    case .object(let named): return Call(arguments: [], named: named, expected: expected)
    default: throw VerifierFailure(.badReference, #""args" is \#(given.kind), expected an array"#)
    }
  }

  private static func stream(_ value: JSON) throws -> Stream {
    // {"stdin", "stdout"} or, as some sets write it, {"input": …, "output": …} with texts or {"stdin"} objects inside.
    func text(_ keys: [String]) -> String? {
      for key in keys {
        guard let found = value[key] else { continue }
        if let text = found.string { return text }
        if let text = found["stdin"]?.string ?? found["stdout"]?.string { return text }
        if let lines = found.array { return lines.map { $0.string ?? $0.text() }.joined(separator: "\n") }
      }
      return nil
    }
    guard let output = text(["stdout", "output"]) else {
      throw VerifierFailure(.badReference, #"a case of "tests.cases" lacks "stdout""#)
    }
    return Stream(input: text(["stdin", "input"]) ?? "", output: output)
  }

  private static func text(_ tests: JSON, _ key: String) throws -> String? {
    guard let value = tests[key], !value.isNull else { return nil }
    guard let text = value.string else {
      throw VerifierFailure(.badReference, #""tests.\#(key)" is \#(value.kind), expected a string"#)
    }
    return text
  }

  private static func list(_ tests: JSON, _ key: String) throws -> [JSON] {
    guard let values = tests[key]?.array, !values.isEmpty else {
      let found = tests[key]?.array.map { _ in "empty" } ?? tests[key]?.kind ?? "missing"
      throw VerifierFailure(.badReference, #""tests.\#(key)" is \#(found), expected a list with at least one element"#)
    }
    return values
  }
}
