import Digests
import StepSRPO
import StrictJSON
import Tasks

/// A query as a row of `queries`.
enum StoredQuery {
  /// The columns of ``values(of:)`` and ``item(_:)``, in order.
  static let columns = ["id", "source", "domain", "verifier", "difficulty", "prompt", "reference", "fields"]

  /// The values of ``columns``.
  static func values(of item: TaskItem) -> [SQLiteValue] {
    [
      .text(item.id), .text(item.source), .text(item.domain.rawValue), .text(item.verifier), .double(item.difficulty),
      .text(item.prompt), .text(item.reference.text()), .text(JSON.object(item.storedFields).text()),
    ]
  }

  /// The query of a row that begins with ``columns``.
  static func item(_ row: SQLiteRow) -> TaskItem {
    var item = TaskItem(
      id: row[0].string ?? "", prompt: row[5].string ?? "",
      domain: row[2].string.flatMap(Domain.init) ?? .general, verifier: row[3].string ?? "",
      reference: row[6].string.flatMap { try? JSON.parse($0) } ?? .null, difficulty: row[4].double,
      source: row[1].string ?? "")
    item.take(storedFields: row[7].string.flatMap { try? JSON.parse($0) }?.object ?? JSONObject())
    return item
  }

  /// Stands for all that a row says: two queries that differ in a byte have different ones.
  static func digest(_ item: TaskItem) -> String {
    var hash = SHA256()
    for value in values(of: item) {
      hash.add(value.string ?? value.double.map { String($0) } ?? "")
    }
    return hash.digest.text
  }
}

/// Verdicts of an audit, which stand beside those of the verifiers.
enum StoredAudit {
  /// What `verdicts.verifier` says of them. No verifier's name has parentheses.
  static let verifier = "(audit)"
}
