import Foundation
import StrictJSON

/// The folder of one run: `runs/NAME/` with `run.sqlite`, `checkpoints/` and `report.html`. It can be copied, zipped
/// and deleted as a whole.
public struct RunFolder: Sendable, Equatable {
  /// Where runs live unless told otherwise.
  public static let defaultRunsFolder = "runs"

  /// The run's name, which is its folder's.
  public let name: String
  /// The folder.
  public let path: String

  /// The database.
  public var databasePath: String { path + "/run.sqlite" }
  /// The folder of the checkpoints.
  public var checkpointsPath: String { path + "/checkpoints" }
  /// The report page.
  public var reportPath: String { path + "/report.html" }
  var lockPath: String { path + "/run.lock" }

  private init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// Makes the folder of a new run and takes it for this process.
  ///
  /// `content` fills the folder under a hidden name beside its place; it gets its name when all of that is on the disk.
  /// So whatever comes in between, a kill or a full disk, leaves no half run, and the name free.
  /// - Throws: ``RunStoreError`` for a bad or existing name and a folder that cannot be written or filled.
  public static func create(
    _ name: String, in runsFolder: String = defaultRunsFolder, filling content: (_ draft: RunFolder) throws -> Void
  ) throws -> (folder: RunFolder, lock: RunLock) {
    try checkNew(name, in: runsFolder)
    let folder = RunFolder(name: name, path: runsFolder + "/" + name)
    do {
      try FileSystem.createDirectory(runsFolder)
      try removeAbandonedDrafts(in: runsFolder)
      let own = UUID().uuidString.prefix(8)
      let draft = RunFolder(name: name, path: "\(runsFolder)/\(draftPrefix)\(name)-\(own)")
      try FileSystem.createDirectory(draft.path)
      do {
        let lock = try draft.lock()
        try content(draft)
        try FileSystem.synchronize(draft.path)
        // A filled folder is never renamed over: of two processes that want the same name, one gets it.
        guard rename(draft.path, folder.path) == 0 else {
          if [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) { throw RunStoreError.exists(name: name, path: folder.path) }
          throw RunStoreError.unwritable(path: folder.path, reason: FileSystem.lastError)
        }
        try FileSystem.synchronize(runsFolder)
        return (folder, lock)
      } catch {
        try? FileSystem.remove(draft.path)
        throw error
      }
    } catch let error as SQLiteError {
      throw RunStoreError.notMade(name: name, reason: "\(folder.databasePath): \(error.message)")
    } catch RunStoreError.unwritable(let path, let reason) {
      throw RunStoreError.notMade(name: name, reason: "\(path): \(reason)")
    }
  }

  /// Checks that a run of this name can be made.
  /// - Throws: ``RunStoreError`` (`badName`, `exists`).
  public static func checkNew(_ name: String, in runsFolder: String = defaultRunsFolder) throws {
    guard isValid(name) else { throw RunStoreError.badName(name) }
    let path = runsFolder + "/" + name
    if FileSystem.exists(path) { throw RunStoreError.exists(name: name, path: path) }
  }

  private static let draftPrefix = ".starting-"

  /// What processes that were killed have left of runs they were about to make.
  private static func removeAbandonedDrafts(in runsFolder: String) throws {
    for name in try FileSystem.names(in: runsFolder) where name.hasPrefix(draftPrefix) {
      let draft = RunFolder(name: name, path: runsFolder + "/" + name)
      // A young one may have been made this instant and not be locked yet.
      if FileSystem.age(draft.path).map({ $0 > 60 }) == true, !draft.isRunning { try? FileSystem.remove(draft.path) }
    }
  }

  /// `base` if no run has that name, otherwise `base-2`, `base-3`, …
  public static func freeName(_ base: String, in runsFolder: String = defaultRunsFolder) -> String {
    var name = base
    var number = 2
    while FileSystem.exists(runsFolder + "/" + name) {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }

  /// Finds a run by name, or by the path of its folder when `text` contains a slash.
  /// - Throws: ``RunStoreError`` (`notFound`) with the nearest name.
  public static func open(_ text: String, in runsFolder: String = defaultRunsFolder) throws -> RunFolder {
    var path = text
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if text.contains("/") {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let folder = RunFolder(name: name, path: path)
      guard FileSystem.exists(folder.databasePath) else {
        throw RunStoreError.notFound(name: name, folder: String(path.dropLast(name.count)), nearest: nil)
      }
      return folder
    }
    let folder = RunFolder(name: text, path: runsFolder + "/" + text)
    guard isValid(text), FileSystem.exists(folder.databasePath) else {
      let names = try all(in: runsFolder).map(\.name)
      throw RunStoreError.notFound(name: text, folder: runsFolder, nearest: nearestName(to: text, in: names))
    }
    return folder
  }

  /// All runs of a folder by name; none when the folder does not exist.
  /// - Throws: ``RunStoreError`` when the folder cannot be read.
  public static func all(in runsFolder: String = defaultRunsFolder) throws -> [RunFolder] {
    try FileSystem.names(in: runsFolder)
      .map { RunFolder(name: $0, path: runsFolder + "/" + $0) }
      .filter { !$0.name.hasPrefix(".") && FileSystem.exists($0.databasePath) }
  }

  /// Takes the run for this process; the lock is free again when the returned value is gone or the process has ended.
  /// - Throws: ``RunStoreError`` (`locked`) when another process has it.
  public func lock() throws -> RunLock { try RunLock(self) }

  /// Whether a process is running this run now.
  public var isRunning: Bool { RunLock.isHeld(self) }

  private static func isValid(_ name: String) -> Bool {
    guard (1...100).contains(name.utf8.count), name.first != ".", name.first != "-" else { return false }
    return name.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
  }
}
