import Foundation
import Platform

/// Holds a run for this process until it is released or the process ends, however it ends.
public final class RunLock {
  private let descriptor: Int32

  /// Takes the lock of a run folder.
  ///
  /// A `step-srpo runs` in another terminal looks at the lock for an instant; hence the short wait.
  init(_ folder: RunFolder) throws {
    let path = folder.lockPath
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.unwritable(path: path, reason: FileSystem.lastError) }
    for attempt in 0..<10 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        let text = "process \(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.utf8CString.withUnsafeBufferPointer { pwrite(descriptor, $0.baseAddress, $0.count - 1, 0) }
        self.descriptor = descriptor
        return
      }
      guard errno == EWOULDBLOCK || errno == EINTR else {
        let reason = FileSystem.lastError
        close(descriptor)
        throw RunStoreError.unwritable(path: path, reason: "cannot be locked: \(reason)")
      }
      if attempt < 9 { usleep(30_000) }
    }
    close(descriptor)
    let holder = (try? InputFile.contents(of: path, limit: 1000)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let name = holder.trimmingCharacters(in: .whitespacesAndNewlines)
    throw RunStoreError.locked(name: folder.name, process: name.isEmpty ? "process unknown" : name)
  }

  deinit { close(descriptor) }

  /// Whether some process holds the lock of `folder` now.
  static func isHeld(_ folder: RunFolder) -> Bool {
    let descriptor = open(folder.lockPath, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
