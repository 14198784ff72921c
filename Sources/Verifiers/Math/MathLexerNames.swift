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
    if followsNumber {
      let isUnit = MathVocabulary.units.contains(name) && (readsUnitLetters || run.count > 2 || isAfterLiteral)
      let isNoun = MathVocabulary.shortNouns.contains(lower) && isAfterLiteral
      if isUnit || (isSpaced && (isNoun || isAfterWord)) {
        return emit(.word(name), from: start)
      }
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
    let isPrefix =
      MathVocabulary.currencyCodes.contains(name)
      || (tokens.isEmpty && MathVocabulary.fillers.contains(name.lowercased()))
    guard isPrefix, !isAfterNumber else { return false }
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
    case .open(.round): isAfterBracketedUnit
    default: false
    }
  }

  /// Whether a unit may follow at once: after a numeral or a word, but not after π or a bracket, where `hr` may be h r.
  private var isAfterLiteral: Bool {
    switch tokens.last?.kind {
    case .number, .vulgarFraction, .word, .text, .scale, .slash: true
    case .open(.round): isAfterBracketedUnit
    default: false
    }
  }

  private var isAfterWord: Bool {
    switch tokens.last?.kind {
    case .word, .text: true
    default: false
    }
  }

  /// Whether the bracket of `15 (cm)` was opened last.
  private var isAfterBracketedUnit: Bool {
    guard tokens.count > 1, tokens[tokens.count - 1].kind == .open(.round) else { return false }
    if case .number = tokens[tokens.count - 2].kind { return true }
    return false
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
      // One letter before and one after: "costs" is no cosine.
      for offset in 0...(run.count - wanted.count) where Array(run[offset..<offset + wanted.count]) == wanted {
        if offset > 1 || run.count - offset - wanted.count > 1 { continue }
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
}
