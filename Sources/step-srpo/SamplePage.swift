import AutoThink
import Foundation
import RunStore
import StrictJSON

/// One stored response as text for people. Model text is neutralised: no escape sequence of it reaches the terminal.
struct SamplePage {
  let columns: Int
  let colour: Bool

  func text(_ rollout: StoredRollout) -> String {
    var lines = [rule(rollout)]
    lines += query(rollout)
    for segment in Self.segments(rollout["text"].string ?? "") {
      lines += field(segment.name, segment.text, colour: Self.colours[segment.name])
    }
    if let reason = rollout["invalid_reason"].string { lines += field("invalid", reason, colour: 31) }
    lines += verdict(rollout) + rewards(rollout)
    return lines.joined(separator: "\n") + "\n\n"
  }

  private static let colours = ["judge": 36, "gate": 35, "think": 33, "answer": 32]

  private func rule(_ rollout: StoredRollout) -> String {
    let mode = rollout["mode"].string.map { "think-\($0)" } ?? "no valid mode"
    var parts = [
      "-- \(rollout.id)", rollout["kind"].string ?? "", mode, "\(rollout["length"].int ?? 0) tokens",
    ]
    if rollout["truncated"].bool == true { parts.append("truncated") }
    let text = parts.joined(separator: "  ") + " "
    return text + String(repeating: "-", count: max(0, columns - text.count))
  }

  private func query(_ rollout: StoredRollout) -> [String] {
    var about = [rollout["query"].string, rollout["domain"].string].compactMap { $0 }
    if let difficulty = rollout["difficulty"].double { about.append("difficulty \(NumberText.short(difficulty))") }
    if let source = rollout["source"].string, !source.isEmpty { about.append(source) }
    let reference = rollout["reference"]
    return field("query", about.joined(separator: "  ")) + field("prompt", rollout["prompt"].string ?? "")
      + (reference.isNull ? [] : field("wanted", reference.string ?? reference.text()))
  }

  private func verdict(_ rollout: StoredRollout) -> [String] {
    guard let verdict = rollout["verdict"].string else {
      return field("verdict", "none: nothing was sent to a verifier")
    }
    var parts = ["\(rollout["verifier"].string ?? ""): \(verdict)"]
    if let score = rollout["score"].double { parts[0] += " " + JSON.double(score).text() }
    if let failure = rollout["failure"].string { parts[0] += " (\(failure))" }
    if let extracted = rollout["extracted"].string { parts.append("read \"\(extracted)\"") }
    if let outcome = rollout["verdict_outcome"].string { parts.append(outcome) }
    if let reason = rollout["reason"].string { parts.append(reason) }
    return field("verdict", parts.joined(separator: ", ")) + audit(rollout)
  }

  private func audit(_ rollout: StoredRollout) -> [String] {
    guard let reason = rollout["audit_reason"].string else { return [] }
    let score = rollout["audit_score"].double.map { "score \(JSON.double($0).text())" } ?? "no score"
    return field("audit", "\(score), \(reason)")
  }

  private func rewards(_ rollout: StoredRollout) -> [String] {
    func numbers(_ names: [(String, String)], signed: Bool = false) -> String {
      names.map { label, column in
        let value = rollout[column].double.map { (signed && $0 > 0 ? "+" : "") + NumberText.fixed($0, 4) } ?? "-"
        return "\(label) \(value)"
      }.joined(separator: "  ")
    }
    let group = numbers([
      ("p_on", "accuracy_on"), ("p_off", "accuracy_off"), ("delta", "delta"),
      ("think-on probability", "think_on_probability"),
    ])
    let right = rollout["right_mode"].string.map { "think-\($0)" } ?? "none"
    let gradient = rollout["contributes"].bool == true ? "" : "  no gradient"
    return field("reward", numbers([("outcome", "outcome"), ("judge", "judge_reward"), ("answer", "answer_reward")]))
      + field(
        "advantage",
        numbers(
          [("judge", "judge_advantage"), ("gate", "gate_advantage"), ("answer", "answer_advantage")], signed: true))
      + field("group", "right mode \(right)  \(group)\(gradient)")
  }

  /// A label and text beside it, wrapped, following lines indented.
  private func field(_ name: String, _ text: String, colour code: Int? = nil) -> [String] {
    let room = max(20, columns - 11)
    let safe = TerminalText.neutralised(text).replacing("\t", with: "    ")
    var lines: [String] = []
    for paragraph in safe.split(separator: "\n", omittingEmptySubsequences: false) {
      var rest = paragraph
      repeat {
        let line = Self.beginning(of: rest, columns: room)
        lines.append(line.last == " " ? String(line.dropLast()) : String(line))
        rest = rest.dropFirst(line.count)
        if rest.first == " " { rest = rest.dropFirst() }
      } while !rest.isEmpty
    }
    return lines.enumerated().map { index, line in
      let label = TerminalText.padded(index == 0 ? name : "", to: 11)
      guard colour, let code, !line.isEmpty else { return label + line }
      return "\(label)\u{1B}[\(code)m\(line)\u{1B}[0m"
    }
  }

  /// As much as fits, up to a space where there is one.
  private static func beginning(of text: Substring, columns: Int) -> Substring {
    var used = 0
    var end = text.startIndex
    var lastSpace: Substring.Index?
    while end < text.endIndex {
      let width = TerminalText.width(String(text[end]))
      if used + width > columns { return text[..<(lastSpace ?? end)] }
      if text[end] == " ", end > text.startIndex { lastSpace = end }
      used += width
      end = text.index(after: end)
    }
    return text
  }

  /// The response cut at its tags, whether its structure is valid or not; the tags themselves stay visible.
  static func segments(_ text: String) -> [(name: String, text: String)] {
    let names: [Tag: String] = [
      .judgeOpen: "judge", .thinkOn: "gate", .thinkOff: "gate", .thinkOpen: "think", .answerOpen: "answer",
    ]
    var starts: [(String.Index, String)] = []
    for (tag, name) in names {
      var from = text.startIndex
      while let found = text.range(of: tag.rawValue, range: from..<text.endIndex) {
        starts.append((found.lowerBound, name))
        from = found.upperBound
      }
    }
    starts.sort { $0.0 < $1.0 }
    if starts.first?.0 != text.startIndex {
      // A prefilled <judge> belongs to the prompt: such a response begins inside it.
      let head = text[..<(starts.first?.0 ?? text.endIndex)]
      starts.insert((text.startIndex, head.contains(Tag.judgeClose.rawValue) ? "judge" : "text"), at: 0)
    }
    return starts.enumerated().compactMap { index, start in
      let end = index + 1 < starts.count ? starts[index + 1].0 : text.endIndex
      let piece = text[start.0..<end].trimmingCharacters(in: .newlines)
      return piece.isEmpty && starts.count > 1 ? nil : (start.1, piece)
    }
  }
}
