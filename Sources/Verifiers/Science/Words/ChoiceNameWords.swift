/// The words with which an option is named by its place.
enum ChoiceNameWords {
  /// The words for first, second, … and tenth.
  static let ordinals = [
    "first 1st erste ersten première premier primera primeira prima первый",
    "second 2nd zweite zweiten deuxième segunda seconda второй",
    "third 3rd dritte dritten troisième tercera terceira terza третий",
    "fourth 4th vierte vierten quatrième cuarta quarta четвертый четвёртый",
    "fifth 5th fünfte cinquième quinta", "sixth 6th sechste", "seventh 7th", "eighth 8th", "ninth 9th", "tenth 10th",
  ].map(ChoiceWords.words)

  /// The words for last.
  static let last = ChoiceWords.words("last letzte letzten dernière última ultima последний")

  /// What a place is a place of.
  static let nouns = ChoiceWords.words(
    "option choice alternative antwortmöglichkeit proposition opción opção opzione alternativa вариант")

  /// Verbs behind which "the third one" is an option, and no statement or thing.
  static let choosing = ChoiceWords.words("with choose pick select chose picked selected say")

  /// "The last one in the list": words that say where the place is counted, and nothing of the matter.
  static let counting = ChoiceWords.words("in of here")

  /// The words of a text that is about other options: "Both B and C", "Neither A nor B is correct".
  static let joints = ChoiceWords.words(
    "both and or only all neither nor but not of the above is are correct true options option either")
}
