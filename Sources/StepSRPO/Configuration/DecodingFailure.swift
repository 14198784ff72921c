extension DecodingError {
  /// The dotted key that could not be decoded, as documents write it: `train.max_grad_norm`; empty for a whole
  /// document.
  var snakeCaseKey: String {
    path.map { $0.intValue.map(String.init) ?? snakeCase($0.stringValue) }.joined(separator: ".")
  }

  /// The same with the names of properties.
  var key: String { path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".") }

  /// What was found or expected there.
  var found: String {
    switch self {
    case .dataCorrupted(let context): context.debugDescription
    case .typeMismatch(let type, _): "expected \(Self.word(for: type))"
    case .valueNotFound(let type, _): "found null, expected \(Self.word(for: type))"
    case .keyNotFound(let key, _): "the key \"\(snakeCase(key.stringValue))\" is missing"
    @unknown default: "\(self)"
    }
  }

  private var path: [any CodingKey] {
    switch self {
    case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context):
      context.codingPath
    @unknown default: []
    }
  }

  private static func word(for type: Any.Type) -> String {
    switch type {
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    default: "\(type)"
    }
  }
}

/// `maxGradNorm` as `max_grad_norm`.
func snakeCase(_ name: String) -> String {
  name.reduce(into: "") { text, character in
    if character.isUppercase { text += "_" }
    text += character.lowercased()
  }
}
