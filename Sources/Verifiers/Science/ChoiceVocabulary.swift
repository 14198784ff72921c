/// The words in which people and models say which option they choose, in the languages that answers come in.
extension ChoiceSentences {
  /// Whether a word is talk of choosing: of options, of right and wrong, of concluding. What it is about has no word here.
  static func isVocabulary(_ token: ChoiceToken) -> Bool {
    if token.isIdeographic { return token.lower.allSatisfy { ideographs.contains($0) } }
    return [vocabulary, ChoiceClaims.denials, ChoiceLanguages.answers, ChoiceLanguages.copulas, ChoiceLanguages.others]
      .contains { $0.contains(token.lower) }
  }

  /// Words that take back what was said before them.
  static let corrections: Set<String> = [
    "wait", "correction", "actually", "rather", "sorry", "oops", "scratch", "mistake", "instead", "nein", "perdón",
    "pardon", "korrektur", "corrección",
  ]

  /// Words of second thoughts between one submission and the next.
  static let rethinking: Set<String> = [
    "reflection", "thought", "thoughts", "revise", "revised", "revising", "reconsider", "reconsidering", "recheck",
    "rechecking", "reconsideration", "hmm", "no", "however", "changed", "correct", "corrected", "correcting", "final",
    "hold", "back", "mistaken",
  ]

  /// Verbs with which people say what they hold; denied, they disown what follows.
  static let opining: Set<String> = [
    "think", "believe", "say", "choose", "pick", "select", "go", "mark", "agree", "feel", "mean", "see", "find",
    "recommend", "denke", "glaube", "creo", "pense", "crois",
  ]

  /// Words after which a denial no longer holds.
  static let contrasting: Set<String> = [
    "but", "sondern", "mais", "sino", "mas", "ma", "so", "therefore", "hence", "thus", "leaves", "leaving", "left",
    "only",
    "rather", "instead",
  ]

  /// What is said of an option that others fall for.
  static let belittling: Set<String> = [
    "mistake", "error", "tempting", "trap", "distractor", "misconception", "misleading", "unlikely", "implausible",
  ]

  /// Words between a denial and the letters it reaches: a list goes on.
  static let listing: Set<String> = [
    "and", "or", "nor", "und", "oder", "et", "ou", "y", "o", "e", "option", "options", "choice", "choices", "answer",
    "answers", "letter", "letters", "the", "out", "either", "both", "be", "it", "is", "la", "le", "die", "der",
    "opción",
    "respuesta", "réponse", "antwort", "noch", "as", "well", "also", "all", "of", "à", "are", "with",
  ]

  /// Words that join the letters of a list.
  static let conjunctions: Set<String> = ["and", "or", "und", "oder", "et", "ou", "y", "o", "e"]

  /// Words that say how sure an answer is.
  static let assuring: Set<String> = [
    "probably", "definitely", "likely", "most", "certainly", "clearly", "obviously", "surely", "it's", "option",
  ]

  /// Words that begin a clause which concedes something to another option.
  static let conceding: Set<String> = [
    "although", "though", "while", "whereas", "obwohl", "aunque", "embora", "sebbene",
  ]

  /// Words with which someone speaks of their own choice.
  static let firstPerson: Set<String> = ["i", "i'm", "i'd", "i'll", "id", "ich", "je", "yo"]

  /// Words that make a claim a guess.
  static let hedging: Set<String> = ["maybe", "perhaps", "possibly", "might", "could", "may"]

  /// Words between letters and what is said of them.
  static let copulas: Set<String> = [
    "is", "are", "was", "were", "can", "could", "must", "would", "should", "does", "do", "did", "be", "being", "also",
    "all", "both", "clearly", "simply", "definitely", "therefore", "obviously", "just", "thus", "then", "here", "ist",
    "sind", "est", "sont", "es", "son", "está", "están", "é", "são", "è", "sono", "each", "again", "out", "now", "a",
    "an",
    "the", "to", "have", "has", "that's", "it's", "être", "peut", "sein", "kann", "ser", "puede", "debe", "essere",
    "può",
    "pode",
  ]

  /// Words that make what follows a supposition or a question.
  static let supposing: Set<String> = [
    "if", "whether", "suppose", "supposing", "assume", "assuming", "imagine", "might", "why", "wenn", "ob", "si", "se",
    "如果", "假设", "若",
  ]

  /// Words that make a "would" depend on something.
  static let conditions: Set<String> = ["if", "unless", "provided", "were", "wenn", "falls", "si"]

  /// Words that point at a letter in a clause of its own.
  static let pointing: Set<String> = [
    "option", "choice", "answer", "letter", "so", "thus", "hence", "therefore", "which", "only", "leaves", "leaving",
    "matches", "matching", "corresponds", "corresponding", "it", "it's", "this", "that", "that's", "is", "choose",
    "pick",
    "select", "making", "makes", "giving", "gives", "sondern", "mais", "sino", "but", "also", "daher", "somit",
    "folglich", "donc", "luego",
    "correct", "right", "richtig", "correcta", "correcto", "correcte", "true", "say", "go", "namely", "ie", "listed",
    "labelled", "labeled", "denoted", "belonging", "belongs", "points", "pointing", "marked", "given",
  ]

  /// Words that announce an answer.
  static let announcing: Set<String> = [
    "answer", "option", "choice", "antwort", "lösung", "réponse", "respuesta", "opción", "resposta", "risposta",
    "ответ",
    "answer's", "answr", "anwser", "awnser", "solution", "exception", "pick", "choose", "select", "guess", "correcte",
    "correcta", "richtige",
    "correct",
  ]

  /// Marks that call what stands before them right or wrong.
  static let judgements: Set<String> = ["✓", "✔", "✅", "☑", "✗", "✘", "❌"]

  /// Marks that say nothing.
  static let harmlessMarks: Set<String> = [
    ",", ":", "(", ")", "[", "]", "{", "}", "\"", "'", "“", "”", "‘", "’", "-", "–", "—", "→", "⇒", "∴", "=", ">", "#",
    "✅", "✔", "✓", "☑", "•", "·", "【", "】", "「", "」", "《", "》", "/", "&", "️", "👉", "*", "<", "\\",
  ]

  private static let vocabulary: Set<String> = Set(
    """
    the this that these those it its it's that's there here which what who one ones of for to in on with by from at as among
    between out given above below all both either each any other others rest remaining only just simply
    is are was were be been being am i'm i i'd i'll i've we we'd we'll you my our your would will should must can have has had
    do does did go goes going gone went get gets give gives giving gave leave leaves leaving left make makes making mean means
    say says said saying think thought believe choose chooses choosing chose chosen pick picks picked picking select selects
    selected selecting submit mark take go conclude concludes concluded conclusion decide decided settle stick arrive
    fit fits fitting work works match matches matching correspond corresponds corresponding agree agrees apply applies hold
    holds stand stands qualify qualifies satisfy satisfies remain remains seem seems appear appears look looks
    none than over sense vote lock output comes come turns turn looking corresponds described guess describes
    answer answers ans option options choice choices letter letters selection response solution question problem statement
    statements candidate verdict result pick final last correct correctly right true best better most likely good better
    accurate valid appropriate suitable proper only single unique sole first second third fourth fifth sixth two three four
    five ten
    definitely certainly clearly obviously surely probably likely really indeed actually simply finally overall evidently
    undoubtedly confidently confident sure okay ok alright well yes yeah hmm ah oh now then so thus hence therefore
    consequently accordingly because and or but rather instead namely ie correction wait sorry oops mistake still again also
    process elimination eliminating reasoning reason analysis logic explanation based check checking reconsidering
    reconsideration review after before let's let us me call
    answer's answering point points pointing listed labelled labeled denoted indicated marked shown stated named represented
    represents refers identified provided yields suggests indicates implies confirms supports lead leads brings opt opting
    prefer recommend propose suggest reply respond enter write state report keep stay sticking change changing changed mind lean leaning inclined toward towards up
    close closest closer enough reflection second after all along guessing decision determined deduced infer inferred follows
    follow clear evident apparent obvious exception belonging belongs id inclined answr anwser awnser
    würde eher tendieren tendiere wählen nehmen entscheide entscheiden mich mir für tippe auf denke glaube meiner meinung nach wohl vermutlich sicher
    eindeutig zutreffend zutreffende passende einzig einzige kann muss müsste sein bin dass
    que pense crois dirais selon moi sûrement probablement prends retiens cocher coche dois doit être peut
    creo pienso diría marco sería debe ser probablemente claramente alternativa tanto por
    acho penso creio scelgo credo che sia secondo me
    antwort antwortmöglichkeit lösung richtig richtige richtiger korrekt korrekte wahl auswahl buchstabe ist sind lautet wäre
    die der das also daher somit folglich deshalb sondern und ich wähle nehme meine mein richtigen endgültige stimmt passt trifft zu nur
    ce la le les l'option réponse reponse bonne correcte choix lettre est c'est sont donc ainsi mais je choisis choisirais juste
    finale seule exacte vraie solution et
    respuesta correcta correcto opción opcion letra es son por lo tanto luego entonces sino pero elijo escojo solución final
    única verdadera el los las
    resposta correta certa alternativa letra é a portanto logo mas opção escolho
    risposta corretta giusta esatta opzione lettera è quindi dunque ma scelgo soluzione
    ответ правильный верный вариант это поэтому значит итак а но выбираю я
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))

  private static let ideographs: Set<Character> = Set(
    "答案是为為正确確的选選项項应應故所以因此本题題对對择擇最佳终終我认認觉覺得即则則就出可知综綜上述当當属屬定判断斷后後来來看分析由项目结結论論这這道位种合适適只有唯一该該此那么麼于於是也都不错錯误誤而且但"
      + "答えはです正解選択肢が正しいのでしょうと思いますよって従を選びま。" + "정답은입니다답번선택지가이다고생각합따라서옳맞는것요")
}

extension ChoiceToken {
  /// Whether it is written without spaces between words: Chinese, Japanese, Korean.
  var isIdeographic: Bool { text.first.map(Self.isIdeograph) ?? false }
}
