import StrictJSON
import Tasks
import Verifiers

/// Watches the forms of right answers: a policy that has found what its verifier pays for beside the answer shows it by a
/// form nobody wrote at the beginning, such as `Ann(` for "Ann". **[ours]**
///
/// The form of an answer is its text with the reference as `R`, other letters as `a` and digits as `9`, each run once. An answer that
/// is a reference, case and outer blanks apart, has no other form. The forms of the first steps are the known ones, and new is what
/// is none of them; forms rarer than ``knownShare`` then are not known, so that a first trace of a form does not hide it.
public struct AnswerForms: Codable, Sendable, Equatable {
  /// Steps whose forms are the known ones.
  public static let firstSteps = 10
  /// A form is known where it makes this share of a verifier's right answers in the first steps.
  static let knownShare = 0.005
  /// Longer answers, such as programs, have no form worth the name.
  static let longest = 200
  /// Forms counted in the first steps for one verifier; more are not told apart.
  private static let mostForms = 4096

  private struct Counts: Codable, Sendable, Equatable {
    var right = 0
    var forms: [String: Int] = [:]
  }

  private var steps = 0
  private var counts: [String: Counts] = [:]

  /// Nothing seen yet.
  public init() {}

  /// The form of an answer; nil where it is one of the references, or too long to have one.
  static func form(_ extracted: String, references: [String]) -> String? {
    guard extracted.utf8.count <= longest else { return nil }
    func plain(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() }
    let answer = plain(extracted)
    let known = references.map(plain).filter { !$0.isEmpty && $0.utf8.count <= longest }
    if known.contains(where: { ExactText($0) == ExactText(answer) }) { return nil }
    var form = ""
    for piece in pieces(of: answer, without: known.max { $0.utf8.count < $1.utf8.count }) {
      guard let text = piece else {
        form.append("R")
        continue
      }
      for character in text {
        let kind: Character =
          character.isNumber ? "9" : character.isLetter ? "a" : character.isWhitespace ? " " : character
        if kind != form.last || !"9a ".contains(kind) { form.append(kind) }
      }
    }
    return form
  }

  /// The text between the places of `reference`, which are nil. A reference inside a longer word or number is none.
  private static func pieces(of answer: String, without reference: String?) -> [String?] {
    guard let reference else { return [answer] }
    var pieces: [String?] = []
    var start = answer.startIndex
    var search = start
    while let found = answer[search...].firstRange(of: reference) {
      let before = found.lowerBound > answer.startIndex ? answer[answer.index(before: found.lowerBound)] : " "
      let after = found.upperBound < answer.endIndex ? answer[found.upperBound] : " "
      search = found.upperBound
      guard !(before.isLetter || before.isNumber || after.isLetter || after.isNumber) else { continue }
      pieces += [String(answer[start..<found.lowerBound]), nil]
      start = found.upperBound
    }
    return pieces + [String(answer[start...])]
  }

  /// Takes the right answers of a step in.
  ///
  /// - Returns: by verifier, the share of right answers whose form is none of the known ones; empty in the first steps.
  mutating func observe(_ records: [GroupRecord]) -> [String: Double] {
    steps += 1
    var right: [String: (all: Int, new: Int)] = [:]
    for group in records {
      let references = group.item.referenceTexts
      for rollout in group.rollouts {
        guard let verdict = rollout.verdict, let score = verdict.score, score >= Audit.threshold,
          let extracted = verdict.detail?.extracted, extracted.utf8.count <= Self.longest
        else { continue }
        let form = Self.form(extracted, references: references)
        let verifier = group.item.verifierNames
        if steps <= Self.firstSteps {
          count(form, of: verifier)
        } else {
          right[verifier, default: (0, 0)].all += 1
          right[verifier, default: (0, 0)].new += form.map { isKnown($0, to: verifier) } ?? true ? 0 : 1
        }
      }
    }
    return right.mapValues { Double($0.new) / Double($0.all) }
  }

  private mutating func count(_ form: String?, of verifier: String) {
    counts[verifier, default: Counts()].right += 1
    guard let form, (counts[verifier]?.forms.count ?? 0) < Self.mostForms else { return }
    counts[verifier]?.forms[form, default: 0] += 1
  }

  /// Whether a form is one of the first steps'.
  func isKnown(_ form: String, to verifier: String) -> Bool {
    guard let seen = counts[verifier], let count = seen.forms[form] else { return false }
    return Double(count) >= Self.knownShare * Double(seen.right)
  }
}

extension TaskItem {
  /// The verifier's name; several of a weighted list joined by "+".
  var verifierNames: String {
    (try? VerifierChoice(text: verifier))?.parts.map(\.name).joined(separator: "+") ?? verifier
  }

  /// The references that are texts or numbers, as text.
  var referenceTexts: [String] {
    let values = if case .array(let list) = reference { list } else { [reference] }
    return values.compactMap { value in
      if case .number(let number) = value { return number.text }
      return value.string
    }
  }
}
