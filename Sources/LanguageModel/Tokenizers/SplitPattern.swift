/// The published pre-tokenizer patterns, as hand-written scanners.
///
/// Each cuts text into words before merges are applied; a token never spans two words.
enum SplitPattern: Sendable, Equatable {
  /// GPT-2: contractions, letters, numbers and symbols each with one leading space.
  case gpt2
  /// Qwen2 and Llama 3: any one symbol may lead a word, numbers in groups of at most `digits`, symbols take the line
  /// breaks after them.
  case words(digits: Int)
  /// No cutting: the text is one word.
  case whole

  static let gpt2Text = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  private static let wordsHead = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"#
  private static let wordsTail = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// The scanner of a pattern text, or nil for one this package does not know.
  init?(pattern: String) {
    switch pattern {
    case Self.gpt2Text: self = .gpt2
    case Self.wordsHead + #"\p{N}"# + Self.wordsTail: self = .words(digits: 1)
    case Self.wordsHead + #"\p{N}{1,3}"# + Self.wordsTail: self = .words(digits: 3)
    default: return nil
    }
  }

  /// What error messages list.
  static let supported = "the GPT-2, Qwen2 and Llama 3 patterns"

  /// The words of `text` as byte ranges of its UTF-8 form, in order, without gaps.
  func words(in text: String) -> [Range<Int>] {
    if self == .whole { return text.isEmpty ? [] : [0..<text.utf8.count] }
    var scalars: [Unicode.Scalar] = []
    var classes: [CharacterClass] = []
    var offsets: [Int] = []
    var offset = 0
    for scalar in text.unicodeScalars {
      scalars.append(scalar)
      classes.append(CharacterClass(scalar))
      offsets.append(offset)
      offset += UTF8.width(scalar)
    }
    offsets.append(offset)
    let scanner = SplitScanner(scalars: scalars, classes: classes)
    var words: [Range<Int>] = []
    var i = 0
    while i < scalars.count {
      let end: Int
      switch self {
      case .gpt2: end = scanner.gpt2Word(from: i)
      case .words(let digits): end = scanner.word(from: i, digits: digits)
      case .whole: end = scalars.count
      }
      words.append(offsets[i]..<offsets[end])
      i = end
    }
    return words
  }
}

/// One text with its character classes; each method returns the end of the word that starts at an index.
private struct SplitScanner {
  let scalars: [Unicode.Scalar]
  let classes: [CharacterClass]

  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  func gpt2Word(from i: Int) -> Int {
    if let end = contraction(at: i, ignoringCase: false) { return end }
    let start = scalars[i] == " " && i + 1 < classes.count ? i + 1 : i
    for kind in [CharacterClass.letter, .number, .other] where classes[start] == kind {
      return run(of: kind, from: start)
    }
    return space(from: i)
  }

  /// `(?i:'s|…)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  func word(from i: Int, digits: Int) -> Int {
    if let end = contraction(at: i, ignoringCase: true) { return end }
    let kind = classes[i]
    if kind == .letter { return run(of: .letter, from: i) }
    if kind == .number {
      var end = i + 1
      while end < classes.count, end - i < digits, classes[end] == .number { end += 1 }
      return end
    }
    if kind != .newline, i + 1 < classes.count, classes[i + 1] == .letter { return run(of: .letter, from: i + 1) }
    let symbols = scalars[i] == " " && i + 1 < classes.count ? i + 1 : i
    if classes[symbols] == .other {
      var end = run(of: .other, from: symbols)
      while end < classes.count, classes[end] == .newline { end += 1 }
      return end
    }
    // \s*[\r\n]+ : white space up to and including its last line break.
    var end = i
    var afterBreak: Int?
    while end < classes.count, classes[end] == .space || classes[end] == .newline {
      if classes[end] == .newline { afterBreak = end + 1 }
      end += 1
    }
    return afterBreak ?? space(from: i)
  }

  private func run(of kind: CharacterClass, from start: Int) -> Int {
    var end = start
    while end < classes.count, classes[end] == kind { end += 1 }
    return end
  }

  /// `\s+(?!\S)|\s+`: white space, all but its last character when a word follows and there are several.
  private func space(from i: Int) -> Int {
    var end = i
    while end < classes.count, classes[end] == .space || classes[end] == .newline { end += 1 }
    if end < classes.count, end - i > 1 { return end - 1 }
    return max(end, i + 1)
  }

  private func contraction(at i: Int, ignoringCase: Bool) -> Int? {
    guard scalars[i] == "'", i + 1 < scalars.count else { return nil }
    func letter(_ j: Int) -> Unicode.Scalar? {
      guard j < scalars.count else { return nil }
      let scalar = scalars[j]
      guard ignoringCase else { return scalar }
      if scalar == "\u{17F}" { return "s" }  // long s folds to s
      if ("A"..."Z").contains(scalar) { return Unicode.Scalar(UInt8(scalar.value) + 32) }
      return scalar
    }
    guard let first = letter(i + 1) else { return nil }
    switch first {
    case "s", "t", "m", "d": return i + 2
    case "r", "v": return letter(i + 2) == "e" ? i + 3 : nil
    case "l": return letter(i + 2) == "l" ? i + 3 : nil
    default: return nil
    }
  }
}
