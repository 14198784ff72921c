/// Names the language of a text by its script, and within a script by its commonest words and its own letters. Small,
/// without randomness, and silent (nil) where the signs are weak.
enum LanguageGuess {
  private struct Language {
    let code: String
    let words: Set<String>
    /// Letters that only this language of its script has.
    let letters: Set<Character>

    init(_ code: String, _ words: String, _ letters: String = "") {
      self.code = code
      self.words = Set(words.split(separator: " ").map(String.init))
      self.letters = Set(letters)
    }
  }

  private static let scripts: [(name: String, ranges: [ClosedRange<UInt32>])] = [
    ("latin", [0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF]), ("cyrillic", [0x400...0x52F]),
    ("arabic", [0x600...0x6FF, 0x750...0x77F, 0xFB50...0xFDFF]), ("devanagari", [0x900...0x97F]),
    ("bn", [0x980...0x9FF]), ("pa", [0xA00...0xA7F]), ("gu", [0xA80...0xAFF]), ("or", [0xB00...0xB7F]),
    ("ta", [0xB80...0xBFF]), ("te", [0xC00...0xC7F]), ("kn", [0xC80...0xCFF]), ("ml", [0xD00...0xD7F]),
    ("si", [0xD80...0xDFF]), ("th", [0xE00...0xE7F]), ("ko", [0xAC00...0xD7AF, 0x1100...0x11FF]),
    ("kana", [0x3040...0x30FF]), ("han", [0x4E00...0x9FFF]), ("he", [0x590...0x5FF]), ("el", [0x370...0x3FF]),
  ]

  private static let families: [String: [Language]] = [
    "devanagari": [
      Language("hi", "है हैं के में की का और से को यह नहीं पर एक भी लिए करने कि था हो ने आप इस वह जो कर तो"),
      Language("mr", "आहे आहेत आणि च्या मध्ये नाही होते हे ते ती तो या एक की केले करा साठी असे मी आपल्या काही पण त्या करून", "ळ"),
      Language("ne", "छ छन् छैन हो र मा को का यो लागि गर्न भएको पनि हुन् हुन्छ गर्ने तपाईं म उनी एक गरेको भने थियो जस्तै"),
    ],
    "arabic": [
      Language("ar", "في من على إلى أن هذا هذه التي الذي لا ما كان مع عن هو هي ذلك كل بعد قد ثم أو", "ةأإىؤ"),
      Language("fa", "و در به از که این را با است برای آن یک می شود تا هم بر خود های ها کرد شد", "پچژگ"),
      Language("ur", "ہے ہیں کے میں کی اور سے کا کو یہ نہیں پر ایک بھی لیے کہ تھا وہ جو نے اس آپ ہو کر", "ٹڈڑںےہھ"),
    ],
    "cyrillic": [
      Language("ru", "и в не на что это с как по я он из у к за но для от же вы мы они так все", "ыэё"),
      Language("bg", "и на да в се за е от че са с не по това ще като най си има или ви до при", "ъ"),
      Language("uk", "і в не на що це з як за до я він для від та але є у ми вони", "іїєґ"),
    ],
    "latin": [
      Language(
        "en",
        "the of and to in a is that it for was on are with as his they be at this have from or by not but what all were we when your can there an which their if will one our you i my me he she do has had would about"
      ),
      Language(
        "de",
        "der die das und ist nicht in zu den mit von für auf ein eine sich dem auch es an werden aus er hat dass sie nach wird bei ich wir als",
        "ß"),
      Language(
        "fr",
        "le la les de des et est un une du en que qui pour dans pas sur au avec ce il elle nous vous sont je mais par plus"
      ),
      Language(
        "es", "el la los las de y en que un una es por con para no se del al su lo como más pero sus le ha está yo muy",
        "ñ¿¡"),
      Language(
        "it", "il la che di e un una è per non in con del della sono i gli le si da mi come ma più anche questo al nel"),
      Language(
        "pt", "o a os as de e que um uma é do da em para com não por no na se mais como dos mas você ao ele foi", "ãõ"),
      Language(
        "vi", "và của là có không trong một được cho các người với những này đã khi để tôi từ bạn đến ra",
        "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"),
      Language(
        "sw", "na ya wa kwa ni katika za la kuwa hii cha kama yake hiyo wao lakini au pia watu yangu huu vya mimi sana"),
      Language(
        "fi", "ja on ei se että hän oli joka mutta ovat kun niin myös tai minä olen sen voi kuin ole hyvin tämä mitä"),
      Language("nl", "de het een en van is dat in niet op te zijn voor met die er aan ook als maar om hij bij wordt"),
      Language("sv", "och i att det som en på är av för med den till inte har om ett jag men var från", "å"),
      Language("pl", "i w na z się nie do to że jest o jak po co tak za od ale przez dla są", "ąęłńśźż"),
      Language("tr", "ve bir bu için ile de da çok daha olarak olan gibi kadar ne var ben değil her ama", "ğışİ"),
      Language(
        "id", "yang dan di untuk dengan tidak ini dari dalam adalah pada akan itu ke saya juga atau oleh karena anda"),
      Language("ro", "și de în la cu nu care pentru este un o din pe mai ce sunt a fi dar ca", "țșă"),
      Language("cs", "a v na je se že to s z do jako pro ale který jsem není by po tak", "řůě"),
      Language("hu", "a az és hogy nem is egy ez van de meg csak volt mint már ki lehet", "őű"),
      Language("tl", "ang ng sa mga na ay at ito para kung hindi ko siya ako niya lang may"),
    ],
  ]

  /// The codes that can be asked for.
  static let known: [String] = {
    let named = families.values.flatMap { $0.map(\.code) }
    return (named + scripts.map(\.name).filter { $0.count == 2 } + ["ja", "zh"]).sorted()
  }()

  /// The ISO 639-1 code of a text's language, or nil.
  static func language(of text: String) -> String? {
    var counts: [String: Int] = [:]
    for scalar in text.unicodeScalars where scalar.properties.isAlphabetic || scalar.value >= 0x900 {
      if let script = scripts.first(where: { $0.ranges.contains { $0.contains(scalar.value) } }) {
        counts[script.name, default: 0] += 1
      }
    }
    if let kana = counts["kana"], kana * 8 >= counts["han"] ?? 0, kana > (counts["latin"] ?? 0) { return "ja" }
    guard let script = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { return nil }
    if script == "han" { return "zh" }
    guard let family = families[script] else { return script == "kana" ? "ja" : script }
    let best = scores(text, family).max { ($0.value, $1.key) < ($1.value, $0.key) }
    return best.flatMap { $0.value >= 0.04 ? $0.key : nil }
  }

  /// Whether English is the best guess for a text in Latin letters, or no language shows more.
  static func mayBeEnglish(_ text: String) -> Bool {
    let letters = text.unicodeScalars.filter(\.properties.isAlphabetic)
    let latin = letters.filter { $0.value < 0x250 }
    guard !letters.isEmpty, latin.count * 2 > letters.count, let family = families["latin"] else { return false }
    let found = scores(text, family)
    let english = found["en"] ?? 0
    return !found.contains { $0.key != "en" && $0.value > english + 0.02 }
  }

  /// The share of a text's words that are a language's commonest, plus a little for its own letters.
  private static func scores(_ text: String, _ family: [Language]) -> [String: Double] {
    let lower = text.lowercased()
    let words = lower.split { !($0.isLetter || $0 == "'") }
    guard !words.isEmpty else { return [:] }
    var scores: [String: Double] = [:]
    for language in family {
      let common = words.filter { language.words.contains(String($0)) }.count
      let own = lower.filter { language.letters.contains($0) }.count
      scores[language.code] =
        Double(common) / Double(words.count) + min(0.3, Double(own) / Double(max(1, lower.count)) * 4)
    }
    return scores
  }
}
