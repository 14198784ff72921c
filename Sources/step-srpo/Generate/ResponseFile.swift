import Foundation
import Platform
import StrictJSON
import Tasks

/// The output of `generate`: lines in the order of the input, continued where an earlier call stopped.
final class ResponseFile {
  /// Rows that are done.
  private(set) var done = 0
  private let descriptor: Int32
  private let path: String

  /// Opens the file and checks that its lines belong to `rows`. A line that was cut by a kill is taken away.
  /// - Throws: `CommandFailure` with code 2 where the lines are of other rows.
  init(_ path: String, rows: [PromptFile.Row]) throws {
    self.path = path
    if let kind = InputFile.irregularity(of: path) {
      throw CommandFailure(code: .usage, description: "--output \(FileError(path: path, irregular: kind))")
    }
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CommandFailure(code: .usage, description: "--output \(path): \(String(cString: strerror(errno)))")
    }
    let bytes: [UInt8]
    do { bytes = try InputFile.contents(of: path) } catch {
      throw CommandFailure(code: .failure, description: "--output \(error)")
    }
    let whole = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let lines = bytes[..<whole].split(separator: 0x0A)
    guard lines.count <= rows.count else { throw foreign("\(lines.count) lines", "at most the input's \(rows.count)") }
    for (place, line) in lines.enumerated() {
      let id = (try? JSON.parse(utf8: Array(line)))?["id"]
      guard id == rows[place].id else {
        throw foreign("line \(place + 1) with the id \(id?.text() ?? "of nothing")", rows[place].id.text())
      }
    }
    done = lines.count
    guard ftruncate(descriptor, off_t(whole)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw CommandFailure(code: .failure, description: "--output \(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  private func foreign(_ found: String, _ expected: String) -> CommandFailure {
    CommandFailure(
      code: .usage,
      description:
        "--output \(path): found \(found), expected \(expected): the file is of another input. Delete it, or name another"
    )
  }

  /// Adds lines and waits until they are on the disk.
  func add(_ lines: [JSON]) throws {
    let bytes = Array(lines.map { $0.text() + "\n" }.joined().utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw CommandFailure(code: .failure, description: "--output \(path): \(String(cString: strerror(errno)))")
      }
      written += count
    }
    fsync(descriptor)
    done += lines.count
  }
}
