/// Every word list that the rules of this room look words up in, by what the rules use it for.
///
/// A list is a text of lower-case words with white space between them, read once. `ChoiceMarks` holds the marks,
/// `ChoiceVocabulary` the one large list of all talk of choosing, `ChoiceLanguages` the languages read from few words.
///
/// Several lists look as if they should be one. They are not: each was grown on responses for the one rule that reads it,
/// and a word added to one that another rule reads changes what is accepted. Where two are easily confused, their
/// comments say what sets them apart.
enum ChoiceWords {
  /// The words of a text.
  static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() })
  }

  // MARK: - Denying and doubting

  /// Words that turn what is said into its opposite.
  static let denials = words(
    """
    not isn't wasn't aren't cannot can't never neither nor wrong incorrect false except unlikely eliminate eliminated rule
    ruled excluded exclude eliminating excluding ruling won't doesn't don't wouldn't couldn't hardly invalid without
    shouldn't discard discarded reject rejected no impossible untrue
    nicht falsch kein keine weder unmöglich pas n'est ne ni fausse faux incorrecte incorrecta incorrecto falsa falso não non
    sbagliata errada неверно не 不是
    """
  ).union(ChoiceLanguages.denials)

  /// Characters that deny inside a word written without spaces.
  static let denyingCharacters: Set<Character> = Set("不错非没誤误违違아틀")

  /// What is said of an option that others fall for.
  static let belittling = words("mistake error tempting trap distractor misconception misleading unlikely implausible")

  /// Words before the announcement of an answer that belittle it or leave it open: "a tempting choice is".
  static let belittlingAnnouncement = words(
    """
    least tempting common distractor distracting might may could if student's students each every
    """)

  /// Words that weaken praise: "is almost correct".
  static let weakening = words("also partially partly tempting almost nearly if about")

  /// "B is out": words before which a letter's being "out" is a denial.
  static let beingOut = words("is are was were")

  /// Verbs and nouns of doubt.
  static let doubts = words("doubt doubts bezweifle dudo doute")

  /// Words before a doubt that take it away: "no doubt".
  static let doubtless = words("no little without sans sin kein ohne")

  /// Verbs with which people say what they hold; denied, they disown what follows.
  static let opining = words(
    """
    think believe say choose pick select go mark agree feel mean see find recommend denke glaube creo pense crois
    """)

  /// Words after which a denial no longer holds.
  static let contrasting = words(
    "but sondern mais sino mas ma so therefore hence thus leaves leaving left only rather instead")

  /// "B as a distant second": behind "as", what belittles the letter.
  static let secondBest = words("second runner backup fallback")

  /// Words that begin a clause which concedes something to another option.
  static let conceding = words("although though while whereas obwohl aunque embora sebbene")

  // MARK: - Supposing and guessing

  /// Words that make what follows a supposition or a question.
  static let supposing = words(
    "if whether suppose supposing assume assuming imagine might why wenn ob si se 如果 假设 若")

  /// Words close before a letter that leave open what is said of it, or leave it to others. Unlike `supposing` they only
  /// weaken praise behind the letter; "I think C is right" is then read as a sentence of its own.
  static let leavingOpen = words("whether if why think thinking say says assume suppose")

  /// Words behind a letter that make what is said of it depend on something.
  static let conditionals = words("would could might wäre serait sería")

  /// Words that make such a "would" depend on something.
  static let conditions = words("if unless provided were wenn falls si")

  /// Words a sentence of an unreal condition begins with: "had it been a fluid, B would be right".
  static let unreal = words("had were")

  /// Words that make a claim a guess.
  static let hedging = words("maybe perhaps possibly might could may")

  /// Verbs of seeming, and words that show that it only seemed so: "B seems right at first, yet".
  static let seeming = words("seems appears looks")
  static let deceiving = words("first initially glance but yet however")

  // MARK: - Second thoughts

  /// Words that take back what was said before them.
  static let corrections = words(
    """
    wait correction actually rather sorry oops scratch mistake instead nein perdón pardon korrektur corrección
    """)

  /// Words of second thoughts between one submission and the next.
  static let rethinking = words(
    """
    reflection thought thoughts revise revised revising reconsider reconsidering recheck rechecking reconsideration hmm no
    however changed correct corrected correcting final hold back mistaken
    """)

  /// Either.
  static let secondThoughts = corrections.union(rethinking)

  // MARK: - Lists of letters

  /// Words between a denial and the letters it reaches: a list goes on.
  static let listing = words(
    """
    and or nor und oder et ou y o e option options choice choices answer answers letter letters the out either both be it is
    la le die der opción respuesta réponse antwort noch as well also all of à are with
    """)

  /// Words that join the letters of a list.
  static let conjunctions = words("and or und oder et ou y o e")

  /// Conjunctions of a claim that goes on. Without "et", "ou", "e", which `conjunctions` has.
  static let claimConjunctions = words("or and und oder y o")

  /// Words that may stand between the letters of such a claim.
  static let betweenClaimed = words("option both either choice maybe possibly")

  /// Words that, behind a letter, go on with a list of options.
  static let listingOn = conjunctions.union(words("nor as well option options"))

  /// What stands between two letters at a text's beginning that are both handed in.
  static let joinedAtOnce = words(", ; / & and or und oder")

  /// Words between letters and what is said of them.
  static let copulas = words(
    """
    is are was were can could must would should does do did be being have has that's it's also all both each again out now
    clearly simply definitely therefore obviously just thus then here a an the to
    ist sind est sont es son está están é são è sono être peut sein kann ser puede debe essere può pode
    """)
}
