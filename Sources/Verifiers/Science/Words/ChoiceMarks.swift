/// Every set of marks that the rules of this room look marks up in; written like the lists of `ChoiceWords`.
enum ChoiceMarks {
  private static func marks(_ text: String) -> Set<String> { ChoiceWords.words(text) }

  /// Makes the tick before it an emoji; in a list of marks it would join the space before it.
  private static let emojiSelector = "\u{FE0F}"

  // MARK: - Brackets, dashes, ticks

  static let opening = marks("( [")
  static let closing = marks(") ]")
  static let dashes = marks("- – —")
  static let ticks = marks("✓ ✔ ✅ ☑")
  /// Marks that call what stands beside them right or wrong.
  static let judgements = ticks.union(crosses)
  private static let crosses = marks("✗ ✘ ❌")
  /// Marks that deny.
  static let denials = crosses.union(marks("× ≠"))

  /// Marks that say nothing.
  static let harmless = marks(", : ( ) [ ] { } \" ' “ ” ‘ ’ → ⇒ ∴ = > # • · 【 】 「 」 《 》 / & 👉 * < \\")
    .union(ticks).union(dashes).union([emojiSelector])

  /// Marks around a text that is nothing but a letter.
  static let aroundLetter = harmless.union(marks(". ! ;"))

  // MARK: - Where sentences, clauses and claims end

  /// Ends of a sentence, and of a clause in it.
  static let sentenceEnds = marks(". ! ? ; |")
  static let clauseEnds = sentenceEnds.union(marks(","))
  /// Ends of a clause within which a disowned opinion holds.
  static let opinionEnds = clauseEnds.union(marks(": — –"))
  /// Ends of a clause that may be all that talks of choosing.
  static let choosingEnds = clauseEnds.union(arrows).union(marks("— –"))
  static let arrows = marks("→ ⇒ ∴ >")

  /// Marks that end what a claim can reach.
  static let claimEnds = marks(". ; ? !")
  /// Ends of a sentence that may submit a letter by itself.
  static let submissionEnds = marks(". ! ;")
  /// Ends of praise behind a letter, and of what before it denies.
  static let praiseEnds = claimEnds.union(marks(","))
  static let denialEnds = praiseEnds.union(marks(":"))

  // MARK: - Between a letter and what is said of it

  /// What may close around a letter.
  static let closingOrQuote = closing.union(marks("\" '"))
  /// What may open before a letter.
  static let openingOrQuote = opening.union(marks("\""))
  /// Marks that a denial before a list of letters reaches across.
  static let withinDenied = marks(", ( ) [ ] / \" ' &")
  /// Marks that a denial behind a list of letters reaches across.
  static let beforeDenial = dashes.union(closingOrQuote).union(marks(": ( / &"))
  /// Marks that go on with a list of letters.
  static let listing = marks(", / &")
  /// Marks that go on with a claim: "A | B".
  static let claimListing = listing.union(marks("|"))
  /// Marks around the letters of such a claim.
  static let aroundClaimed = opening.union(closingOrQuote)
  /// Marks that join an announcement to its letter.
  static let joining = marks(": = → >")
  /// Marks between a letter and a verdict on it: "A: false", "C - correct?", "C is correct".
  static let beforeJudgement = dashes.union(marks(") ] . : ("))
  static let beforeVerdict = beforeJudgement.union(marks("= ?"))
  static let beforePraise = closingOrQuote.union(marks(", *"))
  /// Marks at the end of a line behind its verdict.
  static let lineEnds = marks(". !").union([emojiSelector])
  /// Marks around and before a letter denied before "but": "not (B), but C".
  static let aroundDenied = marks("( ) , \"")
  static let beforeDenied = marks("( \"")

  // MARK: - Part of something else

  /// Marks that, without spaces, make the letter before them part of something: `C++`, `A/2`.
  static let suffixing = marks("+ / & ' ^ ° % - ‑")
  /// Marks that, without spaces, make the letter behind them part of something: `m/A`.
  static let prefixing = marks("- / ° & ^ + %")

  // MARK: - Behind a letter that heads a text

  /// "C. …", "C) …": marks behind a letter that an answer begins with.
  static let heading = marks(". ) : , ] } ; !")
  /// Marks between a letter and its option's text: in options said again, in the last line, behind a small letter.
  static let headingText = marks(") . : ] -")
  static let endingText = marks(". ) :")
  static let headingSmall = marks(") .")
  /// Marks that are passed over between two letters at a text's beginning.
  static let brackets = marks("( ) [ ] { } \"")
}
