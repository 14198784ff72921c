/// What a parsed answer is made of.
indirect enum MathExpression: Sendable, Equatable {
  /// An exact number. `decimals` counts the significant digits of a literal with a decimal point, 0 for other numbers.
  case number(Rational, decimals: Int)
  case constant(MathConstant)
  /// A variable with its subscript and primes, for example `x`, `a_{1}`, `f'`.
  case variable(String)
  case sum([MathExpression])
  case product([MathExpression])
  case quotient(MathExpression, MathExpression)
  case power(MathExpression, MathExpression)
  case negation(MathExpression)
  /// An angle in degrees: the number itself, except inside a trigonometric function.
  case degrees(MathExpression)
  case function(MathFunction, [MathExpression])
  /// An unknown function applied to arguments, such as f(2).
  case application(String, [MathExpression])
  case series(SeriesKind, variable: String, from: MathExpression, to: MathExpression, MathExpression)
  /// `a ± b` (`isMinusFirst` for ∓), or a leading sign when the first operand is nil.
  case plusMinus(MathExpression?, MathExpression, isMinusFirst: Bool)
  /// A numeral in a base other than ten, as written, with its value.
  case based(digits: String, base: Int, value: Rational)

  /// Elements without brackets: unordered.
  case list([MathExpression])
  case set([MathExpression])
  /// Elements in round or angle brackets; a pair in round brackets may also be an open interval.
  case tuple([MathExpression], Brackets)
  case interval(MathExpression, MathExpression, closedLeft: Bool, closedRight: Bool)
  case setOperation(SetOperation, MathExpression, MathExpression)
  case relation(MathExpression, [RelationStep])
  case matrix([[MathExpression]])
  case ratio([MathExpression])
  case text(String)

  /// The brackets of a tuple.
  enum Brackets: Sendable, Equatable { case round, square, angle }
  /// Sum or product over a range.
  enum SeriesKind: String, Sendable, Equatable { case sum, product }
  /// An operation on sets.
  enum SetOperation: String, Sendable, Equatable { case union, intersection, difference }
  /// One link of a chain such as `a < b <= c`.
  struct RelationStep: Sendable, Equatable {
    let relation: Relation
    let right: MathExpression
  }

  static func integer(_ value: Int) -> MathExpression { .number(Rational(value), decimals: 0) }
  static func rational(_ value: Rational) -> MathExpression { .number(value, decimals: 0) }
}

/// A comparison sign.
enum Relation: String, Sendable, Equatable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case approximate = "~"
  case element = "in"
  case congruent = "congruent"

  /// The sign read from right to left.
  var flipped: Relation {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }

  var isOrder: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }
}

/// A named number or set.
enum MathConstant: String, Sendable, Equatable {
  case pi
  case euler = "e"
  case imaginary = "i"
  case infinity
  case emptySet = "{}"
  case reals = "R"
}

/// A function with a fixed meaning.
enum MathFunction: String, Sendable, Equatable, Hashable {
  case sin, cos, tan, cot, sec, csc, arcsin, arccos, arctan, arccot, arcsec, arccsc
  case sinh, cosh, tanh, coth, sech, csch, arsinh, arcosh, artanh
  /// `ln` is natural, `log` a logarithm without base (natural or decimal), `logBase` has (argument, base).
  case ln, log, logBase, exp
  /// `root` has (radicand, degree).
  case root
  case abs, floor, ceil, sign, factorial, doubleFactorial, binomial, gcd, lcm, max, min, realPart, imaginaryPart
  case conjugate, argument, modulo, determinant
  /// cos x + i sin x; only the parser knows it.
  case cis
  /// A mark that keeps two things apart without a value, such as a bar over a segment's name.
  case overline, vector

  var isTrigonometric: Bool {
    switch self {
    case .sin, .cos, .tan, .cot, .sec, .csc: true
    default: false
    }
  }
}

extension MathExpression {
  /// Whether it is an order relation, or a union of such.
  var isOrder: Bool {
    switch self {
    case .relation(_, let steps): steps.allSatisfy { $0.relation.isOrder || $0.relation == .notEqual }
    case .setOperation(_, let left, let right): left.isOrder && right.isOrder
    default: false
    }
  }

  /// Whether it is an order relation or fixes a variable.
  var isCondition: Bool {
    if case .relation(.variable, let steps) = self, steps.count == 1, steps[0].relation == .equal { return true }
    return isOrder
  }

  /// The direct parts.
  var children: [MathExpression] {
    switch self {
    case .number, .constant, .variable, .based, .text: []
    case .sum(let parts), .product(let parts), .list(let parts), .set(let parts), .tuple(let parts, _),
      .ratio(let parts), .function(_, let parts), .application(_, let parts):
      parts
    case .quotient(let a, let b), .power(let a, let b), .interval(let a, let b, _, _), .setOperation(_, let a, let b):
      [a, b]
    case .negation(let inner), .degrees(let inner): [inner]
    case .series(_, _, let from, let to, let body): [from, to, body]
    case .plusMinus(let left, let right, _): left.map { [$0, right] } ?? [right]
    case .relation(let first, let steps): [first] + steps.map(\.right)
    case .matrix(let rows): rows.flatMap { $0 }
    }
  }

  /// The same node over other parts, as many as `children` has.
  func replacingChildren(_ parts: [MathExpression]) -> MathExpression {
    switch self {
    case .number, .constant, .variable, .based, .text: return self
    case .sum: return .sum(parts)
    case .product: return .product(parts)
    case .list: return .list(parts)
    case .set: return .set(parts)
    case .tuple(_, let brackets): return .tuple(parts, brackets)
    case .ratio: return .ratio(parts)
    case .function(let function, _): return .function(function, parts)
    case .application(let name, _): return .application(name, parts)
    case .quotient: return .quotient(parts[0], parts[1])
    case .power: return .power(parts[0], parts[1])
    case .interval(_, _, let left, let right):
      return .interval(parts[0], parts[1], closedLeft: left, closedRight: right)
    case .setOperation(let operation, _, _): return .setOperation(operation, parts[0], parts[1])
    case .negation: return .negation(parts[0])
    case .degrees: return .degrees(parts[0])
    case .series(let kind, let variable, _, _, _):
      return .series(kind, variable: variable, from: parts[0], to: parts[1], parts[2])
    case .plusMinus(let left, _, let isMinusFirst):
      return .plusMinus(left == nil ? nil : parts[0], parts[parts.count - 1], isMinusFirst: isMinusFirst)
    case .relation(_, let steps):
      return .relation(
        parts[0], zip(steps, parts.dropFirst()).map { RelationStep(relation: $0.relation, right: $1) })
    case .matrix(let rows):
      var index = 0
      return .matrix(
        rows.map { row in
          row.map { _ in
            defer { index += 1 }
            return parts[index]
          }
        })
    }
  }

  /// Whether `test` holds for this node or any below.
  func contains(_ test: (MathExpression) -> Bool) -> Bool {
    test(self) || children.contains { $0.contains(test) }
  }

  /// The free variables.
  var variables: Set<String> {
    var names: Set<String> = []
    collectVariables(&names)
    return names
  }

  private func collectVariables(_ names: inout Set<String>) {
    switch self {
    case .number, .constant, .based, .text: return
    case .variable(let name): names.insert(name)
    case .series(_, let bound, let from, let to, let body):
      var inner: Set<String> = []
      body.collectVariables(&inner)
      inner.remove(bound)
      names.formUnion(inner)
      from.collectVariables(&names)
      to.collectVariables(&names)
    default: for child in children { child.collectVariables(&names) }
    }
  }

  /// The expression with `value` in the place of a variable.
  func substituting(_ name: String, _ value: MathExpression) -> MathExpression {
    switch self {
    case .variable(name): return value
    case .number, .constant, .based, .text, .variable: return self
    case .series(_, name, _, _, _): return self
    default: return replacingChildren(children.map { $0.substituting(name, value) })
    }
  }

  /// Whether it may be a single number or formula rather than a structure, relation or words.
  var isScalar: Bool {
    switch self {
    case .list, .set, .tuple, .interval, .setOperation, .relation, .matrix, .ratio, .text, .plusMinus, .based: false
    case .constant(.emptySet), .constant(.reals): false
    default: true
    }
  }

  /// A hash that is the same in every process.
  func fingerprint(into hash: inout StableHash) {
    switch self {
    case .number(let value, _): hash.combine(value.description)
    case .constant(let constant): hash.combine(constant.rawValue)
    case .variable(let name): hash.combine(name)
    case .based(let digits, let base, _): hash.combine("\(digits)_\(base)")
    case .text(let text): hash.combine(text)
    case .function(let function, _): hash.combine(function.rawValue)
    case .sum: hash.combine("+")
    case .product: hash.combine("*")
    case .quotient: hash.combine("/")
    case .power: hash.combine("^")
    default: hash.combine("node")
    }
    for child in children { child.fingerprint(into: &hash) }
  }
}
