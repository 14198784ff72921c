extension MathLexer {
  /// `\text{…}`: a separator, a unit, a number, letters, or words.
  mutating func text(from start: Int) throws(MathSyntaxError) {
    let content = Array(argument())
    let raw = MathLexer.trimmedText(content)
    if raw.isEmpty {
      isSpaced = true
      return
    }
    // A numeral whose base follows: \text{A5}_{11}.
    if peek() == 0x5F, let (base, length) = subscriptBase(at: position + 1),
      raw.utf8.allSatisfy({ MathLexer.isDigit($0) || (MathLexer.isUpper($0) && Int($0) - 55 < base) })
    {
      position += 1 + length
      return try emitBased(Array(raw.utf8), base: base, from: start)
    }
    let lower = raw.lowercased()
    var bare = lower
    while let last = bare.last, last == "," || last == "." || last == ";" { bare.removeLast() }
    while let first = bare.first, first == "," || first == ";" || first == " " { bare.removeFirst() }
    if bare == "and" || bare == "or" || bare == "and/or" {
      isSpaced = true
      return emit(bare == "and" ? .conjunction : .disjunction, from: start)
    }
    if bare.isEmpty { return emit(.comma, from: start) }
    if bare == "to", isBetweenDigits { return emit(.colon, from: start) }
    if let base = MathLexer.base(named: bare), try rebase(to: base) { return }
    if let function = functionName(raw) { return emit(.function(function), from: start) }
    if let kind = MathVocabulary.words[bare] { return emit(kind, from: start) }
    if let set = MathVocabulary.namedSets[bare] { return emit(.constant(set), from: start) }
    if content.contains(0x5C) || content.contains(0x24) {
      // Mathematics inside text: read it as such.
      return try unwrap(MathLexer.withoutDollars(content), from: start)
    }
    if MathLexer.startsWithQuantity(raw) || isMathematical(content) { return try unwrap(content, from: start) }
    emit(.text(raw), from: start)
  }

  /// A font command: its argument is mathematics, except that a lone unit letter stays a unit.
  mutating func font(_ name: String, from start: Int) throws(MathSyntaxError) {
    let content = Array(argument())
    let letters = content.filter { $0 != 0x20 && $0 != 0x7E }
    if letters.count == 1, let byte = letters.first, MathLexer.isLetter(byte) {
      if name == "mathbf" || name == "boldsymbol" || name == "bm", byte == 0x69 || byte == 0x6A || byte == 0x6B {
        return emit(.variable("unit " + String(UnicodeScalar(byte))), from: start)
      }
      if name == "mathrm", byte != 0x65, byte != 0x69, byte != 0x64, isAfterQuantity {
        return emit(.text(String(UnicodeScalar(byte))), from: start)
      }
      if name == "mathbf", byte == 0x52 { return emit(.constant(.reals), from: start) }
      return letter(byte, from: start)
    }
    let word = String(decoding: letters, as: UTF8.self)
    if let function = functionName(word) { return emit(.function(function), from: start) }
    if let command = MathVocabulary.commands[word], case .token(let kind) = command { return emit(kind, from: start) }
    if letters.count > 1, letters.allSatisfy(MathLexer.isLetter), MathVocabulary.functions[word] == nil {
      if let kind = MathVocabulary.words[word.lowercased()] { return emit(kind, from: start) }
      let spelled = String(decoding: content.map { $0 == 0x7E ? 0x20 : $0 }, as: UTF8.self)
      return emit(.text(spelled.trimmingSpaces), from: start)
    }
    if name == "mathrm" || name == "unit", isAfterQuantity, MathLexer.isUnitProduct(letters) {
      return emit(.text(word.filter { $0.isLetter || $0 == "/" }), from: start)
    }
    try unwrap(content, from: start)
  }

  /// Whether letters, signs and exponents are a unit, such as `J/mol`, `m\,s^{-2}`, `k\Omega`.
  private static func isUnitProduct(_ content: [UInt8]) -> Bool {
    let text = String(decoding: content, as: UTF8.self)
    guard let first = text.unicodeScalars.first, text.utf8.count > 1,
      content.allSatisfy({ isLetter($0) || isDigit($0) || "/^{}-\\,.".utf8.contains($0) })
    else { return false }
    let start = text.prefix { $0.isLetter }
    return start.count > 1 || MathParser.unitLetters.contains(String(first)) || text.hasSuffix("\\Omega")
  }

  /// A function's name in text, before something it can be applied to. After a quantity `min` and `sec` are units.
  private func functionName(_ name: String) -> MathFunction? {
    guard let function = MathVocabulary.functions[name] else { return nil }
    if isAfterQuantity, MathVocabulary.units.contains(name) { return nil }
    var next = 0
    while peek(next) == 0x20 { next += 1 }
    let byte = peek(next)
    return MathLexer.isLetter(byte) || MathLexer.isDigit(byte) || "({\\|_^".utf8.contains(byte) ? function : nil
  }

  /// Whether text is a quantity in words, such as `15 cm`, `2 and 3`, `about 7`.
  private static func startsWithQuantity(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    guard words.count > 1 else { return false }
    let first = MathVocabulary.fillers.contains(words[0].lowercased()) ? words[1] : words[0]
    return first.utf8.first.map { MathLexer.isDigit($0) || $0 == 0x24 } ?? false
  }

  private var isBetweenDigits: Bool {
    guard case .number? = tokens.last?.kind else { return false }
    var next = 0
    while peek(next) == 0x20 { next += 1 }
    return MathLexer.isDigit(peek(next))
  }

  /// The base of `base 2` and `(base two)`.
  private static func base(named text: String) -> Int? {
    let words = text.filter { $0 != "(" && $0 != ")" }.split(separator: " ")
    guard words.count == 2, words[0] == "base" else { return nil }
    return Int(words[1]) ?? MathVocabulary.numberWords[String(words[1])]
  }

  /// Text without the dollar signs of mathematics inside it; `\$` stays.
  private static func withoutDollars(_ content: [UInt8]) -> [UInt8] {
    content.indices.filter { content[$0] != 0x24 || ($0 > 0 && content[$0 - 1] == 0x5C) }.map { content[$0] }
  }

  private var isAfterQuantity: Bool {
    switch tokens.last?.kind {
    case .number, .vulgarFraction, .close, .constant(.pi), .slash, .text: true
    default: false
    }
  }

  /// Whether text holds only digits, signs and single letters, such as `13`, `(C)`, `A, B`, `π`.
  private func isMathematical(_ content: [UInt8]) -> Bool {
    if content.contains(where: { $0 >= 0x80 }) {
      return String(decoding: content, as: UTF8.self).unicodeScalars.allSatisfy {
        $0.value < 0x80 ? !MathLexer.isLetter(UInt8($0.value)) : MathVocabulary.isMathematical($0.value)
      }
    }
    if isAfterQuantity, let letter = String(decoding: content, as: UTF8.self).trimmingSpaces as String?,
      MathParser.unitLetters.contains(letter)
    {
      return false
    }
    var run = 0
    var lowerLetters = 0
    for byte in content {
      if MathLexer.isLetter(byte) {
        run += 1
        if byte >= 0x61 { lowerLetters += 1 }
        if run > 1 { return false }
      } else {
        if byte >= 0x80 || byte == 0x3A { return false }
        run = 0
      }
    }
    // A lone lower-case letter is a unit where one can stand.
    if lowerLetters > 0, isAfterQuantity { return false }
    return !(content.contains(0x2E) && lowerLetters > 0)
  }

  /// Text with runs of white space as one space and none at the ends.
  static func trimmedText(_ content: [UInt8]) -> String {
    var result: [UInt8] = []
    for byte in content {
      let isSpace = byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0x7E
      if isSpace {
        if let last = result.last, last != 0x20 { result.append(0x20) }
      } else {
        result.append(byte)
      }
    }
    if result.last == 0x20 { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
  }
}

extension String {
  /// self without white space at its ends.
  var trimmingSpaces: String {
    var slice = self[...]
    while let first = slice.first, first.isWhitespace { slice.removeFirst() }
    while let last = slice.last, last.isWhitespace { slice.removeLast() }
    return String(slice)
  }
}
