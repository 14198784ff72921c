/// Splits an answer into tokens: LaTeX as models write it, plain and code style, unicode.
struct MathLexer {
  var bytes: [UInt8]
  let budget: MathBudget
  var position = 0
  var tokens: [MathToken] = []
  var isSpaced = false
  /// Open round, square and brace brackets; inside them a plain comma separates.
  var bracketDepth = 0
  /// Whether short letter runs after π or a bracket are units.
  var readsUnitLetters = false
  /// Open environments, in which `\\` ends a row.
  var environmentDepth = 0
  /// Commands whose argument was read in their place.
  private var unwrapped = 0

  init(_ bytes: [UInt8], budget: MathBudget = .standard) {
    self.bytes = MathLexer.normalized(bytes)
    self.budget = budget
  }

  /// Full-width and mathematical letters as ASCII, raised and lowered characters as `^{…}` and `_{…}`, invisible
  /// characters dropped, every space an ASCII space.
  static func normalized(_ bytes: [UInt8]) -> [UInt8] {
    if !bytes.contains(where: { $0 >= 0x80 }) { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    // The mark of the run of raised or lowered characters that is being read.
    var mark: UInt8?
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let value = scalar.value
      let raised = MathVocabulary.superscript(value)
      let shifted = raised ?? MathVocabulary.subscriptDigit(value)
      let next: UInt8? = shifted == nil ? nil : raised == nil ? 0x5F : 0x5E
      if next != mark {
        if mark != nil { result.append(0x7D) }
        if let next { result += [next, 0x7B] }
        mark = next
      }
      if let shifted {
        result.append(shifted)
      } else if value < 0x80 {
        result.append(UInt8(value))
      } else if let ascii = MathVocabulary.asciiForm(value) {
        result.append(ascii)
      } else if MathVocabulary.isSpace(value) {
        result.append(0x20)
      } else if !MathVocabulary.isInvisible(value) {
        result.append(contentsOf: String(scalar).utf8)
      }
    }
    if mark != nil { result.append(0x7D) }
    return result
  }

  mutating func tokenize() throws(MathSyntaxError) -> [MathToken] {
    if bytes.count > budget.answerBytes { throw MathSyntaxError("longer than \(budget.answerBytes) bytes") }
    tokens.reserveCapacity(min(bytes.count, 64))
    while position < bytes.count {
      if tokens.count > budget.tokens { throw MathSyntaxError("more than \(budget.tokens) tokens") }
      try next()
    }
    while let last = tokens.last, last.kind == .stop || last.kind == .comma || last.kind == .semicolon {
      tokens.removeLast()
    }
    while let first = tokens.first,
      first.kind == .stop || first.kind == .comma || first.kind == .relation(.approximate)
    {
      tokens.removeFirst()
    }
    return tokens
  }

  func peek(_ offset: Int = 0) -> UInt8 {
    let index = position + offset
    return index < bytes.count ? bytes[index] : 0
  }

  mutating func emit(_ kind: MathToken.Kind, from start: Int) {
    tokens.append(MathToken(kind: kind, isSpaced: isSpaced, start: start, end: position))
    isSpaced = false
  }

  private mutating func next() throws(MathSyntaxError) {
    let start = position
    let byte = bytes[position]
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, 0x7E:
      position += 1
      isSpaced = true
    case 0x30...0x39: try number()
    case 0x2E where MathLexer.isDigit(peek(1)) || startsRepeatingDecimal(at: position + 1):
      try number()
    case 0x41...0x5A, 0x61...0x7A: try letters()
    case 0x5C: try command()
    case 0x80...: try unicode()
    default:
      position += 1
      try sign(byte, from: start)
    }
  }

  private mutating func sign(_ byte: UInt8, from start: Int) throws(MathSyntaxError) {
    func follows(_ other: Character) -> Bool { peek() == other.asciiValue }
    switch Character(UnicodeScalar(byte)) {
    case "+":
      if follows("-") {
        // +- is ± in plain text, but only before something.
        position += 1
        emit(.plusMinus, from: start)
      } else if follows("/"), peek(1) == 0x2D {
        position += 2
        emit(.plusMinus, from: start)
      } else {
        emit(.plus, from: start)
      }
    case "-": emit(.minus, from: start)
    case "*":
      if follows("*") {
        position += 1
        emit(.caret, from: start)
      } else {
        emit(.times, from: start)
      }
    case "/": emit(.slash, from: start)
    case "^": emit(.caret, from: start)
    case "_": emit(.underscore, from: start)
    case "!":
      if follows("=") {
        position += 1
        emit(.relation(.notEqual), from: start)
      } else {
        emit(.bang, from: start)
      }
    case "%": emit(.percent, from: start)
    case ",": emit(.comma, from: start)
    case ";": emit(.semicolon, from: start)
    case ":":
      if follows("=") {
        position += 1
        emit(.relation(.equal), from: start)
      } else {
        emit(.colon, from: start)
      }
    case "|":
      if follows("|") {
        position += 1
        emit(.doubleBar, from: start)
      } else {
        emit(.bar, from: start)
      }
    case "&": emit(.ampersand, from: start)
    case "'": emit(.prime, from: start)
    case ".":
      if follows("."), peek(1) == 0x2E {
        position += 2
        emit(.dots, from: start)
      } else if case .word? = tokens.last?.kind {
        // The full stop of an abbreviation such as "sq. units".
        return
      } else if case .text? = tokens.last?.kind {
        return
      } else {
        emit(.stop, from: start)
      }
    case "(": open(.round, from: start)
    case ")": close(.round, from: start)
    case "[": open(.square, from: start)
    case "]": close(.square, from: start)
    case "{":
      if let sign = bracedSign() {
        position += 2
        return try self.sign(sign, from: start)
      }
      emit(.open(.group), from: start)
    case "}": emit(.close(.group), from: start)
    case "=":
      if follows("=") || follows("<") {
        let isLess = follows("<")
        position += 1
        emit(.relation(isLess ? .lessOrEqual : .equal), from: start)
      } else {
        emit(.relation(.equal), from: start)
      }
    case "<":
      if follows("=") {
        position += 1
        emit(.relation(.lessOrEqual), from: start)
      } else if follows(">") {
        position += 1
        emit(.relation(.notEqual), from: start)
      } else {
        emit(.relation(.less), from: start)
      }
    case ">":
      if follows("=") {
        position += 1
        emit(.relation(.greaterOrEqual), from: start)
      } else {
        emit(.relation(.greater), from: start)
      }
    case "$", "\"", "`": isSpaced = true
    default: throw MathSyntaxError("unexpected character code \(byte)")
    }
  }

  /// The sign of `{-}` and its kin, where the braces only set the spacing.
  private func bracedSign() -> UInt8? {
    guard peek(1) == 0x7D, "+-=<>/*:".utf8.contains(peek()) else { return nil }
    if tokens.last?.kind == .caret || tokens.last?.kind == .underscore { return nil }
    return peek()
  }

  mutating func open(_ delimiter: MathToken.Delimiter, from start: Int) {
    bracketDepth += 1
    emit(.open(delimiter), from: start)
  }

  mutating func close(_ delimiter: MathToken.Delimiter, from start: Int) {
    bracketDepth -= 1
    emit(.close(delimiter), from: start)
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

  /// The one scalar at `position`; the source is valid UTF-8 because `normalized` made it.
  private mutating func scalar() -> UInt32 {
    let first = bytes[position]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    var value = length == 1 ? UInt32(first) : UInt32(first) & (0xFF >> UInt32(length + 1))
    for offset in 1..<max(length, 1) + 0 where length > 1 { value = value << 6 | UInt32(peek(offset) & 0x3F) }
    position = min(position + length, bytes.count)
    return value
  }

  private mutating func unicode() throws(MathSyntaxError) {
    let start = position
    let value = scalar()
    if value == 0xFFFD { throw MathSyntaxError("bytes that are no text") }
    if let kind = MathVocabulary.symbol(value) {
      switch kind {
      case .open(let delimiter): open(delimiter, from: start)
      case .close(let delimiter): close(delimiter, from: start)
      default: emit(kind, from: start)
      }
    } else if let (top, bottom) = MathVocabulary.vulgarFraction(value) {
      emit(.vulgarFraction(Rational(top, over: bottom)), from: start)
    } else if let name = MathVocabulary.greekName(value) {
      emit(.variable(name), from: start)
    } else if MathVocabulary.isCurrency(value) || value == 0x201C || value == 0x201D || value == 0x2018 {
      isSpaced = true
    } else if value == 0x2115 || value == 0x2124 || value == 0x211A || value == 0x2102 {
      let letter = value == 0x2115 ? "N" : value == 0x2124 ? "Z" : value == 0x211A ? "Q" : "C"
      emit(.variable("bb\(letter)"), from: start)
    } else {
      // Letters of other scripts: a word, such as a unit.
      while position < bytes.count, bytes[position] >= 0x80 {
        let mark = position
        let next = scalar()
        if MathVocabulary.symbol(next) != nil || MathVocabulary.vulgarFraction(next) != nil {
          position = mark
          break
        }
      }
      emit(.text(String(decoding: bytes[start..<position], as: UTF8.self)), from: start)
    }
  }

  /// Goes on reading inside the argument of the command at `start` ..< `position`, as if the command were not there.
  mutating func unwrap(_ inner: [UInt8], from start: Int) throws(MathSyntaxError) {
    unwrapped += 1
    if unwrapped > 256 { throw MathSyntaxError("too many text and font commands") }
    // Digits that only the command kept apart stay apart.
    var inner = inner
    if start > 0, let first = inner.first, MathLexer.isDigit(first), MathLexer.isDigit(bytes[start - 1]) {
      inner.insert(0x20, at: 0)
    }
    if let last = inner.last, MathLexer.isDigit(last) || MathLexer.isLetter(last),
      MathLexer.isDigit(peek()) || MathLexer.isLetter(peek())
    {
      inner.append(0x20)
    }
    bytes.replaceSubrange(start..<position, with: inner)
    position = start
  }
}
