extension MathLexer {
  /// A run of letters: a known name, letters to be multiplied, or a word.
  mutating func letters() throws(MathSyntaxError) {
    let start = position
    while MathLexer.isLetter(peek()) { position += 1 }
    let run = bytes[start..<position]
    if run.count == 1 {
      if let sign = letterSign(run[start]) { return emit(sign, from: start) }
      if run.first == 0x52, isAfterElementSign { return emit(.constant(.reals), from: start) }
      if run.first == 0x6D, isSpaced, isAfterNumber, peek() == 0x2F, peek(1) == 0x73, !MathLexer.isLetter(peek(2)) {
        position += 2
        return emit(.word("m/s"), from: start)
      }
      return letter(run[start], from: start)
    }
    if try upperCaseNumeral(start) { return }
    let name = String(decoding: run, as: UTF8.self)
    if skipPrefix(name) { return }
    if let kind = joiningWord(name) { return emit(kind, from: start) }
    if let kind = known(name) {
      if kind == .function(.log), logBaseSuffix(start) { return }
      return emit(kind, from: start)
    }
    let lower = name.lowercased()
    if let kind = MathVocabulary.words[lower], run.count > 2 || name == lower { return emit(kind, from: start) }
    if let kind = MathVocabulary.functions[lower], run.count > 2, name.dropFirst() == lower.dropFirst() {
      return emit(.function(kind), from: start)
    }
    if lower == "mod" { return emit(.modulo, from: start) }
    let followsNumber = isAfterNumber
    if followsNumber, MathVocabulary.units.contains(name) || (isSpaced && MathVocabulary.shortNouns.contains(lower)) {
      return emit(.word(name), from: start)
    }
    if lower == "base", try spelledBase() { return }
    if try gluedNames(start) { return }
    // Up to three letters are a product, unless they read as a word after a spaced number.
    if run.count <= 3 || (run.count == 4 && !isSpaced && followsNumber) {
      for index in run.indices {
        position = index + 1
        letter(run[index], from: index)
      }
      return
    }
    emit(.word(name), from: start)
  }

  /// A single letter that stands for a sign: `3 x 10^8`, `(0, 1) U (2, 3)`.
  private func letterSign(_ letter: UInt8) -> MathToken.Kind? {
    var next = 0
    while peek(next) == 0x20 { next += 1 }
    switch (letter | 0x20, tokens.last?.kind) {
    case (0x78, .number):
      guard peek(next) == 0x31, peek(next + 1) == 0x30 else { return nil }
      return peek(next + 2) == 0x5E || peek(next + 2) == 0x2A ? .times : nil
    case (0x75, .close): return [0x28, 0x5B, 0x5C, 0x7B].contains(peek(next)) ? .setOperation(.union) : nil
    default: return nil
    }
  }

  /// Skips what says nothing about the value: a currency code before the number, a module before a name.
  private mutating func skipPrefix(_ name: String) -> Bool {
    if peek() == 0x2E, MathLexer.isLetter(peek(1)), MathVocabulary.codeModules.contains(name) {
      position += 1
      return true
    }
    guard MathVocabulary.currencyCodes.contains(name), !isAfterNumber else { return false }
    var next = peek() == 0x2E ? 1 : 0
    while peek(next) == 0x20 || peek(next) == 0x5C || peek(next) == 0x24 { next += 1 }
    guard MathLexer.isDigit(peek(next)) else { return false }
    position += next
    return true
  }

  /// `to` in `3 to 5`, `per cent`, and `frac` without its backslash.
  private mutating func joiningWord(_ name: String) -> MathToken.Kind? {
    var next = 0
    while peek(next) == 0x20 { next += 1 }
    switch name {
    case "to":
      guard case .number? = tokens.last?.kind, MathLexer.isDigit(peek(next)) else { return nil }
      return .colon
    case "per":
      guard bytes[position...].dropFirst(next).starts(with: "cent".utf8), !MathLexer.isLetter(peek(next + 4)) else {
        return nil
      }
      position += next + 4
      return .percent
    case "frac", "dfrac", "tfrac": return peek() == 0x7B ? .fraction : nil
    default: return nil
    }
  }

  private var isAfterNumber: Bool {
    switch tokens.last?.kind {
    case .number, .vulgarFraction, .close, .constant, .percent, .word, .text, .scale, .slash: true
    default: false
    }
  }

  private var isAfterElementSign: Bool { tokens.last?.kind == .relation(.element) }

  private func known(_ name: String) -> MathToken.Kind? {
    if let function = MathVocabulary.functions[name] {
      // Short names that are also products of letters count as functions only before a bracket.
      if name == "re" || name == "im" || name == "arg" || name == "mod" || name == "det" || name == "root" {
        return peek() == 0x28 ? .function(function) : nil
      }
      return .function(function)
    }
    if MathVocabulary.greek.contains(name), name.count > 2 || isSpaced || tokens.isEmpty { return .variable(name) }
    return nil
  }

  mutating func letter(_ byte: UInt8, from start: Int) {
    switch byte {
    case 0x65: emit(.constant(.euler), from: start)
    case 0x69: emit(.constant(.imaginary), from: start)
    default: emit(.variable(String(UnicodeScalar(byte))), from: start)
    }
  }

  /// `log2(`, `log10(`.
  private mutating func logBaseSuffix(_ start: Int) -> Bool {
    var end = position
    while end < bytes.count, MathLexer.isDigit(bytes[end]) { end += 1 }
    guard end > position, end < bytes.count, bytes[end] == 0x28, end - position < 6 else { return false }
    let digits = Array(bytes[position..<end])
    position = end
    emit(.function(.log), from: start)
    emit(.underscore, from: end)
    emit(.number(Rational(BigInteger(decimalDigits: digits)), decimals: 0, isPlain: true), from: end)
    return true
  }

  /// `FF_{16}`: upper-case digits with a base above ten.
  private mutating func upperCaseNumeral(_ start: Int) throws(MathSyntaxError) -> Bool {
    var end = start
    while end < bytes.count, MathLexer.isUpper(bytes[end]) || MathLexer.isDigit(bytes[end]) { end += 1 }
    guard end >= position, end < bytes.count, bytes[end] == 0x5F, let (base, length) = subscriptBase(at: end + 1),
      base > 10
    else { return false }
    let digits = Array(bytes[start..<end])
    guard digits.allSatisfy({ MathLexer.isDigit($0) || Int($0) - 55 < base }) else { return false }
    position = end + 1 + length
    try emitBased(digits, base: base, from: start)
    return true
  }

  /// `204 base 5`, `204 (base 5)`: turns the number before into a numeral of that base.
  private mutating func spelledBase() throws(MathSyntaxError) -> Bool {
    var end = position
    while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x2D { end += 1 }
    guard let (base, length) = subscriptBase(at: end) else { return false }
    let mark = position
    position = end + length
    if try rebase(to: base) { return true }
    position = mark
    return false
  }

  /// Makes the number before into a numeral of a base; a bracket opened between them is closed.
  mutating func rebase(to base: Int) throws(MathSyntaxError) -> Bool {
    let last = tokens.count - 1
    let isBracketed = last >= 1 && tokens[last].kind == .open(.round)
    let index = isBracketed ? last - 1 : last
    guard index >= 0, (2...36).contains(base), case .number(_, _, true) = tokens[index].kind else { return false }
    let number = tokens[index]
    let digits = Array(bytes[number.start..<number.end])
    tokens.removeSubrange(index...)
    if isBracketed {
      bracketDepth -= 1
      if peek() == 0x29 { position += 1 }
    }
    try emitBased(digits, base: base, from: number.start)
    return true
  }

  /// `sinx`, `2xcosx`, `pir`: a function name inside a short run of letters.
  private mutating func gluedNames(_ start: Int) throws(MathSyntaxError) -> Bool {
    let end = position
    let run = Array(bytes[start..<end])
    for name in MathVocabulary.gluedNames {
      let wanted = Array(name.utf8)
      guard run.count > wanted.count, run.count <= wanted.count + 2 else { continue }
      for offset in 0...(run.count - wanted.count) where Array(run[offset..<offset + wanted.count]) == wanted {
        if name == "log" || name == "ln" || name == "sec" || name == "cos", offset > 0, run.count > wanted.count + 1 {
          continue
        }
        for index in 0..<offset {
          position = start + index + 1
          letter(run[index], from: start + index)
        }
        position = start + offset + wanted.count
        if name == "sqrt" {
          emit(.squareRoot, from: start + offset)
        } else if let function = MathVocabulary.functions[name] {
          emit(.function(function), from: start + offset)
        }
        // The letters after the name are read by themselves.
        for index in (offset + wanted.count)..<run.count {
          position = start + index + 1
          letter(run[index], from: start + index)
        }
        position = end
        return true
      }
    }
    if run.count == 3, run[0] == 0x70, run[1] == 0x69 {
      position = start + 2
      emit(.constant(.pi), from: start)
      position = start + 3
      letter(run[2], from: start + 2)
      return true
    }
    return false
  }

  /// A LaTeX command.
  mutating func command() throws(MathSyntaxError) {
    let start = position
    position += 1
    let first = peek()
    if !MathLexer.isLetter(first) {
      position += position < bytes.count ? 1 : 0
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
