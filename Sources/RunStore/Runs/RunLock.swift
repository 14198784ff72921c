import Foundation
import Platform

/// Holds a run for this process until it is released or the process ends, however it ends.
///
/// What is locked is the run's folder itself: a file beside it, which looks like a stale lock and is deleted by habit, would let a
/// second process into a living run. `run.lock` says which process it is, and keeps out programs of earlier versions.
public final class RunLock {
  private let descriptors: [Int32]

  /// Takes the lock of a run folder.
  ///
  /// A `step-srpo runs` in another terminal looks at the lock for an instant; hence the short wait.
  init(_ folder: RunFolder) throws {
    let directory = try Self.open(folder.path, O_RDONLY | O_DIRECTORY)
    let file: Int32
    do { file = try Self.open(folder.lockPath, O_RDWR | O_CREAT) } catch {
      close(directory)
      throw error
    }
    for attempt in 0..<10 {
      if try Self.take(directory, folder.path), try Self.take(file, folder.lockPath) {
        let text = "process \(getpid())\n"
        ftruncate(file, 0)
        _ = text.utf8CString.withUnsafeBufferPointer { pwrite(file, $0.baseAddress, $0.count - 1, 0) }
        descriptors = [directory, file]
        return
      }
      if attempt < 9 { usleep(30_000) }
    }
    [directory, file].forEach { close($0) }
    let holder =
      (try? InputFile.contents(of: folder.lockPath, limit: 1000)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let name = holder.trimmingCharacters(in: .whitespacesAndNewlines)
    throw RunStoreError.locked(name: folder.name, process: name.isEmpty ? "process unknown" : name)
  }

  deinit { descriptors.forEach { close($0) } }

  /// Whether some process holds the lock of `folder` now.
  static func isHeld(_ folder: RunFolder) -> Bool {
    [(folder.path, O_DIRECTORY), (folder.lockPath, 0)].contains { path, flag in
      let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flag)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
  }

  private static func open(_ path: String, _ flags: Int32) throws -> Int32 {
    let descriptor = Foundation.open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.unwritable(path: path, reason: FileSystem.lastError) }
    return descriptor
  }

  /// Whether the lock was free. File systems that cannot lock a folder (NFS) leave it to the file.
  private static func take(_ descriptor: Int32, _ path: String) throws -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    switch errno {
    case EWOULDBLOCK, EINTR: return false
    case EBADF, ENOTSUP, EINVAL, ENOLCK: return true
    default: throw RunStoreError.unwritable(path: path, reason: "cannot be locked: \(FileSystem.lastError)")
    }
  }
}
