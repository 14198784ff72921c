/// The names and signs the lexer knows.
enum MathVocabulary {
  /// What a LaTeX command stands for.
  enum Meaning {
    case token(MathToken.Kind)
    /// Ignored: spacing, sizes, styles.
    case skip
    /// A delimiter size: ignored, together with an invisible delimiter after it.
    case delimiterSize
    /// Ignored with its argument.
    case skipArgument
    /// `\text` and its kin.
    case text
    /// A font: its argument is read as mathematics.
    case font
    case blackboard
    case begin, end
    case not
    /// `\pmod{7}`, which is `(mod 7)`.
    case parenthesizedModulo
    /// An arrow: what follows is the answer.
    case implies
  }

  static let commands: [String: Meaning] = {
    var table: [String: Meaning] = [:]
    for name in [
      "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits", "quad", "qquad", "rm",
      "bf", "it", "mathstrut", "strut", "boxed", "fbox", "framebox", "mathop", "mathrel", "mathbin", "thinspace",
      "medspace", "thickspace", "negthinspace", "enspace", "null", "relax", "angle", "measuredangle", "triangle",
      "nonumber", "hfill", "noindent", "centering", "mathopen", "mathclose", "mathord", "mathinner", "smash",
      "ensuremath", "checkmark", "blacksquare", "qed", "tiny", "scriptsize", "footnotesize", "small", "normalsize",
      "large", "Large", "LARGE", "huge",
      "Huge", "pounds", "euro", "hline", "therefore", "because", "unicode",
    ] { table[name] = .skip }
    for name in [
      "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr",
      "Biggl", "Biggr", "bigm", "Bigm",
    ] { table[name] = .delimiterSize }
    for name in [
      "color", "textcolor", "colorbox", "hspace", "vspace", "phantom", "vphantom", "hphantom", "label", "tag", "kern",
      "mkern", "mskip", "hskip", "rule", "cite",
    ] { table[name] = .skipArgument }
    for name in ["text", "textrm", "textnormal", "mbox", "hbox", "textsf", "texttt", "textup", "si"] {
      table[name] = .text
    }
    for name in ["textbf", "textit", "emph", "underline", "textsc"] { table[name] = .text }
    for name in [
      "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "boldsymbol", "bm", "operatorname", "mathcal",
      "mathfrak", "mathscr", "unit", "pmb",
    ] { table[name] = .font }
    table["mathbb"] = .blackboard
    table["Bbb"] = .blackboard
    table["begin"] = .begin
    table["end"] = .end
    table["not"] = .not
    table["pmod"] = .parenthesizedModulo
    for name in ["Rightarrow", "implies", "Longrightarrow"] { table[name] = .implies }
    let tokens: [(String, MathToken.Kind)] = [
      ("cdot", .times), ("times", .times), ("ast", .times), ("bullet", .times), ("star", .times), ("div", .slash),
      ("pm", .plusMinus), ("mp", .minusPlus), ("le", .relation(.lessOrEqual)), ("leq", .relation(.lessOrEqual)),
      ("leqslant", .relation(.lessOrEqual)), ("leqq", .relation(.lessOrEqual)), ("lt", .relation(.less)),
      ("ge", .relation(.greaterOrEqual)), ("geq", .relation(.greaterOrEqual)),
      ("geqslant", .relation(.greaterOrEqual)), ("geqq", .relation(.greaterOrEqual)), ("gt", .relation(.greater)),
      ("ne", .relation(.notEqual)), ("neq", .relation(.notEqual)), ("equiv", .relation(.congruent)),
      ("approx", .relation(.approximate)), ("approxeq", .relation(.approximate)), ("simeq", .relation(.approximate)),
      ("sim", .relation(.approximate)), ("cong", .relation(.equal)), ("doteq", .relation(.equal)),
      ("coloneqq", .relation(.equal)), ("triangleq", .relation(.equal)), ("in", .relation(.element)),
      ("cup", .setOperation(.union)), ("bigcup", .setOperation(.union)), ("cap", .setOperation(.intersection)),
      ("setminus", .setOperation(.difference)), ("backslash", .setOperation(.difference)),
      ("smallsetminus", .setOperation(.difference)), ("land", .conjunction), ("lor", .disjunction),
      ("wedge", .conjunction), ("vee", .disjunction), ("lbrace", .open(.brace)), ("rbrace", .close(.brace)),
      ("lbrack", .open(.square)), ("rbrack", .close(.square)), ("lparen", .open(.round)), ("rparen", .close(.round)),
      ("lfloor", .open(.floor)), ("rfloor", .close(.floor)), ("lceil", .open(.ceiling)), ("rceil", .close(.ceiling)),
      ("langle", .open(.angle)), ("rangle", .close(.angle)), ("lvert", .bar), ("rvert", .bar), ("vert", .bar),
      ("mid", .bar), ("Vert", .doubleBar), ("lVert", .doubleBar), ("rVert", .doubleBar), ("colon", .colon),
      ("frac", .fraction), ("dfrac", .fraction), ("tfrac", .fraction), ("cfrac", .fraction), ("sfrac", .fraction),
      ("nicefrac", .fraction), ("binom", .binomial), ("dbinom", .binomial), ("tbinom", .binomial),
      ("sqrt", .squareRoot), ("surd", .squareRoot), ("over", .over), ("choose", .choose), ("overline", .overline),
      ("bar", .overline), ("widebar", .overline), ("vec", .vectorMark), ("hat", .vectorMark),
      ("widehat", .vectorMark), ("overrightarrow", .vectorMark), ("sum", .series(.sum)), ("prod", .series(.product)),
      ("prime", .prime), ("circ", .degree), ("degree", .degree), ("infty", .constant(.infinity)),
      ("pi", .constant(.pi)), ("emptyset", .constant(.emptySet)), ("varnothing", .constant(.emptySet)),
      ("ldots", .dots), ("cdots", .dots), ("dots", .dots), ("dotsc", .dots), ("dotsb", .dots), ("bmod", .modulo),
      ("mod", .modulo), ("percent", .percent), ("cr", .rowEnd), ("newline", .rowEnd),
      ("tan", .function(.tan)), ("tg", .function(.tan)), ("ctg", .function(.cot)),
      ("Re", .function(.realPart)), ("Im", .function(.imaginaryPart)), ("sgn", .function(.sign)),
      ("det", .function(.determinant)), ("infin", .constant(.infinity)), ("R", .constant(.reals)),
      ("reals", .constant(.reals)), ("cbrt", .cubeRoot), ("lg", .function(.logBase)),
    ]
    for (name, kind) in tokens { table[name] = .token(kind) }
    for (name, function) in functions where table[name] == nil { table[name] = .token(.function(function)) }
    for name in greek { table[name] = .token(.variable(name)) }
    for name in ["epsilon", "theta", "phi", "rho", "sigma", "kappa"] { table["var" + name] = .token(.variable(name)) }
    table["ell"] = .token(.variable("l"))
    return table
  }()

  static let greek = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "omicron", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda",
    "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "mho",
  ]

  /// Function names, in LaTeX (with a backslash) and in plain or code style.
  static let functions: [String: MathFunction] = [
    "sin": .sin, "cos": .cos, "tan": .tan, "cot": .cot, "sec": .sec, "csc": .csc, "cosec": .csc, "arcsin": .arcsin,
    "arccos": .arccos, "arctan": .arctan, "arccot": .arccot, "arcsec": .arcsec, "arccsc": .arccsc, "asin": .arcsin,
    "acos": .arccos, "atan": .arctan, "acot": .arccot, "asec": .arcsec, "acsc": .arccsc, "sinh": .sinh, "cosh": .cosh,
    "tanh": .tanh, "coth": .coth, "sech": .sech, "csch": .csch, "arsinh": .arsinh, "arcosh": .arcosh,
    "artanh": .artanh, "arcsinh": .arsinh, "arccosh": .arcosh, "arctanh": .artanh, "asinh": .arsinh, "acosh": .arcosh,
    "atanh": .artanh, "ln": .ln, "log": .log, "exp": .exp, "abs": .abs, "Abs": .abs, "floor": .floor, "ceil": .ceil,
    "ceiling": .ceil, "sign": .sign, "sgn": .sign, "factorial": .factorial, "binomial": .binomial, "binom": .binomial,
    "comb": .binomial, "gcd": .gcd, "lcm": .lcm, "max": .max, "min": .min, "Max": .max, "Min": .min, "mod": .modulo,
    "re": .realPart, "im": .imaginaryPart, "conjugate": .conjugate, "arg": .argument, "det": .determinant,
    "root": .root, "nthroot": .root, "cis": .cis,
  ]

  /// Names that may stand glued to letters, as in `sinx` or `2xcosx`; longest first.
  static let gluedNames = ["arcsin", "arccos", "arctan", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln"]

  /// Words with a meaning of their own in running text.
  static let words: [String: MathToken.Kind] = [
    "pi": .constant(.pi), "infinity": .constant(.infinity), "infty": .constant(.infinity), "inf": .constant(.infinity),
    "oo": .constant(.infinity), "and": .conjunction, "or": .disjunction, "percent": .percent, "pct": .percent,
    "per cent": .percent,
    "degrees": .degree, "degree": .degree, "deg": .degree, "thousand": .scale(1000), "million": .scale(1_000_000),
    "millions": .scale(1_000_000), "billion": .scale(1_000_000_000), "trillion": .scale(1_000_000_000_000),
    "union": .setOperation(.union), "sqrt": .squareRoot, "cbrt": .cubeRoot, "times": .times, "plus": .plus,
    "minus": .minus,
  ]

  /// Units that are read as such even when glued to the number.
  static let units: Set<String> = [
    "cm", "mm", "km", "nm", "dm", "kg", "mg", "ml", "mL", "ft", "in", "yd", "mi", "lb", "lbs", "oz", "hr", "hrs", "min",
    "mins", "sec", "secs", "ms", "mph", "kph", "kmh", "km/h", "m/s", "sq", "cu", "rad", "USD", "usd", "EUR", "GBP",
    "pcs",
    "gal", "qt", "pt", "Hz", "kHz", "MHz", "kW", "kWh", "MB", "GB", "TB", "KB", "dollars", "dollar", "cents", "cent",
    "units", "unit", "inches", "inch", "feet", "foot", "meters", "meter", "metres", "metre", "miles", "mile", "hours",
    "hour", "minutes", "minute", "seconds", "second", "days", "day", "weeks", "week", "months", "month", "years",
    "year", "yrs", "yr", "square", "cubic", "radians", "people", "ways", "way", "points", "grams", "gram", "liters",
    "liter", "litres", "euros", "pounds", "gallons", "kilometers", "centimeters", "millimeters", "kilograms",
  ]

  /// Short nouns that count as a unit after a spaced number; longer words always do.
  static let shortNouns: Set<String> = [
    "men", "man", "dog", "cat", "pen", "box", "egg", "car", "cow", "hen", "pig", "bus", "toy", "hat", "bag", "cap",
    "cup", "ton", "bit", "row", "set", "boy", "kid", "ant", "bee", "fly", "jar", "mug", "nut", "pie", "pot", "tie",
    "top", "tub", "yr", "hr", "m", "am", "pm", "pts", "ppl", "of", "per",
  ]

  static let numberWords: [String: Int] = [
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
  ]

  /// Codes that stand before an amount and say nothing about it.
  static let currencyCodes: Set<String> = ["USD", "EUR", "GBP", "JPY", "CNY", "RMB", "INR", "Rs", "US", "CAD", "AUD"]

  /// Words before a value that say nothing about it.
  static let fillers: Set<String> = [
    "approximately", "about", "roughly", "exactly", "approx", "around", "simply", "therefore", "thus",
  ]

  /// Modules whose names stand before functions and constants in code.
  static let codeModules: Set<String> = ["math", "cmath", "np", "numpy", "sp", "sympy"]

  /// Texts that name a set.
  static let namedSets: [String: MathConstant] = [
    "empty set": .emptySet, "the empty set": .emptySet, "no solution": .emptySet, "no solutions": .emptySet,
    "empty": .emptySet, "no real solutions": .emptySet, "no real solution": .emptySet, "all real numbers": .reals,
    "all reals": .reals, "real numbers": .reals, "the real numbers": .reals,
  ]

  /// What a non-ASCII character stands for, as LaTeX-free tokens.
  static func symbol(_ scalar: UInt32) -> MathToken.Kind? {
    switch scalar {
    case 0x2212, 0x2013, 0x2014, 0x2010, 0x2011, 0xFE63: .minus
    case 0xD7, 0xB7, 0x22C5, 0x2219, 0x2022, 0x2217, 0x2062: .times
    case 0xF7, 0x2044, 0x2215: .slash
    case 0xB1: .plusMinus
    case 0x2213: .minusPlus
    case 0x221A: .squareRoot
    case 0x221B: .cubeRoot
    case 0x3C0: .constant(.pi)
    case 0x221E: .constant(.infinity)
    case 0x2264, 0x2A7D, 0x2266: .relation(.lessOrEqual)
    case 0x2265, 0x2A7E, 0x2267: .relation(.greaterOrEqual)
    case 0x2260: .relation(.notEqual)
    case 0x2248, 0x2243, 0x223C: .relation(.approximate)
    case 0x2261: .relation(.congruent)
    case 0x2254, 0x2245: .relation(.equal)
    case 0x2208: .relation(.element)
    case 0x222A: .setOperation(.union)
    case 0x2229: .setOperation(.intersection)
    case 0x2216: .setOperation(.difference)
    case 0x2227: .conjunction
    case 0x2228: .disjunction
    case 0x2205, 0x2300: .constant(.emptySet)
    case 0x211D: .constant(.reals)
    case 0xB0, 0xBA, 0x2218, 0x2103, 0x2109: .degree
    case 0x2032, 0x2019: .prime
    case 0x2308: .open(.ceiling)
    case 0x2309: .close(.ceiling)
    case 0x230A: .open(.floor)
    case 0x230B: .close(.floor)
    case 0x27E8, 0x2329, 0x3008: .open(.angle)
    case 0x27E9, 0x232A, 0x3009: .close(.angle)
    case 0x3001: .comma
    case 0x3002: .stop
    case 0x2236: .colon
    case 0x2223: .bar
    case 0x2016: .doubleBar
    case 0x2026, 0x22EF: .dots
    case 0x2211: .series(.sum)
    case 0x220F: .series(.product)
    case 0x2107: .constant(.euler)
    default: nil
    }
  }

  /// Whether a character stands for mathematics rather than words.
  static func isMathematical(_ scalar: UInt32) -> Bool {
    symbol(scalar) != nil || vulgarFraction(scalar) != nil || greekName(scalar) != nil
  }

  static func vulgarFraction(_ scalar: UInt32) -> (Int, Int)? {
    switch scalar {
    case 0xBC: (1, 4)
    case 0xBD: (1, 2)
    case 0xBE: (3, 4)
    case 0x2150: (1, 7)
    case 0x2151: (1, 9)
    case 0x2152: (1, 10)
    case 0x2153: (1, 3)
    case 0x2154: (2, 3)
    case 0x2155: (1, 5)
    case 0x2156: (2, 5)
    case 0x2157: (3, 5)
    case 0x2158: (4, 5)
    case 0x2159: (1, 6)
    case 0x215A: (5, 6)
    case 0x215B: (1, 8)
    case 0x215C: (3, 8)
    case 0x215D: (5, 8)
    case 0x215E: (7, 8)
    default: nil
    }
  }

  /// The ASCII character that a raised character stands for.
  static func superscript(_ scalar: UInt32) -> UInt8? {
    switch scalar {
    case 0xB9: 0x31
    case 0xB2, 0xB3: UInt8(scalar - 0xB2) + 0x32
    case 0x2070: 0x30
    case 0x2074...0x2079: UInt8(scalar - 0x2070) + 0x30
    case 0x207A: 0x2B
    case 0x207B: 0x2D
    case 0x207D: 0x28
    case 0x207E: 0x29
    case 0x207F: 0x6E
    case 0x2071: 0x69
    case 0x02E3: 0x78
    default: nil
    }
  }

  static func subscriptDigit(_ scalar: UInt32) -> UInt8? {
    (0x2080...0x2089).contains(scalar) ? UInt8(scalar - 0x2080) + 0x30 : nil
  }

  /// The name of a Greek letter written as a character.
  static func greekName(_ scalar: UInt32) -> String? {
    let lower = [
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
      "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ]
    switch scalar {
    case 0x3B1...0x3C9: return lower[Int(scalar - 0x3B1)]
    case 0x3D1: return "theta"
    case 0x3D5: return "phi"
    case 0x3F5: return "epsilon"
    case 0x391...0x3A9:
      let name = lower[Int(scalar - 0x391)]
      return name.prefix(1).uppercased() + name.dropFirst()
    case 0x2113: return "l"
    default: return nil
    }
  }

  /// The ASCII letter or digit of a mathematical alphanumeric or full-width character.
  static func asciiForm(_ scalar: UInt32) -> UInt8? {
    switch scalar {
    case 0xFF01...0xFF5E: return UInt8(scalar - 0xFEE0)
    case 0x1D7CE...0x1D7FF: return 0x30 + UInt8((scalar - 0x1D7CE) % 10)
    case 0x210E: return 0x68
    case 0x1D400...0x1D6A3:
      let index = UInt8((scalar - 0x1D400) % 52)
      return index < 26 ? 0x41 + index : 0x61 + index - 26
    default: return nil
    }
  }

  static func isInvisible(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060, 0x2061, 0x2063, 0x2064, 0xFEFF, 0xFE0E, 0xFE0F: true
    default: false
    }
  }

  static func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000, 0x2028, 0x2029: true
    default: false
    }
  }

  static func isCurrency(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0xA2...0xA5, 0x20A0...0x20BF, 0xFFE5, 0xFFE1: true
    default: false
    }
  }
}
