import StrictJSON

/// A string enumeration in a configuration file: a wrong word names the allowed ones and the nearest.
public protocol ConfigurationChoice: RawRepresentable, CaseIterable, Codable, Sendable where RawValue == String {}

extension ConfigurationChoice {
  /// Decodes one of the allowed words.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    guard let value = Self(rawValue: word) else {
      let words = Self.allCases.map(\.rawValue)
      let hint = nearestName(to: word, in: words).map { "; did you mean \"\($0)\"?" } ?? ""
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "found \"\(word)\", expected one of \(words.joined(separator: ", "))\(hint)")
    }
    self = value
  }

  /// Encodes the word.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
