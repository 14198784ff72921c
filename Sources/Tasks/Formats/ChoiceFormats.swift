import Foundation
import StrictJSON

/// Multiple choice: a question, lettered options, and the letter of the right one.
extension DataFormat {
  private static let letters = (0..<26).map { String(UnicodeScalar(UInt8(65 + $0))) }

  /// An item whose prompt lists the options, as the model has to see them.
  private func choice(
    _ source: String, id: String, question: String, options: [String], right: Int, domain: Domain = .science,
    fields: [(String, JSON)] = []
  ) throws(RowError) -> TaskItem {
    guard options.count >= 2, options.count <= 26 else {
      throw RowError("choices", found: "\(options.count) options", expected: "2 to 26 of them")
    }
    guard options.indices.contains(right) else {
      throw RowError("answer", found: "an option that is not there", expected: "one of the \(options.count) options")
    }
    let lettered = Array(zip(Self.letters, options))
    return TaskItem(
      id: "\(source)/\(id)", prompt: question + "\n" + lettered.map { "\($0)) \($1)" }.joined(separator: "\n"),
      domain: domain, verifier: "science", reference: .string(Self.letters[right]), source: source,
      fields: JSONObject([("choices", .object(JSONObject(lettered.map { ($0, .string($1)) })))] + fields))
  }

  /// Texts and labels given side by side; the labels become A, B, … whatever they were.
  private func labelled(
    _ row: Row, _ source: String, question: String, options: [String], labels: [String]
  ) throws(RowError) -> TaskItem {
    let key = try row.scalar("answerKey")
    guard labels.count == options.count else {
      throw RowError("choices", found: "\(labels.count) labels for \(options.count) texts", expected: "as many labels")
    }
    guard let right = labels.firstIndex(of: key) else {
      throw RowError("answerKey", found: "\"\(key)\"", expected: "one of the labels \(labels.joined(separator: ", "))")
    }
    let id = row.value("id") == nil ? String(row.line) : try row.scalar("id")
    return try choice(source, id: id, question: question, options: options, right: right)
  }

  func arcItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    try labelled(
      row, source, question: try row.text("question"), options: try row.texts("choices.text"),
      labels: try row.texts("choices.label"))
  }

  func commonsenseItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    guard let choices = row.value("question.choices")?.array else {
      throw RowError("question.choices", found: "nothing", expected: "a list of {\"label\", \"text\"}")
    }
    let options = choices.compactMap { $0["text"]?.string }
    let labels = choices.compactMap { $0["label"]?.string }
    return try labelled(row, source, question: try row.text("question.stem"), options: options, labels: labels)
  }

  func mmluItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let options = try row.texts("choices")
    let answer = try row.scalar("answer")
    guard let right = Int(answer) ?? Self.letters.firstIndex(of: answer) else {
      throw RowError("answer", found: "\"\(answer)\"", expected: "an index from 0 or a letter")
    }
    return try choice(
      source, id: String(row.line), question: try row.text("question"), options: options, right: right,
      fields: row.kept("type", "subject"))
  }

  func aquaItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    var options: [String] = []
    for (letter, option) in zip(Self.letters, try row.texts("options")) {
      guard option.hasPrefix(letter + ")") else {
        throw RowError(
          "options", found: "\"\(option.prefix(20))\"", expected: "an option that begins with \"\(letter))\"")
      }
      options.append(option.dropFirst(2).trimmed)
    }
    let key = try row.text("correct")
    guard let right = Self.letters.firstIndex(of: key) else {
      throw RowError("correct", found: "\"\(key)\"", expected: "a letter")
    }
    return try choice(
      source, id: String(row.line), question: try row.text("question"), options: options, right: right, domain: .math)
  }

  /// BIG-Bench Hard: choices where the target is `(B)`, otherwise a word, a number or a short sequence.
  func bbhItem(_ row: Row, _ source: String) throws(RowError) -> TaskItem {
    let input = try row.text("input")
    let target = try row.scalar("target").trimmed
    let task = row.value("task")?.string ?? "bbh"
    let fields: [(String, JSON)] = [("task", .string(task))]
    let id = "\(source)/\(task)/\(row.line)"
    if target.count == 3, target.hasPrefix("("), target.hasSuffix(")") {
      let options = try Self.bracketedOptions(in: input)
      let letter = String(target.dropFirst().prefix(1))
      guard options[letter] != nil else {
        throw RowError("target", found: target, expected: "one of the \(options.count) options in \"input\"")
      }
      // The science verifier reads the letters A to J; longer lists are compared as words.
      guard options.count <= 10 else {
        return TaskItem(
          id: id, prompt: input, domain: .general, verifier: "general", reference: .string(letter), source: source,
          fields: JSONObject([("match", "exact")] + fields))
      }
      return TaskItem(
        id: id, prompt: input, domain: .general, verifier: "science", reference: .string(letter), source: source,
        fields: JSONObject([("choices", .object(options))] + fields))
    }
    // The general verifier compares words; a target of brackets alone has none and is compared as it stands.
    guard target.contains(where: { $0.isLetter || $0.isNumber }) else {
      return TaskItem(
        id: id, prompt: input, domain: .general, verifier: "tool", reference: .string(target), source: source,
        fields: JSONObject(fields))
    }
    return TaskItem(
      id: id, prompt: input, domain: .general, verifier: "general", reference: .string(target), source: source,
      fields: JSONObject([("match", "exact")] + fields))
  }

  /// The lines `(A) text` after `Options:`.
  private static func bracketedOptions(in text: String) throws(RowError) -> JSONObject {
    guard let start = text.range(of: "Options:", options: .backwards) else {
      throw RowError("input", found: "no \"Options:\"", expected: "options for a lettered target")
    }
    var options = JSONObject()
    for line in text[start.upperBound...].split(separator: "\n") {
      let line = line.trimmed
      guard line.hasPrefix("("), line.dropFirst(2).hasPrefix(")") else { continue }
      options[String(line.dropFirst().prefix(1))] = .string(line.dropFirst(3).trimmed)
    }
    return options
  }
}
