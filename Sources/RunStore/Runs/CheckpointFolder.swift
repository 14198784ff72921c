import Foundation
import LanguageModel

/// A checkpoint on disk.
public struct StoredCheckpoint: Sendable, Equatable {
  /// Steps done: of reinforcement, or of the cold start.
  public let step: Int
  /// The folder: a Hugging Face model with the optimizer's and the trainer's state.
  public let path: String
  /// Whether it stands within the cold start.
  public var isColdStart = false
}

extension StoredCheckpoint {
  /// Compares its files with its manifest. One of a program that wrote none is taken as it is.
  /// - Throws: `CheckpointError.damaged` naming the file; `CheckpointError.badValue` for the manifest of another step.
  public func check() throws {
    guard let manifest = try CheckpointManifest(folder: path) else { return }
    guard manifest.step == step else {
      throw CheckpointError.badValue(
        path: "\(path)/\(CheckpointManifest.name)", key: "step", found: "\(manifest.step)",
        expected: "\(step), as the folder's name says")
    }
    try manifest.check(path)
  }
}

/// The `checkpoints/` folder of a run. A checkpoint is written beside its place, brought to the disk and put in place
/// by one rename: a folder named `step-000100` is always whole.
public struct CheckpointFolder: Sendable {
  /// `runs/NAME/checkpoints`.
  public let path: String

  /// The checkpoints of a run.
  public init(of run: RunFolder) { path = run.checkpointsPath }

  /// The checkpoints in any folder.
  public init(path: String) { self.path = path }

  /// `step-000100`.
  public static func folderName(_ step: Int) -> String { "step-" + padded(step) }

  private static func padded(_ step: Int) -> String {
    let digits = String(step)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private static let coldStart = "cold-start-"

  private static let writing = ".writing-"
  private static let replaced = ".replaced-"

  /// Writes a checkpoint: `content` fills the empty folder it is given. A checkpoint of the same step is replaced.
  /// - Returns: the checkpoint in its final place, safe against a crash and a power cut.
  /// - Throws: what `content` throws, or ``RunStoreError``; nothing is left behind then.
  @discardableResult
  public func write(step: Int, _ content: (_ folder: String) throws -> Void) throws -> StoredCheckpoint {
    let checkpoint = StoredCheckpoint(step: step, path: try write(name: Self.folderName(step), step: step, content))
    // The cold start is over: nobody will go back into it.
    for old in try allColdStart() { try delete(old) }
    return checkpoint
  }

  /// Writes a checkpoint of a cold-start step in the same way and deletes the one before.
  /// - Throws: what `content` throws, or ``RunStoreError``.
  public func writeColdStart(step: Int, _ content: (_ folder: String) throws -> Void) throws {
    let path = try write(name: Self.coldStart + Self.padded(step), step: step, content)
    for old in try allColdStart() where old.path != path { try delete(old) }
  }

  private func write(name: String, step: Int, _ content: (_ folder: String) throws -> Void) throws -> String {
    let final = path + "/" + name
    let temporary = path + "/" + Self.writing + name
    let old = path + "/" + Self.replaced + name
    try FileSystem.createDirectory(path)
    try FileSystem.synchronize((path as NSString).deletingLastPathComponent)
    try FileSystem.remove(temporary)
    do {
      try FileSystem.createDirectory(temporary)
      try content(temporary)
      try CheckpointManifest.write(step: step, in: temporary)
      try FileSystem.synchronizeTree(temporary)
    } catch {
      try? FileSystem.remove(temporary)
      throw FileSystem.named(error, temporary)
    }
    // A folder cannot be renamed over a filled one, so an old checkpoint steps aside; `repair` puts it back if the
    // process dies between the two renames.
    if FileSystem.exists(final) {
      try FileSystem.remove(old)
      try FileSystem.rename(final, to: old)
    }
    try FileSystem.rename(temporary, to: final)
    try FileSystem.synchronize(path)
    try FileSystem.remove(old)
    return final
  }

  /// Clears what an interrupted write left behind. Call it only while holding the run's lock.
  /// - Throws: ``RunStoreError``.
  public func repair() throws {
    for name in try FileSystem.names(in: path) {
      if name.hasPrefix(Self.writing) { try FileSystem.remove(path + "/" + name) }
      guard name.hasPrefix(Self.replaced) else { continue }
      let final = path + "/" + name.dropFirst(Self.replaced.count)
      if FileSystem.exists(final) {
        try FileSystem.remove(path + "/" + name)
      } else {
        try FileSystem.rename(path + "/" + name, to: final)
      }
    }
  }

  /// The whole checkpoints by step.
  /// - Throws: ``RunStoreError`` when the folder cannot be read.
  public func all() throws -> [StoredCheckpoint] { try checkpoints("step-") }

  private func allColdStart() throws -> [StoredCheckpoint] {
    try checkpoints(Self.coldStart).map { StoredCheckpoint(step: $0.step, path: $0.path, isColdStart: true) }
  }

  private func checkpoints(_ prefix: String) throws -> [StoredCheckpoint] {
    try FileSystem.names(in: path).compactMap { name in
      guard name.hasPrefix(prefix), let step = Int(name.dropFirst(prefix.count)), step >= 0,
        prefix + Self.padded(step) == name, FileSystem.isDirectory(path + "/" + name)
      else { return nil }
      return StoredCheckpoint(step: step, path: path + "/" + name)
    }
    .sorted { $0.step < $1.step }
  }

  /// The newest whole checkpoint within the cold start; nil when there is none.
  /// - Throws: ``RunStoreError`` when the folder cannot be read.
  public func newestColdStart() throws -> StoredCheckpoint? { try allColdStart().last }

  /// The newest whole checkpoint; nil when there is none.
  /// - Throws: ``RunStoreError`` when the folder cannot be read.
  public func newest() throws -> StoredCheckpoint? { try all().last }

  /// The whole checkpoint to go on from: the newest, or that of `step`.
  ///
  /// - Throws: ``RunStoreError/damagedCheckpoint(reason:newestWhole:)`` for one that is not as it was written, with the newest
  ///   whole one before it; ``RunStoreError/noCheckpoint(path:step:found:)`` where there is none of `step`.
  public func resumable(at step: Int? = nil) throws -> StoredCheckpoint? {
    let all = try all()
    let wanted = step.map { step in all.first { $0.step == step } } ?? all.last
    guard let wanted else {
      if let step { throw RunStoreError.noCheckpoint(path: path, step: step, found: all.map(\.step)) }
      let early = try newestColdStart()
      do { try early?.check() } catch let error as CheckpointError {
        throw RunStoreError.damagedCheckpoint(reason: "\(error)", newestWhole: nil)
      }
      return early
    }
    do { try wanted.check() } catch let error as CheckpointError {
      let whole = all.last { $0.step < wanted.step && (try? $0.check()) != nil }
      throw RunStoreError.damagedCheckpoint(reason: "\(error)", newestWhole: whole?.step)
    }
    return wanted
  }

  /// Deletes all but the newest `keepLast` checkpoints and those of `protectedSteps`, for example the best one.
  /// - Returns: the steps deleted.
  /// - Throws: ``RunStoreError`` when a folder cannot be deleted.
  @discardableResult
  public func prune(keepLast: Int, protecting protectedSteps: Set<Int> = []) throws -> [Int] {
    let doomed = try all().dropLast(max(1, keepLast)).filter { !protectedSteps.contains($0.step) }
    for checkpoint in doomed { try delete(checkpoint) }
    return doomed.map(\.step)
  }

  /// Deletes the checkpoints after `step`; a run that is rolled back further than to its newest one needs that.
  /// - Throws: ``RunStoreError`` when a folder cannot be deleted.
  public func removeAll(after step: Int) throws {
    for checkpoint in try all() where checkpoint.step > step { try delete(checkpoint) }
  }

  /// Renamed first, so that a crash while deleting leaves no half checkpoint that looks whole.
  private func delete(_ checkpoint: StoredCheckpoint) throws {
    let doomed = path + "/" + Self.writing + (checkpoint.path as NSString).lastPathComponent
    try FileSystem.remove(doomed)
    try FileSystem.rename(checkpoint.path, to: doomed)
    try FileSystem.remove(doomed)
  }
}
