/// The talk of choosing: the words in which people and models say which option they choose, in the languages that answers
/// come in. What the question is about has no word here.
enum ChoiceVocabulary {
  /// Whether a word is talk of choosing: of options, of right and wrong, of concluding.
  static func contains(_ token: ChoiceToken) -> Bool {
    token.isIdeographic ? token.lower.allSatisfy(ideographs.contains) : words.contains(token.lower)
  }

  private static let words = [
    english, german, french, spanish, portuguese, italian, russian, ChoiceWords.denials, ChoiceLanguages.answers,
    ChoiceLanguages.copulas, ChoiceLanguages.others,
  ].reduce(into: Set()) { $0.formUnion($1) }

  private static let english = ChoiceWords.words(
    """
    the this that these those it its it's that's there here which what who one ones of for to in on with by from at
    as among between out given above below all both either each any other others rest remaining only just simply is
    are was were be been being am i'm i i'd i'll i've we we'd we'll you my our your would will should must can have
    has had do does did go goes going gone went get gets give gives giving gave leave leaves leaving left make makes
    making mean means say says said saying think thought believe choose chooses choosing chose chosen pick picks
    picked picking select selects selected selecting submit mark take conclude concludes concluded conclusion decide
    decided settle stick arrive fit fits fitting work works match matches matching correspond corresponds
    corresponding agree agrees apply applies hold holds stand stands qualify qualifies satisfy satisfies remain
    remains seem seems appear appears look looks none than over sense vote lock output comes come turns turn looking
    described guess describes answer answers ans option options choice choices letter letters selection response
    solution question problem statement statements candidate verdict result final last correct correctly right true
    best better most likely good accurate valid appropriate suitable proper single unique sole first second third
    fourth fifth sixth two three four five ten definitely certainly clearly obviously surely probably really indeed
    actually finally overall evidently undoubtedly confidently confident sure okay ok alright well yes yeah hmm ah
    oh now then so thus hence therefore consequently accordingly because and or but rather instead namely ie
    correction wait sorry oops mistake still again also process elimination eliminating reasoning reason analysis
    logic explanation based check checking reconsidering reconsideration review after before let's let us me call
    answer's answering point points pointing listed labelled labeled denoted indicated marked shown stated named
    represented represents refers identified provided yields suggests indicates implies confirms supports lead leads
    brings opt opting prefer recommend propose suggest reply respond enter write state report keep stay sticking
    change changing changed mind lean leaning inclined toward towards up close closest closer enough reflection
    along guessing decision determined deduced infer inferred follows follow clear evident apparent obvious
    exception belonging belongs id answr anwser awnser
    """)

  private static let german = ChoiceWords.words(
    """
    würde eher tendieren tendiere wählen nehmen entscheide entscheiden mich mir für tippe auf denke glaube meiner
    meinung nach wohl vermutlich sicher eindeutig zutreffend zutreffende passende einzig einzige kann muss müsste
    sein bin dass antwort antwortmöglichkeit lösung richtig richtige richtiger korrekt korrekte wahl auswahl
    buchstabe ist sind lautet wäre die der das also daher somit folglich deshalb sondern und ich wähle nehme meine
    mein richtigen endgültige stimmt passt trifft zu nur
    """)

  private static let french = ChoiceWords.words(
    """
    que pense crois dirais selon moi sûrement probablement prends retiens cocher coche dois doit être peut ce la le
    les l'option réponse reponse bonne correcte choix lettre est c'est sont donc ainsi mais je choisis choisirais
    juste finale seule exacte vraie solution et
    """)

  private static let spanish = ChoiceWords.words(
    """
    creo pienso diría marco sería debe ser probablemente claramente alternativa tanto por respuesta correcta
    correcto opción opcion letra es son lo luego entonces sino pero elijo escojo solución final única verdadera el
    los las
    """)

  private static let portuguese = ChoiceWords.words(
    """
    acho penso creio resposta correta certa alternativa letra é a portanto logo mas opção escolho
    """)

  private static let italian = ChoiceWords.words(
    """
    penso scelgo credo che sia secondo me risposta corretta giusta esatta opzione lettera è quindi dunque ma
    soluzione
    """)

  private static let russian = ChoiceWords.words(
    """
    ответ правильный верный вариант это поэтому значит итак а но выбираю я
    """)

  /// The characters of the same talk in Chinese, Japanese and Korean.
  private static let ideographs: Set<Character> = Set(
    """
    答案是为為正确確的选選项項应應故所以因此本题題对對择擇最佳终終我认認觉覺得即则則就出可知综綜上述当當属
    屬定判断斷后後来來看分析由项目结結论論这這道位种合适適只有唯一该該此那么麼于於是也都不错錯误誤而且但
    答えはです正解選択肢が正しいのでしょうと思いますよって従を選びま。
    정답은입니다답번선택지가이다고생각합따라서옳맞는것요
    """)
}
