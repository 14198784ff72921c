extension MathLexer {
  /// A LaTeX command.
  mutating func command() throws(MathSyntaxError) {
    let start = position
    position += 1
    let first = peek()
    if !MathLexer.isLetter(first) {
      if position == bytes.count {
        isSpaced = true
        return
      }
      position += 1
      switch first {
      case 0x7B: open(.brace, from: start)
      case 0x7D: close(.brace, from: start)
      case 0x25: emit(.percent, from: start)
      case 0x7C: emit(.doubleBar, from: start)
      case 0x5C:
        if environmentDepth == 0, isKnownCommand(at: position) {
          // Escaped twice, as by a JSON writer.
          position -= 1
          return
        }
        emit(environmentDepth > 0 ? .rowEnd : .comma, from: start)
        skipOptionalSpace()
      case 0x24, 0x20, 0x2C, 0x3B, 0x3A, 0x21, 0x3E, 0x0A, 0x26, 0x28, 0x29, 0x5B, 0x5D, 0x2F, 0x2D: isSpaced = true
      case 0x5F: emit(.underscore, from: start)
      case 0x27: emit(.prime, from: start)
      default: throw MathSyntaxError("unknown LaTeX command")
      }
      return
    }
    while MathLexer.isLetter(peek()) { position += 1 }
    let name = String(decoding: bytes[start + 1..<position], as: UTF8.self)
    if peek() == 0x2A { position += 1 }
    guard let meaning = MathVocabulary.commands[name] else {
      throw MathSyntaxError("unknown LaTeX command \\\(name.prefix(24))")
    }
    try perform(meaning, name, from: start)
  }

  private func isKnownCommand(at index: Int) -> Bool {
    let name = bytes[index...].prefix { MathLexer.isLetter($0) }
    return !name.isEmpty && MathVocabulary.commands[String(decoding: name, as: UTF8.self)] != nil
  }

  private mutating func perform(
    _ meaning: MathVocabulary.Meaning, _ name: String, from start: Int
  ) throws(MathSyntaxError) {
    switch meaning {
    case .token(let kind):
      switch kind {
      case .open(let delimiter): open(delimiter, from: start)
      case .close(let delimiter): close(delimiter, from: start)
      case .function(.logBase):
        // \lg is the decimal logarithm.
        emit(.function(.log), from: start)
        emit(.underscore, from: start)
        emit(.number(Rational(10), decimals: 0, isPlain: true), from: position)
      default: emit(kind, from: start)
      }
      if name == "cfrac", peek() == 0x5B { skipBracketed() }
    case .skip:
      isSpaced = isSpaced || name == "quad" || name == "qquad"
      // m\angle A, the measure of the angle.
      if name.hasSuffix("angle"), tokens.last?.kind == .variable("m") { tokens.removeLast() }
      if name == "hline" { return }
    case .delimiterSize:
      while peek() == 0x20 { position += 1 }
      if peek() == 0x2E { position += 1 }
    case .skipArgument:
      skipArgument()
      isSpaced = true
    case .text: try text(from: start)
    case .font: try font(name, from: start)
    case .blackboard:
      let content = argument()
      if content.elementsEqual("R".utf8) { return emit(.constant(.reals), from: start) }
      emit(.variable("bb" + String(decoding: content, as: UTF8.self)), from: start)
    case .begin:
      let environment = String(decoding: argument(), as: UTF8.self)
      if environment == "array" || environment == "tabular", peek() == 0x7B { _ = argument() }
      bracketDepth += 1
      environmentDepth += 1
      emit(.begin(environment), from: start)
    case .end:
      let environment = String(decoding: argument(), as: UTF8.self)
      bracketDepth -= 1
      environmentDepth -= 1
      emit(.end(environment), from: start)
    case .parenthesizedModulo:
      let modulus = Array(argument())
      try unwrap(Array("(\\bmod ".utf8) + modulus + [0x29], from: start)
    case .implies:
      if bracketDepth != 0 { throw MathSyntaxError("an arrow inside brackets") }
      tokens.removeAll(keepingCapacity: true)
    case .not:
      while peek() == 0x20 { position += 1 }
      if peek() == 0x3D {
        position += 1
        return emit(.relation(.notEqual), from: start)
      }
      throw MathSyntaxError("a negated sign")
    }
  }

  private mutating func skipOptionalSpace() {
    if peek() == 0x5B, bytes[position...].prefix(12).contains(0x5D), MathLexer.isDigit(peek(1)) || peek(1) == 0x2E {
      skipBracketed()
    }
  }

  private mutating func skipBracketed() {
    while position < bytes.count, bytes[position] != 0x5D { position += 1 }
    position = min(position + 1, bytes.count)
  }

  private mutating func skipArgument() {
    while peek() == 0x20 { position += 1 }
    if peek() == 0x7B {
      _ = argument()
    } else if peek() == 0x5C {
      position += 1
      while MathLexer.isLetter(peek()) { position += 1 }
    } else if position < bytes.count {
      position += 1
    }
  }

  /// The bytes of a braced argument, or the next byte.
  mutating func argument() -> ArraySlice<UInt8> {
    while peek() == 0x20 { position += 1 }
    guard peek() == 0x7B else {
      let start = min(position, bytes.count)
      position = min(position + 1, bytes.count)
      return bytes[start..<position]
    }
    position += 1
    let start = position
    var depth = 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0x5C {
        position = min(position + 1, bytes.count)
      } else if byte == 0x7B {
        depth += 1
      } else if byte == 0x7D {
        depth -= 1
        if depth == 0 { return bytes[start..<position - 1] }
      }
    }
    return bytes[start..<position]
  }
}
