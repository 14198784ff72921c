import Digests
import Foundation

/// Which build of the program this is: the version says what it should do, the fingerprint of its file whether it is
/// the very same program. Another build may round otherwise in the last digit.
enum ProgramBuild {
  /// The fingerprint of the running program's file; nil where it cannot be read.
  static let fingerprint: String? = {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"), options: .alwaysMapped) else {
      return nil
    }
    var hash = Fingerprint()
    data.withUnsafeBytes { hash.add(words: $0) }
    return hash.text
  }()
}
