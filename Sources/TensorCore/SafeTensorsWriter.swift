import CKernels
import Foundation
import StrictJSON

/// Writes safetensors files.
public enum SafeTensorsWriter {
  /// How elements are stored.
  public enum Storage: String, Sendable {
    /// Four bytes, exact.
    case f32 = "F32"
    /// Two bytes, rounded to nearest even.
    case bf16 = "BF16"
  }

  /// Writes tensors in the given order. The file appears under its name only when it is complete.
  ///
  /// - Throws: ``SafeTensorsError/io(file:reason:)`` (no space, no permission); no partial file is left then.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], to path: String, storage: Storage = .f32,
    metadata: [String: String] = [:]
  ) throws {
    let entries = tensors.map { (name: $0.name, shape: $0.tensor.shape) }
    try write(entries, to: path, storage: storage, metadata: metadata) { tensors[$0].tensor }
  }

  /// Writes tensors that are made one at a time; `tensor` is asked for each index in order.
  ///
  /// - Throws: ``SafeTensorsError/io(file:reason:)``, or what `tensor` throws; no partial file is left then.
  public static func write(
    _ entries: [(name: String, shape: [Int])], to path: String, storage: Storage = .f32,
    metadata: [String: String] = [:], tensor: (Int) throws -> Tensor
  ) throws {
    let size = storage == .f32 ? 4 : 2
    var header = JSONObject()
    if !metadata.isEmpty {
      header["__metadata__"] = .object(
        JSONObject(metadata.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }
    var offset = 0
    for (name, shape) in entries {
      guard header[name] == nil, name != "__metadata__" else {
        throw SafeTensorsError.entry(file: path, tensor: name, reason: "the name is given twice or reserved")
      }
      let end = offset + shape.reduce(1, *) * size
      header[name] = [
        "dtype": .string(storage.rawValue), "shape": .array(shape.map { .int($0) }),
        "data_offsets": [.int(offset), .int(end)],
      ]
      offset = end
    }
    var text = Array(JSON.object(header).text().utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }  // data starts aligned
    let file = try WholeFile(path: path)
    try withUnsafeBytes(of: UInt64(text.count).littleEndian) { try file.write($0) }
    try text.withUnsafeBytes { try file.write($0) }
    var halves: [UInt16] = []
    for (index, entry) in entries.enumerated() {
      let tensor = try tensor(index)
      precondition(tensor.shape == entry.shape, "\(entry.name): \(tensor.shape) instead of \(entry.shape)")
      switch storage {
      case .f32: try file.write(UnsafeRawBufferPointer(start: tensor.data, count: tensor.count * 4))
      case .bf16:
        let step = 1 << 20
        for start in stride(from: 0, to: tensor.count, by: step) {
          let count = min(step, tensor.count - start)
          if halves.count < count { halves = [UInt16](repeating: 0, count: count) }
          try halves.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            ck_f32_to_bf16(tensor.data + start, base, count)
            try file.write(UnsafeRawBufferPointer(start: base, count: count * 2))
          }
        }
      }
    }
    try file.finish()
  }
}

/// A file that takes its name only when it is complete and on the disk.
private final class WholeFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32

  init(path: String) throws {
    self.path = path
    temporary = "\(path).\(getpid()).partial"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(temporary)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let written = Foundation.write(descriptor, base + done, min(bytes.count - done, 1 << 30))
      if written < 0 {
        if errno == EINTR { continue }
        throw Self.failure(path)
      }
      done += written
    }
  }

  func finish() throws {
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0, rename(temporary, path) == 0 else {
      let error = Self.failure(path)
      unlink(temporary)
      throw error
    }
  }

  private static func failure(_ path: String) -> SafeTensorsError {
    .io(file: path, reason: "cannot write: \(String(cString: strerror(errno)))")
  }
}
