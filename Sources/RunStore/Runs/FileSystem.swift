import Foundation

/// The few file operations on which durability rests, with errors that name the path.
enum FileSystem {
  /// The text of `errno`.
  static var lastError: String { String(cString: strerror(errno)) }

  static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Creates a directory with its parents.
  static func createDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch { throw RunStoreError.unwritable(path: path, reason: reason(error)) }
  }

  /// Removes a file or a whole folder; nothing there is no error.
  static func remove(_ path: String) throws {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw RunStoreError.unwritable(path: path, reason: reason(error))
    }
  }

  /// The names in a directory, sorted; empty when it does not exist.
  static func names(in path: String) throws -> [String] {
    guard exists(path) else { return [] }
    do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
      throw RunStoreError.unreadable(path: path, reason: reason(error))
    }
  }

  /// Renames within one file system, replacing a file of the new name.
  static func rename(_ old: String, to new: String) throws {
    guard Foundation.rename(old, new) == 0 else { throw RunStoreError.unwritable(path: new, reason: lastError) }
  }

  /// Brings one file or directory to the disk.
  static func synchronize(_ path: String) throws {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RunStoreError.unwritable(path: path, reason: lastError) }
    defer { Foundation.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw RunStoreError.unwritable(path: path, reason: lastError) }
  }

  /// Brings a whole folder to the disk: contents first, then the directories that name them.
  static func synchronizeTree(_ path: String) throws {
    for name in try names(in: path) {
      let child = path + "/" + name
      if isDirectory(child) { try synchronizeTree(child) } else { try synchronize(child) }
    }
    try synchronize(path)
  }

  /// Foundation's errors with the path and the reason in words; others as they are.
  static func named(_ error: any Error, _ path: String) -> any Error {
    guard let failure = error as? CocoaError else { return error }
    return RunStoreError.unwritable(path: failure.filePath ?? path, reason: reason(failure))
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(truncatingIfNeeded: underlying.code)))
    }
    return error.localizedDescription
  }
}
