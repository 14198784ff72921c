extension MathLexer {
  /// A numeral: integer, thousands, decimal, repeating decimal, scientific, or in another base.
  mutating func number() throws(MathSyntaxError) {
    let start = position
    if try basedNumeral() { return }
    var digits: [UInt8] = []
    while MathLexer.isDigit(peek()) { digits.append(take()) }
    if digits.count >= 1, digits.count <= 3, digits != [0x30] { joinThousands(&digits) }
    if peek() == 0x5F, let (base, length) = subscriptBase(at: position + 1) {
      position += 1 + length
      return try emitBased(digits, base: base, from: start)
    }
    if peek() == 0x7B, peek(1) == 0x2E, peek(2) == 0x7D, MathLexer.isDigit(peek(3)) {
      // {.} is a point without the space after it.
      position += 3
      return try finishDecimal(whole: digits, from: start)
    }
    if peek() == 0x7B, peek(1) == 0x2C, peek(2) == 0x7D, MathLexer.isDigit(peek(3)), !digits.isEmpty {
      // {,} before other than three digits is a decimal comma.
      position += 3
      return try finishDecimal(whole: digits, from: start)
    }
    let isDot = peek() == 0x2E
    if isDot, MathLexer.isDigit(peek(1)) || startsRepeatingDecimal(at: position + 1) {
      position += 1
      return try finishDecimal(whole: digits, from: start)
    }
    if digits.isEmpty { throw MathSyntaxError("a number without digits") }
    if isDot, !digits.isEmpty, !(peek(1) == 0x2E) { position += 1 }
    let endsWithDot = isDot && bytes[position - 1] == 0x2E
    let exponent = try scientificExponent()
    let value = try scaled(BigInteger(decimalDigits: digits), byTenTo: exponent ?? 0, digits: digits.count)
    let isPlain = exponent == nil && !endsWithDot && digits.count == position - start
    emit(.number(value, decimals: 0, isPlain: isPlain), from: start)
    if endsWithDot, exponent == nil, position < bytes.count, !restIsSpace() {
      // "5. Then": a sentence went on; let the parser see the stop.
      emit(.stop, from: position - 1)
    }
  }

  private func restIsSpace() -> Bool {
    for index in position..<bytes.count where !(bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x24) {
      return false
    }
    return true
  }

  mutating func take() -> UInt8 {
    defer { position += 1 }
    return bytes[position]
  }

  /// Continues an integer over thousands separators: `,` `{,}` `\,` `,\!` `\!` `\ ` and thin spaces.
  private mutating func joinThousands(_ digits: inout [UInt8]) {
    let single = separatorLength(at: position)
    guard single.length > 0 else { return }
    var scan = position
    var joined = digits
    var isPlain = false
    while true {
      let separator = separatorLength(at: scan)
      guard separator.length > 0, separator.isSame(as: single) else { break }
      let group = scan + separator.length
      guard group + 3 <= bytes.count, bytes[group..<group + 3].allSatisfy(MathLexer.isDigit) else { break }
      if group + 3 < bytes.count, MathLexer.isDigit(bytes[group + 3]) { return }
      joined.append(contentsOf: bytes[group..<group + 3])
      isPlain = isPlain || separator.isPlain
      scan = group + 3
    }
    if scan == position { return }
    // 1 100/200 is a mixed number.
    if single.kind == 3, scan < bytes.count, bytes[scan] == 0x2F { return }
    // Inside brackets a plain comma separates elements.
    if isPlain, bracketDepth > 0 { return }
    digits = joined
    position = scan
  }

  private struct Separator {
    var length: Int
    var isPlain: Bool
    var kind: UInt8
    func isSame(as other: Separator) -> Bool { kind == other.kind }
  }

  private func separatorLength(at index: Int) -> Separator {
    func byte(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
    let backslash: UInt8 = 0x5C
    let bang: UInt8 = 0x21
    if byte(0) == 0x2C {
      if byte(1) == backslash, byte(2) == bang { return Separator(length: 3, isPlain: false, kind: 1) }
      return Separator(length: 1, isPlain: true, kind: 1)
    }
    if byte(0) == 0x20 || byte(0) == 0x7E { return Separator(length: 1, isPlain: true, kind: 3) }
    if matches("\\text{,}", at: index) { return Separator(length: 8, isPlain: false, kind: 1) }
    if byte(0) == 0x7B, byte(1) == 0x2C, byte(2) == 0x7D {
      let tail = byte(3) == backslash && byte(4) == bang ? 2 : 0
      return Separator(length: 3 + tail, isPlain: false, kind: 1)
    }
    if byte(0) == backslash {
      if byte(1) == bang, byte(2) == 0x2C {
        let tail = byte(3) == backslash && byte(4) == bang ? 2 : 0
        return Separator(length: 3 + tail, isPlain: false, kind: 1)
      }
      if byte(1) == 0x2C || byte(1) == 0x3B || byte(1) == 0x3A || byte(1) == 0x20 {
        return Separator(length: 2, isPlain: false, kind: 2)
      }
      if byte(1) == bang { return Separator(length: 2, isPlain: false, kind: 2) }
    }
    return Separator(length: 0, isPlain: false, kind: 0)
  }

  /// Whether `\overline`, `\bar`, `\dot` or a bracketed period starts at `index`.
  func startsRepeatingDecimal(at index: Int) -> Bool {
    guard index < bytes.count else { return false }
    if bytes[index] == 0x5C {
      for name in ["overline{", "bar{", "dot{", "overline "] where matches(name, at: index + 1) { return true }
      return false
    }
    return periodLength(at: index) > 0
  }

  private func matches(_ text: String, at index: Int) -> Bool {
    var index = index
    for byte in text.utf8 {
      if index >= bytes.count || bytes[index] != byte { return false }
      index += 1
    }
    return true
  }

  /// The length of `(digits)` at `index`, 0 when there is none.
  private func periodLength(at index: Int) -> Int {
    guard index < bytes.count, bytes[index] == 0x28 else { return 0 }
    var end = index + 1
    while end < bytes.count, MathLexer.isDigit(bytes[end]) { end += 1 }
    guard end > index + 1, end < bytes.count, bytes[end] == 0x29 else { return 0 }
    return end + 1 - index
  }

  /// Everything after the decimal point.
  private mutating func finishDecimal(whole: [UInt8], from start: Int) throws(MathSyntaxError) {
    var fraction: [UInt8] = []
    while MathLexer.isDigit(peek()) { fraction.append(take()) }
    while peek() == 0x5C, matches(",", at: position + 1) || matches("!", at: position + 1),
      MathLexer.isDigit(peek(2))
    {
      // Digit grouping after the point: 0.123\,456.
      position += 2
      while MathLexer.isDigit(peek()) { fraction.append(take()) }
    }
    if let period = try period(after: &fraction) {
      let shift = BigInteger.small(10).power(fraction.count)
      let cycle = BigInteger.small(10).power(period.count) - .one
      let fixed = BigInteger(decimalDigits: whole + fraction)
      let top = fixed * cycle + BigInteger(decimalDigits: period)
      guard let value = Rational(top, shift * cycle) else {
        throw MathSyntaxError("a repeating decimal without digits")
      }
      return emit(.number(value, decimals: 0, isPlain: false), from: start)
    }
    let exponent = try scientificExponent()
    let digits = whole + fraction
    let significant = digits.drop { $0 == 0x30 }.count
    let value = try scaled(
      BigInteger(decimalDigits: digits), byTenTo: (exponent ?? 0) - fraction.count, digits: digits.count)
    emit(.number(value, decimals: max(significant, 1), isPlain: false), from: start)
  }

  /// The digits of a period marked by a bar, dots above, brackets, or dots after a visible repetition.
  private mutating func period(after fraction: inout [UInt8]) throws(MathSyntaxError) -> [UInt8]? {
    if peek() == 0x5C {
      let isDotted = matches("dot{", at: position + 1)
      if isDotted || matches("overline{", at: position + 1) || matches("bar{", at: position + 1) {
        while peek() != 0x7B { position += 1 }
        position += 1
        var digits = bracedDigits()
        if isDotted {
          while MathLexer.isDigit(peek()) { digits.append(take()) }
          if peek() == 0x5C, matches("dot{", at: position + 1) {
            position += 5
            digits += bracedDigits()
          } else if digits.count > 1 {
            throw MathSyntaxError("a repeating decimal with one dot and several digits")
          }
        }
        if digits.isEmpty || digits.count > 400 { throw MathSyntaxError("a repeating decimal without usable digits") }
        return digits
      }
      if matches("overline ", at: position + 1), MathLexer.isDigit(peek(10)) {
        position += 10
        return [take()]
      }
    }
    let bracketed = periodLength(at: position)
    if bracketed > 0, bracketed < 400 {
      defer { position += bracketed }
      return Array(bytes[position + 1..<position + bracketed - 1])
    }
    return dottedPeriod(&fraction)
  }

  private mutating func bracedDigits() -> [UInt8] {
    var digits: [UInt8] = []
    while MathLexer.isDigit(peek()) { digits.append(take()) }
    if peek() == 0x7D { position += 1 }
    return digits
  }

  /// `0.333…` and `0.1666...`: a repetition seen at least three times (twice for longer periods) before dots.
  private mutating func dottedPeriod(_ fraction: inout [UInt8]) -> [UInt8]? {
    let length: Int
    if matches("...", at: position) {
      length = 3
    } else if matches("\u{2026}", at: position) {
      length = 3
    } else if matches("\\ldots", at: position) || matches("\\cdots", at: position) {
      length = 6
    } else if matches("\\dots", at: position) {
      length = 5
    } else {
      return nil
    }
    for period in 1...6 {
      let repeats = period == 1 ? 3 : 2
      guard fraction.count >= period * repeats else { return nil }
      let tail = Array(fraction.suffix(period))
      var isRepeated = true
      for index in 1..<repeats {
        let end = fraction.count - index * period
        if Array(fraction[end - period..<end]) != tail { isRepeated = false }
      }
      if isRepeated {
        position += length
        return tail
      }
    }
    return nil
  }

  /// The exponent of `3e8`, `1.5E-3`; nil when none follows.
  private mutating func scientificExponent() throws(MathSyntaxError) -> Int? {
    guard peek() | 0x20 == 0x65 else { return nil }
    var offset = 1
    var isNegative = false
    if peek(1) == 0x2B || peek(1) == 0x2D {
      isNegative = peek(1) == 0x2D
      offset = 2
    }
    guard MathLexer.isDigit(peek(offset)) else { return nil }
    var value = 0
    var end = offset
    while MathLexer.isDigit(peek(end)) {
      value = min(value * 10 + Int(peek(end) - 0x30), 1_000_000)
      end += 1
    }
    if MathLexer.isLetter(peek(end)) { return nil }
    position += end
    return isNegative ? -value : value
  }

  private func scaled(
    _ value: BigInteger, byTenTo exponent: Int, digits: Int
  ) throws(MathSyntaxError) -> Rational {
    let limit = budget.bits * 3 / 10
    if digits > limit || abs(exponent) > limit { throw MathSyntaxError("a number of more than \(limit) digits") }
    let power = BigInteger.small(10).power(abs(exponent))
    if exponent >= 0 { return Rational(value * power) }
    return Rational(value, power) ?? .zero
  }

  /// A numeral with its base as a subscript, such as `204_5`, `1A3_{16}`, `0.11_{2}`.
  private mutating func basedNumeral() throws(MathSyntaxError) -> Bool {
    let start = position
    var end = position
    while end < bytes.count, MathLexer.isDigit(bytes[end]) || MathLexer.isUpper(bytes[end]) || bytes[end] == 0x2E {
      end += 1
    }
    guard end < bytes.count, bytes[end] == 0x5F else { return false }
    let digits = Array(bytes[start..<end])
    guard let (base, length) = subscriptBase(at: end + 1) else { return false }
    position = end + 1 + length
    try emitBased(digits, base: base, from: start)
    return true
  }

  static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

  /// Emits a numeral in a base; base ten is an ordinary number.
  mutating func emitBased(_ digits: [UInt8], base: Int, from start: Int) throws(MathSyntaxError) {
    if digits.count > 400 { throw MathSyntaxError("a numeral of more than 400 digits in base \(base)") }
    var value = BigInteger.zero
    var scale = BigInteger.one
    var isFraction = false
    for byte in digits {
      if byte == 0x2E {
        if isFraction { throw MathSyntaxError("two points in a numeral") }
        isFraction = true
        continue
      }
      let digit = MathLexer.isDigit(byte) ? Int(byte) - 0x30 : Int(byte) - 0x41 + 10
      if digit >= base { throw MathSyntaxError("a digit too large for base \(base)") }
      value = value * .small(base) + .small(digit)
      if isFraction { scale = scale * .small(base) }
    }
    let exact = Rational(value, scale) ?? .zero
    if base == 10 {
      emit(.number(exact, decimals: isFraction ? digits.count : 0, isPlain: false), from: start)
      return
    }
    var text = String(decoding: digits.drop { $0 == 0x30 }, as: UTF8.self)
    if isFraction {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    emit(.based(digits: text.isEmpty ? "0" : text, base: base, value: exact), from: start)
  }

  /// The base of a subscript at `index`, in 2...36, and the length of the subscript.
  func subscriptBase(at index: Int) -> (base: Int, length: Int)? {
    guard index < bytes.count else { return nil }
    var end = index
    let isBraced = bytes[end] == 0x7B
    if isBraced { end += 1 }
    for opening in ["\\text{", "\\mathrm{", "\\textrm{", "("] where matches(opening, at: end) {
      end += opening.utf8.count
      let word = readWord(&end)
      guard end < bytes.count, bytes[end] == 0x7D || bytes[end] == 0x29 else { return nil }
      end += 1
      return finish(word, end: end, isBraced: isBraced, from: index)
    }
    return finish(readWord(&end), end: end, isBraced: isBraced, from: index)
  }

  private func readWord(_ end: inout Int) -> String {
    let start = end
    while end < bytes.count, MathLexer.isDigit(bytes[end]) || MathLexer.isLetter(bytes[end]) { end += 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private func finish(_ word: String, end: Int, isBraced: Bool, from index: Int) -> (base: Int, length: Int)? {
    var end = end
    if isBraced {
      guard end < bytes.count, bytes[end] == 0x7D else { return nil }
      end += 1
    }
    let base = Int(word) ?? MathVocabulary.numberWords[word.lowercased()] ?? 0
    return (2...36).contains(base) ? (base, end - index) : nil
  }
}
