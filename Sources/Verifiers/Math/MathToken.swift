/// One lexical unit of an answer.
struct MathToken: Sendable, Equatable {
  var kind: Kind
  /// Whether white space (or a LaTeX space) stood before it.
  var isSpaced: Bool
  /// The byte range in the source.
  var start: Int
  var end: Int

  enum Kind: Sendable, Equatable {
    /// A literal; `decimals` counts significant digits when it has a decimal point, `isPlain` means digits only.
    case number(Rational, decimals: Int, isPlain: Bool)
    case vulgarFraction(Rational)
    case based(digits: String, base: Int, value: Rational)
    case variable(String)
    /// A run of letters that is no known name.
    case word(String)
    /// The contents of `\text{…}`.
    case text(String)
    case constant(MathConstant)
    case function(MathFunction)
    case series(MathExpression.SeriesKind)
    case relation(Relation)
    case setOperation(MathExpression.SetOperation)
    case open(Delimiter), close(Delimiter)
    case begin(String), end(String)
    /// A factor spelled out, such as million.
    case scale(Int)
    case plus, minus, plusMinus, minusPlus, times, slash, caret, underscore, bang, prime, percent, degree
    case comma, semicolon, colon, bar, doubleBar, ampersand, rowEnd, stop, dots, modulo
    /// `and` between answers.
    case conjunction
    /// `or` between answers.
    case disjunction
    case fraction, binomial, squareRoot, cubeRoot, over, choose, overline, vectorMark
  }

  enum Delimiter: Sendable, Equatable { case round, square, group, brace, floor, ceiling, angle }
}

/// Why an answer could not be read.
struct MathSyntaxError: Error, Sendable, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// The limits that stand in for time-outs. Whatever exceeds one is not read or not compared, never computed further.
struct MathBudget: Sendable {
  /// Bytes of an answer that is read.
  var answerBytes = 20_000
  /// Tokens of one answer.
  var tokens = 6_000
  /// Nesting of brackets, fractions and exponents.
  var depth = 64
  /// Bits of an exact number (about 9,800 decimal digits).
  var bits = 32_768
  /// Elements of a list, set, tuple or matrix, after the expansion of ±.
  var elements = 256
  /// Terms of a polynomial normal form.
  var terms = 160
  /// Terms of a sum or product that is evaluated.
  var seriesTerms = 2_000
  /// Elementary steps of one check.
  var steps = 150_000
  /// Sample points that must agree.
  var samples = 6

  static let standard = MathBudget()
}
