/// The words of choosing in the languages whose talk is read from few words: Dutch, the Scandinavian languages, Polish,
/// Czech, Ukrainian, Turkish, Indonesian, Vietnamese, Arabic, Hindi. The languages with more of them have theirs in
/// `ChoiceWords` and `ChoiceVocabulary`. A language stands here only with its denials: to read "answer" where "not" is
/// not read would invent answers.
enum ChoiceLanguages {
  /// "Answer", "option", "solution".
  static let answers = ChoiceWords.words(
    """
    antwoord optie keuze svar svaret alternativ svarsalternativ odpowiedź odpowiedzią opcja opcją odpověď odpovědí možnost
    відповідь варіант cevap cevabı yanıt yanıtı seçenek seçeneği şık şıkkı jawaban jawabannya pilihan đáp án الإجابة الجواب
    الخيار उत्तर विकल्प
    """)

  /// "Is".
  static let copulas = ChoiceWords.words("är er jest je adalah ialah là هي هو है हैं")

  /// "Right", "the", "therefore": what else may stand beside an answer.
  static let others = ChoiceWords.words(
    """
    het de juiste goede correcte dus daarom rätt rätta riktige rigtige korrekta därför derfor alltså altså poprawna poprawną
    prawidłowa prawidłową więc zatem dlatego to správná správnou tedy proto правильна правильний отже тому doğru olan
    dolayısıyla yani bu nedenle yang benar tepat jadi maka oleh karena itu đúng chính xác vậy do đó الصحيحة الصحيح إذن لذلك
    सही इसलिए अतः
    """)

  /// "Not", "wrong".
  static let denials = ChoiceWords.words(
    """
    niet geen fout onjuist inte ikke ikkje fel feil forkert nie błędna błędną niepoprawna není nesprávná špatná неправильна
    ні değil değildir yanlış bukan salah tidak không sai ليس ليست خطأ خاطئة नहीं गलत
    """)
}
