import Foundation
import Platform

/// The few file operations on which durability rests, with errors that name the path.
enum FileSystem {
  /// The text of `errno`.
  static var lastError: String { String(cString: strerror(errno)) }

  static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Seconds since the last change of what is at a path, by the machine's clock; nil where nothing is.
  static func age(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return difftime(time(nil), status.st_mtim.tv_sec)
  }

  /// Creates a directory with its parents.
  static func createDirectory(_ path: String) throws {
    do { try OutputFile.makeFolder(path) } catch {
      throw RunStoreError.unwritable(path: error.path, reason: error.reason)
    }
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

  /// Writes a small file, replacing the old one whole.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do { try OutputFile.write(bytes, to: path) } catch {
      throw RunStoreError.unwritable(path: error.path, reason: error.reason)
    }
  }

  /// Foundation's and the platform's errors with the path and the reason in the system's words; others as they are.
  static func named(_ error: any Error, _ path: String) -> any Error {
    guard error is CocoaError || error is FileError else { return error }
    let named = FileError(path: path, error)
    return RunStoreError.unwritable(path: named.path, reason: named.reason)
  }

  private static func reason(_ error: any Error) -> String { FileError(path: "", error).reason }
}
