/// The words with which an answer is announced, pointed at, and judged.
extension ChoiceWords {
  // MARK: - Announcing an answer

  /// What an option may be called.
  static let optionNouns = words("option choice")

  /// What an option may be called before its letter without a verb between them.
  static let letterNouns = words("option choice letter")

  /// What an option is called where a letter stands for it in brackets or behind them: "(option C)".
  static let bracketNouns = words("option choice answer")

  /// What a letter may be called.
  static let nouns = words("option choice answer letter")

  /// Words that announce the letter behind them, in a claim read backwards from its letter.
  static let announcing = words(
    """
    answer answers answer's ans answr anwser awnser final choice option selection solution response conclusion guess letter
    choose select pick chose selected picked choosing selecting picking
    antwort lösung respuesta réponse resposta risposta opción opcion alternativa opção opzione ответ
    答案 答案是 答案为 选择 选
    """
  ).union(ChoiceLanguages.answers)

  /// Words by which a clause of choosing says itself that it is about the answer. Fewer than `announcing`, for nothing
  /// joins them to the letter; and "the exception is D", "richtige D" announce only here.
  static let announcingClause = words(
    """
    answer option choice antwort lösung réponse respuesta opción resposta risposta ответ answer's answr anwser awnser
    solution exception pick choose select guess correcte correcta richtige correct
    """)

  /// Words that may stand between an announcement and its letter.
  static let between = words(
    """
    is are was be would must should will becomes seems appears remains has get go say think believe given labeled labelled
    therefore thus hence so then here there now still indeed definitely clearly probably simply obviously certainly actually
    surely just likely most best correct right final accurate appropriate suitable closest single obvious
    the my your this that these it i we one all to as by of for with in on among out above above's follows
    option options choice choices answer letter question question's problem number statement sentence item case
    ist lautet es est la é è это die der zu und esta correcta correcto richtige bonne corretta correta opción lettre
    buchstabe letra 是 为 选项 选 正确
    """
  ).union(ChoiceLanguages.others).union(ChoiceLanguages.copulas)

  /// Words that join an announcement to its letter.
  static let joining = words(
    """
    is are was be ist es est é è это seems appears remains becomes lautet 是 为 choose select pick chose selected picked
    choosing selecting picking with say 选择 选 答案是 答案为 answer's
    """
  ).union(ChoiceLanguages.copulas)

  /// Words that stand for an answer announced before: "it's C".
  static let pronouns = words("it it's that's")

  /// What an announced answer is called once more: "the answer that is right is C".
  static let praisedAnnouncement = words("correct right best")

  /// "Go with", "settle on": verbs that announce with their preposition.
  static let goingWith = words("go going went")
  static let settlingOn = words("settle settled decide decided")

  /// "I'd say", "inclined to say", "I would say": whose word it is.
  static let firstPersonWould = words("i'd i'll we'd id")
  static let firstPersonInclined = words("inclined going like")

  /// Words from which a letter at a sentence's end is concluded, and those that may stand between.
  static let concluding = words(
    "therefore thus hence so conclusion finally overall consequently choose leaves leaving left")
  static let betweenConclusion = words("option choice only the in answer with us must be it it's")

  /// Words that may follow a letter without making it an article or a name.
  static let following = words(
    """
    because since as which for based due given by per according where that so and or but with i the who when from rather not
    instead only here in is was at if therefore it this thus being over weil da porque car
    """)

  /// Verbs that make the "I" before them a pronoun.
  static let pronounVerbs = words("think believe am was")

  /// Things that letters name in science, so that the letter behind one is no option.
  static let labelled = words(
    """
    vitamin hepatitis type class group factor protein phase plan grade point segment side angle set variable element
    compound substance sample species flask gas figure organism bulb beaker object particle planet wire student degrees
    """)

  // MARK: - Sentences that talk of choosing

  /// Words that point at a letter in a clause of its own.
  static let pointing = words(
    """
    option choice answer letter so thus hence therefore which only leaves leaving matches matching corresponds corresponding
    it it's this that that's is choose pick select making makes giving gives also but sondern mais sino daher somit
    folglich donc luego correct right richtig correcta correcto correcte true say go namely ie listed labelled labeled denoted
    belonging belongs points pointing marked given
    """)

  /// Words that point at a letter or announce one.
  static let pointingOrAnnouncing = pointing.union(announcingClause)

  /// Words that say how sure an answer is.
  static let assuring = words("probably definitely likely most certainly clearly obviously surely it's option")

  /// Words with which someone speaks of their own choice.
  static let firstPerson = words("i i'm i'd i'll id ich je yo")

  /// "… corresponds to option C": what matches, and the words between it and the option.
  static let matching = words("corresponds corresponding matches matching match described")
  static let betweenMatch = words("to with by the is")

  /// Copulas that put a letter at a response's end level with what was asked for.
  static let equating = words("is ist est es è é =")

  /// "The one that is not a source": what a relative clause, whose denial says nothing of the letter, hangs on, and how
  /// it begins.
  static let relativeNouns = words("one option choice only statement")
  static let relativePronouns = words("that which who that's not")

  /// What an option is called right before the letter a response ends with.
  static let endingNouns = words("statement option choice answer")

  /// "That leaves only one": what says that an option is left, and that it is the only one.
  static let leaving = words("leaves left remaining remains")
  static let onlyOne = words("one only single elimination")

  // MARK: - What is said behind a letter

  /// Copulas between a letter and a verdict on it alone: "C is true".
  static let verdictCopulas = words("is ist est es")

  /// Verdicts.
  static let verdicts = words("true correct right yes richtig wahr korrekt 正确 对")

  /// Verdicts at the end of a line that its letter heads.
  static let lineVerdicts = words("yes correct")

  /// Verbs that praise begins with, and what it says.
  static let praisingVerbs = words("is must would seems has remains appears looks = being fits as")
  static let praise = words("correct right best answer valid accurate")

  /// "B is what we want": who wants.
  static let wanting = words("we i you they")

  /// Verbs behind a letter that may deny it.
  static let deniableVerbs = words("is was are can cannot does would")

  /// "Which makes A my answer": the verb, whose, and what.
  static let making = words("makes making make leaves leaving")
  static let possessives = words("my the our")
  static let madeInto = words("answer choice pick option solution")

  /// Others than the one who answers, and the verbs of their word.
  static let others = words("people some others many students someone")
  static let othersVerbs = words("say pick choose think answer go select argue prefer")

  /// What joins an announcement to the letter it submits.
  static let submitting = words(": = is")

  /// Words behind a letter that begin its reason.
  static let reasonsForLetter = words("because since")

  /// Names that a capital and a dot abbreviate: "E. coli".
  static let abbreviatedSpecies = words("coli elegans albicans faecalis burgdorferi")
}
