import Foundation

/// Why a file or folder cannot be used, in the system's words, which stand in the middle of a sentence here.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it: `no such file or directory`, `is a named pipe, expected a regular file`.
  public let reason: String

  /// An error.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The error that `errno` stands for now, or `code`.
  public init(path: String, code: Int32 = errno) {
    self.init(path: path, reason: Self.words(code))
  }

  /// The error of something that is no regular file; `kind` says what it is: `a named pipe`.
  public init(path: String, irregular kind: String) {
    self.init(path: path, reason: "is \(kind), expected a regular file")
  }

  /// An error of Foundation in the system's words, where it keeps them: its own are a domain and a number.
  public init(path: String, _ error: any Error) {
    if let error = error as? FileError {
      self = error
      return
    }
    let failure = error as NSError
    let underlying = failure.userInfo[NSUnderlyingErrorKey] as? NSError
    let system = [failure, underlying].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }
    let named = (error as? CocoaError)?.filePath ?? path
    if let system {
      self.init(path: named, code: Int32(truncatingIfNeeded: system.code))
    } else {
      self.init(path: named, reason: Self.words(error))
    }
  }

  private static func words(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Foundation keeps the system's code of some failures to itself.
  private static func words(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: words(ENOENT)
    case .fileReadNoPermission, .fileWriteNoPermission: words(EACCES)
    case .fileWriteFileExists: words(EEXIST)
    case .fileWriteOutOfSpace: words(ENOSPC)
    case .fileWriteVolumeReadOnly: words(EROFS)
    case .fileReadTooLarge: words(EFBIG)
    case .some: "the system refused without saying why"
    case nil: "\(error)"
    }
  }

  /// `PATH: REASON`.
  public var description: String { "\(path): \(reason)" }
}
