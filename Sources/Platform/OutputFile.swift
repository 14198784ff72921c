import Foundation

/// Small files that are written whole, and the folders they stand in; failures are said in the system's words.
public enum OutputFile {
  /// Writes a file.
  ///
  /// - Parameter atomically: whether the file takes its name only when it is complete; otherwise it is written in
  ///   place.
  /// - Throws: ``FileError``; with `atomically` no half file is left then.
  public static func write(_ bytes: [UInt8], to path: String, atomically: Bool = true) throws(FileError) {
    let target = atomically ? "\(path).\(getpid()).partial" : path
    let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(path: path) }
    do throws(FileError) {
      try write(bytes, to: descriptor, path)
    } catch {
      close(descriptor)
      if atomically { unlink(target) }
      throw error
    }
    guard close(descriptor) == 0, !atomically || rename(target, path) == 0 else {
      let error = FileError(path: path)
      if atomically { unlink(target) }
      throw error
    }
  }

  /// Writes a text as UTF-8. See ``write(_:to:atomically:)``.
  public static func write(_ text: String, to path: String, atomically: Bool = true) throws(FileError) {
    try write(Array(text.utf8), to: path, atomically: atomically)
  }

  /// Makes a folder and those above it that are missing; one that is there is no error.
  ///
  /// - Throws: ``FileError`` naming the folder that cannot be made.
  public static func makeFolder(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    if code == EEXIST {
      guard isFolder(path) else { throw FileError(path: path, reason: "is no folder") }
      return
    }
    let above = (path as NSString).deletingLastPathComponent
    guard code == ENOENT, !above.isEmpty, above != path else { throw FileError(path: path, code: code) }
    try makeFolder(above)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError(path: path) }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress.map { $0 + done }, min(bytes.count - done, 1 << 30))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(path: path) }
      done += count
    }
  }
}
