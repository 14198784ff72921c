import CSQLite

/// A failure reported by SQLite, with its own message, the file it concerns and what to do about it.
public struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
  /// SQLite's extended result code.
  public let code: Int32
  /// SQLite's message.
  public let message: String
  /// The database file.
  public let path: String
  /// The statement that failed; nil when opening or committing failed.
  public let statement: String?

  /// An error.
  public init(code: Int32, message: String, path: String, statement: String? = nil) {
    self.code = code
    self.message = message
    self.path = path
    self.statement = statement
  }

  /// The primary result code: the low byte of the extended one.
  public var primaryCode: Int32 { code & 0xFF }

  /// Whether nothing more can be written because the disk (or a quota) is full.
  public var isDiskFull: Bool { primaryCode == SQLITE_FULL || code == Self.ioWrite }

  /// SQLITE_IOERR_WRITE, a macro Swift does not import.
  private static let ioWrite: Int32 = 10 | (3 << 8)

  /// File, message and advice.
  public var description: String {
    var text = "\(path): \(message) (SQLite error \(code))"
    if let advice { text += ". \(advice)" }
    if primaryCode == SQLITE_ERROR, let statement { text += "\n  in: \(statement)" }
    return text
  }

  private var advice: String? {
    if isDiskFull {
      return "The disk is full, or a file has reached a limit (a quota, `ulimit -f`). Everything committed before is "
        + "safe: free some space, then resume the run"
    }
    switch primaryCode {
    case SQLITE_READONLY, SQLITE_PERM:
      return "The file or its folder cannot be written: check their permissions and that the disk is not read-only"
    case SQLITE_CANTOPEN: return "The file cannot be opened: check that its folder exists and may be read and written"
    case SQLITE_NOTADB, SQLITE_CORRUPT: return "The file is damaged or no run database: restore it from a copy"
    case SQLITE_BUSY, SQLITE_LOCKED: return "Another process is writing to it: wait until that has ended"
    case SQLITE_IOERR: return "The disk reported an error: check its health and free space, then resume the run"
    default: return nil
    }
  }
}
