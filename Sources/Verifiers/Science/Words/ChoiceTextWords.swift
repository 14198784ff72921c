/// The words by which an option is read from its text. They meet words that were made singular (`ChoiceToken.values`), so
/// that none with a plural's s would ever be found.
enum ChoiceTextWords {
  private static func words(_ text: String) -> Set<String> { ChoiceWords.words(text) }

  /// Words before a text that take it back, doubt it, or leave it to others.
  static let denials = ChoiceWords.denials.union(ChoiceWords.belittling).union(
    words("than whether doubt if some people many"))

  /// Words that, right behind a text, deny it.
  static let denialsRightBehind = words("no isn't aren't wrong false")

  /// Marks and words behind which a denial no longer holds.
  static let contrasts = words(", but ( sondern sino")

  /// Verbs behind a text that may deny it.
  static let deniableVerbs = words("is are was can")

  /// "Is called": what equates the text behind it with what was asked for.
  static let copulas = words("is are was be called it's its that's ist est es answer ans answr say would go must")

  /// Marks behind which nothing but a result stands.
  static let results = words("= ≈ → ⇒ :")

  /// Marks and words behind which a sentence concludes.
  static let concluding = results.union(words("so but , therefore hence also donc entonces quindi portanto"))

  /// Words that say nothing of the matter.
  static let fillers = words(
    """
    i think guess believe it it's its that's is the a an answer ans answr prob here then they are say id i'd would final be
    must correct right one still r choose pick my probably definitely just ok yes to of in on by for with have go
    ist est es die la le
    """)

  /// Verbs with which people say what they hold.
  static let opining = words("say think guess believe answer ans pick choose")

  /// Words that begin a reason.
  static let reasons = words("because bc cause since as due weil porque car")

  /// Words that all the texts of a row may begin with: "They are red", "They are green".
  static let openings = words("they it there are is the a an was were")

  /// Articles.
  static let articles = words("the a an")
}
