/// A response taken apart: its texts, its mode, its validity and the places of its credit segments.
public struct ParsedResponse: Sendable, Equatable {
  /// Why the response is invalid, or nil when it is valid.
  public internal(set) var invalidReason: InvalidReason?
  /// The piece at which the form breaks (the number of pieces where the end came too soon); nil when valid.
  public internal(set) var errorIndex: Int?
  /// The mode the gate token chose, also when a later part of the response is invalid. Nil when the gate itself cannot be
  /// parsed: no gate in its place, or two gates in a row.
  public internal(set) var gate: ThinkMode?

  /// The bytes of the judge rationale; empty when there is none.
  public internal(set) var judgeBytes: [UInt8] = []
  /// The bytes inside `<think>`; nil when no think segment was opened.
  public internal(set) var thinkBytes: [UInt8]?
  /// The bytes inside `<answer>`; nil when no answer segment was opened.
  public internal(set) var answerBytes: [UInt8]?

  /// The number of pieces that belong to the response: up to and including the first ``Piece/end``.
  public internal(set) var pieceCount = 0
  /// The piece in the gate's place: the gate itself or, where the form breaks before it, the piece that breaks it.
  /// Nil when the response ends before that place.
  public internal(set) var gateIndex: Int?

  /// Whether the response has the AutoThink form.
  public var isValid: Bool { invalidReason == nil }
  /// The mode of a valid response; nil for an invalid one. Statistics over modes use this, never a reward or a substring.
  public var mode: ThinkMode? { isValid ? gate : nil }
  /// Whether the gate could be read; where it could not, J and g carry the blame for the structure.
  public var isGateParsable: Bool { gate != nil }

  /// Segment J: the judge rationale with its tags, everything before the gate's place.
  public var judgeRange: Range<Int> { 0..<(gateIndex ?? pieceCount) }
  /// Segment Y: everything after the gate's place, the end token included.
  public var answerRange: Range<Int> { (gateIndex.map { $0 + 1 } ?? pieceCount)..<pieceCount }
  /// The segment a piece takes its credit from; pieces after the end belong to none.
  public func segment(of index: Int) -> CreditSegment? {
    guard index >= 0, index < pieceCount else { return nil }
    guard let gateIndex, index >= gateIndex else { return .judge }
    return index == gateIndex ? .gate : .answer
  }

  /// The judge rationale as text; bytes that are no UTF-8 become U+FFFD.
  public var judge: String { String(decoding: judgeBytes, as: UTF8.self) }
  /// The thought as text, nil when no think segment was opened.
  public var think: String? { thinkBytes.map { String(decoding: $0, as: UTF8.self) } }
  /// The answer as text, nil when no answer segment was opened.
  public var answer: String? { answerBytes.map { String(decoding: $0, as: UTF8.self) } }
}

/// The three parts of a response that are credited apart. Which part answers for what is this project's choice; the report
/// names only the judge and the answer reward.
public enum CreditSegment: String, Sendable, CaseIterable {
  /// J: the rationale up to `</judge>`; answers for the mode.
  case judge
  /// g: the gate token; answers for the mode.
  case gate
  /// Y: everything after the gate; answers for the answer.
  case answer
}
