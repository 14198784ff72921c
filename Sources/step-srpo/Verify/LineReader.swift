import Foundation

/// Lines of a file or a pipe, as they arrive, in bounded memory.
struct LineReader {
  /// One line without its newline.
  struct Line {
    /// From 1.
    var number: Int
    /// The bytes; only the first `maximumLength` of a longer line.
    var bytes: [UInt8]
    /// Whether the rest of the line was dropped.
    var isTooLong = false
  }

  /// Bytes a line may have; one of a gigabyte must not take the memory of the whole machine.
  static let maximumLength = 64 << 20

  private let descriptor: Int32
  private let path: String
  private let maximumLength: Int
  private var chunk = [UInt8](repeating: 0, count: 1 << 18)
  private var start = 0
  private var end = 0
  private var number = 0
  private var isAtEnd = false
  private var started: [UInt8] = []
  private var isTooLong = false

  /// Reads from an open file; `path` names it in errors.
  init(descriptor: Int32, path: String, maximumLength: Int = LineReader.maximumLength) {
    self.descriptor = descriptor
    self.path = path
    self.maximumLength = maximumLength
  }

  /// The next line; nil at the end. Waits for more input.
  /// - Throws: `CommandFailure` when the input cannot be read.
  mutating func next() throws -> Line? {
    while true {
      if let line = takeBuffered() { return line }
      if isAtEnd {
        guard !started.isEmpty || isTooLong else { return nil }
        return finish()
      }
      try fill()
    }
  }

  /// The next line if it has arrived whole; nil without waiting otherwise.
  mutating func nextBuffered() -> Line? { takeBuffered() }

  private mutating func takeBuffered() -> Line? {
    guard start < end else { return nil }
    guard let newline = chunk[start..<end].firstIndex(of: 0x0A) else {
      append(chunk[start..<end])
      start = end
      return nil
    }
    append(chunk[start..<newline])
    start = newline + 1
    return finish()
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    let room = maximumLength - started.count
    if bytes.count > room { isTooLong = true }
    started.append(contentsOf: bytes.prefix(room))
  }

  private mutating func finish() -> Line {
    number += 1
    defer {
      started = []
      isTooLong = false
    }
    return Line(number: number, bytes: started, isTooLong: isTooLong)
  }

  private mutating func fill() throws {
    start = 0
    end = 0
    while true {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure(
          code: .failure, description: "\(path): cannot be read: \(String(cString: strerror(errno)))")
      }
      end = count
      isAtEnd = count == 0
      return
    }
  }
}
