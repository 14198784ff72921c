import Foundation

/// Files that are read whole or mapped: regular ones, and nothing that could make the reader wait.
///
/// A named pipe in a file's place would be waited for until somebody writes into it, and a device may never end. Both
/// are refused at once, and so are folders.
public enum InputFile {
  /// Opens a regular file for reading.
  ///
  /// - Returns: a descriptor, closed on exec; the caller closes it.
  /// - Throws: ``FileError`` for a file that is missing, forbidden or no regular file.
  public static func open(_ path: String) throws(FileError) -> Int32 {
    // Asked before it is opened, too: merely opening some devices does something.
    if let kind = irregularity(of: path) { throw FileError(path: path, irregular: kind) }
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError(path: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = FileError(path: path)
      close(descriptor)
      throw error
    }
    if let kind = irregularity(status) {
      close(descriptor)
      throw FileError(path: path, irregular: kind)
    }
    return descriptor
  }

  /// The bytes of a regular file.
  ///
  /// - Parameter limit: the most bytes the file may have.
  /// - Throws: ``FileError``, as ``open(_:)``, for a failure of the disk and for a file beyond the limit.
  public static func contents(of path: String, limit: Int = .max) throws(FileError) -> [UInt8] {
    let descriptor = try open(path)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path) }
    let size = Int(status.st_size)
    var bytes = [UInt8](repeating: 0, count: min(size, limit))
    var count = 0
    while true {
      // Files of the kernel say that they are empty and are not; a file may also grow while it is read.
      if count == bytes.count {
        var next: UInt8 = 0
        let got = try read(descriptor, &next, 1, path)
        if got == 0 { break }
        guard count < limit else { throw FileError(path: path, reason: "is larger than \(limit) bytes") }
        bytes.append(next)
        count += 1
        bytes.append(contentsOf: repeatElement(0, count: min(max(count, 1 << 12), limit - count)))
        continue
      }
      let offset = count
      let capacity = bytes.count - offset
      let outcome = bytes.withUnsafeMutableBytes { buffer in
        Result { () throws(FileError) in
          try read(descriptor, buffer.baseAddress.map { $0 + offset }, min(capacity, 1 << 30), path)
        }
      }
      let got = try outcome.get()
      if got == 0 { break }
      count += got
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// What the thing at `path` is in words, where it is no regular file: `a named pipe`; nil for one, and for what is
  /// not there.
  public static func irregularity(of path: String) -> String? {
    var status = stat()
    return stat(path, &status) == 0 ? irregularity(status) : nil
  }

  private static func irregularity(_ status: stat) -> String? {
    switch status.st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "something unknown"
    }
  }

  private static func read(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ path: String
  ) throws(FileError) -> Int {
    while true {
      let got = Foundation.read(descriptor, buffer, count)
      if got >= 0 { return got }
      if errno != EINTR { throw FileError(path: path) }
    }
  }
}
