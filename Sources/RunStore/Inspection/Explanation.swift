import StepSRPO
import StrictJSON

/// The arithmetic of one rollout as text or JSON, with the check that it adds up.
public struct Explanation {
  /// The rollout's name.
  public let id: String
  /// All lines in order.
  public let lines: [ArithmeticLine]
  /// How many numbers of the whole group the trainer's own credit rule gives again.
  public let groupAgreement: (same: Int, of: Int)
  private let about: String

  /// The explanation of a rollout of a step.
  ///
  /// - Parameters:
  ///   - groups: all groups of the step.
  ///   - group: the rollout's group, in bounds.
  ///   - sample: the rollout's place in it, in bounds.
  ///   - loss: the step's loss as recorded.
  public init(
    id: String, _ configuration: RunConfiguration, _ groups: [GroupRecord], group: Int, sample: Int, loss: Double?
  ) {
    let record = groups[group]
    let rollout = record.rollouts[sample]
    let arithmetic = CreditArithmetic(configuration, record, sample: sample)
    let update = LossArithmetic(configuration, groups, loss: loss)
    self.id = id
    lines = (arithmetic?.lines ?? []) + update.lines(of: rollout)
    groupAgreement = arithmetic?.agreement ?? (0, 0)
    let free = record.rollouts.count { $0.kind == .free }
    about =
      "group of \(record.rollouts.count): \(free) free, \(record.rollouts.count - free) probes; algorithm "
      + configuration.algorithm.preset.rawValue
  }

  /// Numbers that were stored and computed again, and how many of them are the same.
  public var agreement: (same: Int, of: Int) {
    let checked = lines.compactMap(\.agrees)
    return (checked.count { $0 }, checked.count)
  }

  /// Whether every recomputed number is the stored one.
  public var addsUp: Bool { agreement.same == agreement.of && groupAgreement.same == groupAgreement.of }

  /// One number a line, wrapped at `columns`; `=` marks one that equals the stored number, `!` one that does not.
  public func text(columns: Int) -> String {
    var text = "\(about)\n"
    var stage = ""
    for line in lines {
      if line.stage != stage { text += "\n\(line.stage)\n" }
      stage = line.stage
      let value = line.value.map { NumberText.significant($0) } ?? "none"
      let mark = line.agrees.map { $0 ? "=" : "!" } ?? " "
      let head =
        "  \(TerminalText.padded(line.symbol, to: 9)) \(TerminalText.padded(value, to: 12, right: true)) \(mark)  "
      let stored = line.agrees == false ? "  (stored: \(line.stored.map { NumberText.significant($0) } ?? "none"))" : ""
      text += ParagraphText.wrapped(
        line.text + stored, columns: columns, indent: String(repeating: " ", count: 29), first: head)
    }
    return text + "\n" + ParagraphText.wrapped(verdict, columns: columns, indent: "  ", first: "")
  }

  private var verdict: String {
    let counts =
      "\(agreement.same) of \(agreement.of) stored numbers of this rollout and its step, \(groupAgreement.same) of "
      + "\(groupAgreement.of) of its group by the trainer's own credit rule"
    return addsUp ? "adds up: \(counts)" : "DOES NOT ADD UP: \(counts)"
  }

  /// Everything as JSON.
  public var json: JSON {
    let lines = self.lines.map { line -> JSON in
      var object = JSONObject([
        ("stage", .string(line.stage)), ("symbol", .string(line.symbol)), ("text", .string(line.text)),
        ("value", line.value.map { .double($0) } ?? .null),
      ])
      if line.isStored { object["stored"] = line.stored.map { .double($0) } ?? .null }
      if let agrees = line.agrees { object["agrees"] = .bool(agrees) }
      return .object(object)
    }
    return [
      "rollout": .string(id), "adds_up": .bool(addsUp), "lines": .array(lines),
      "checked": ["same": .int(agreement.same), "of": .int(agreement.of)],
      "group_checked": ["same": .int(groupAgreement.same), "of": .int(groupAgreement.of)],
    ]
  }
}
