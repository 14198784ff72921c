import Digests
import Tasks

extension PipelineData {
  /// A fingerprint of every query, training and held out, in order: two runs with the same one saw the same data.
  public var fingerprint: String {
    var hash = Fingerprint()
    for item in queries { hash.add(item.json.text()) }
    for set in evaluation {
      hash.add(set.name)
      for item in set.items { hash.add(item.json.text()) }
    }
    return hash.text
  }
}
