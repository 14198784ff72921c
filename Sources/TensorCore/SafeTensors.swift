import CKernels
import Foundation
import Platform
import StrictJSON
import Synchronization

/// A safetensors file mapped into memory: eight bytes of header length, a JSON header, the tensors' bytes.
///
/// The header is checked completely before anything is read: names, types, shapes, ranges, overlaps. The file must not
/// be shortened while it is open.
public final class SafeTensorsFile: @unchecked Sendable {
  /// The element types of the format.
  public enum Element: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case u8 = "U8"
    case i8 = "I8"
    case f8e5m2 = "F8_E5M2"
    case f8e4m3 = "F8_E4M3"
    case i16 = "I16"
    case u16 = "U16"
    case f16 = "F16"
    case bf16 = "BF16"
    case i32 = "I32"
    case u32 = "U32"
    case f32 = "F32"
    case i64 = "I64"
    case u64 = "U64"
    case f64 = "F64"

    /// The bytes of one element.
    public var size: Int {
      switch self {
      case .bool, .u8, .i8, .f8e5m2, .f8e4m3: 1
      case .i16, .u16, .f16, .bf16: 2
      case .i32, .u32, .f32: 4
      case .i64, .u64, .f64: 8
      }
    }
  }

  /// One tensor's place.
  public struct Entry: Sendable, Equatable {
    /// The element type.
    public let element: Element
    /// The extent of each dimension.
    public let shape: [Int]
    /// The bytes, counted from the end of the header.
    public let bytes: Range<Int>
    /// The number of elements.
    public var count: Int { bytes.count / element.size }
  }

  /// The file's path.
  public let path: String
  /// The names in the order of the header.
  public let names: [String]
  /// The entries by name.
  public let entries: [String: Entry]
  /// The strings of `__metadata__`.
  public let metadata: [String: String]

  private let base: UnsafeMutableRawPointer
  private let mappedBytes: Int
  private let dataStart: Int

  /// The longest header that is accepted (as in the reference implementation).
  static let headerLimit = 100_000_000

  /// Maps and checks a file.
  ///
  /// - Throws: ``SafeTensorsError``.
  public init(path: String) throws {
    self.path = path
    let descriptor: Int32
    do { descriptor = try InputFile.open(path) } catch { throw SafeTensorsError.io(file: path, reason: error.reason) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw SafeTensorsError.io(file: path, reason: String(cString: strerror(errno)))
    }
    let size = Int(status.st_size)
    guard size >= 8 else { throw SafeTensorsError.truncated(file: path, found: size, expected: 8) }
    guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else {
      throw SafeTensorsError.io(file: path, reason: String(cString: strerror(errno)))
    }
    do {
      let length = UInt64(littleEndian: map.loadUnaligned(as: UInt64.self))
      guard length <= UInt64(Self.headerLimit) else {
        throw SafeTensorsError.header(
          file: path, reason: "it announces a header of \(length) bytes, at most \(Self.headerLimit) are allowed")
      }
      let start = 8 + Int(length)
      guard start <= size else { throw SafeTensorsError.truncated(file: path, found: size, expected: start) }
      let text = [UInt8](UnsafeRawBufferPointer(start: map + 8, count: Int(length)))
      let header = try SafeTensorsHeader(utf8: text, file: path, dataBytes: size - start, dataStart: start)
      (names, entries, metadata) = (header.names, header.entries, header.metadata)
      dataStart = start
    } catch {
      munmap(map, size)
      throw error
    }
    base = map
    mappedBytes = size
  }

  deinit { munmap(base, mappedBytes) }

  /// The entry of `name`.
  ///
  /// - Throws: ``SafeTensorsError/missing(file:tensor:)``.
  public func entry(_ name: String) throws -> Entry {
    guard let entry = entries[name] else { throw SafeTensorsError.missing(file: path, tensor: name) }
    return entry
  }

  /// The bytes of a tensor as they are stored. Valid as long as this object lives; may be unaligned.
  public func bytes(_ name: String) throws -> UnsafeRawBufferPointer {
    let entry = try entry(name)
    return UnsafeRawBufferPointer(start: base + dataStart + entry.bytes.lowerBound, count: entry.bytes.count)
  }

  /// A tensor as float32; F32, F16, BF16 and F64 are converted.
  ///
  /// - Throws: ``SafeTensorsError`` for another type, or another shape than `shape` when that is given.
  public func tensor(_ name: String, shape: [Int]? = nil) throws -> Tensor {
    let tensor = Tensor(try entry(name).shape, zeroed: false)
    try read(name, into: tensor, shape: shape)
    return tensor
  }

  /// Checks that a tensor is of a type that can be read: F32, F16, BF16 or F64.
  ///
  /// - Throws: ``SafeTensorsError``.
  public func checkReadable(_ name: String) throws {
    let entry = try entry(name)
    guard [.f32, .bf16, .f16, .f64].contains(entry.element) else {
      throw SafeTensorsError.entry(
        file: path, tensor: name, reason: "it holds \(entry.element.rawValue) values, expected F32, F16, BF16 or F64")
    }
  }

  /// Reads a tensor into one with the same number of elements. A value that is infinite or no number is an error: nothing
  /// that is computed with it would mean anything.
  public func read(_ name: String, into tensor: Tensor, shape: [Int]? = nil, pool: ThreadPool = .shared) throws {
    let entry = try entry(name)
    let expected = shape ?? (tensor.count == entry.count ? entry.shape : tensor.shape)
    guard entry.shape == expected, tensor.count == entry.count else {
      throw SafeTensorsError.shape(file: path, tensor: name, found: entry.shape, expected: expected)
    }
    try checkReadable(name)
    let source = base + dataStart + entry.bytes.lowerBound
    // Small enough that the check finds what was read still in the cache.
    let step = 1 << 16
    let isFinite = Atomic(true)
    pool.parallelFor((entry.count + step - 1) / step) { chunk in
      let range = chunk * step..<min(entry.count, (chunk + 1) * step)
      let from = source + range.lowerBound * entry.element.size
      let to = tensor.data + range.lowerBound
      switch entry.element {
      case .f32: memcpy(to, from, range.count * 4)
      // The kernels read bytewise: a stored tensor may start at any address.
      case .bf16: ck_bf16_to_f32(UnsafePointer(OpaquePointer(from)), to, range.count)
      case .f16: ck_f16_to_f32(UnsafePointer(OpaquePointer(from)), to, range.count)
      default: for i in 0..<range.count { to[i] = Float(from.loadUnaligned(fromByteOffset: i * 8, as: Double.self)) }
      }
      if !Self.areFinite(to, count: range.count) { isFinite.store(false, ordering: .relaxed) }
    }
    guard isFinite.load(ordering: .relaxed) else {
      let place = (0..<tensor.count).first { !tensor.data[$0].isFinite } ?? 0
      throw SafeTensorsError.entry(
        file: path, tensor: name,
        reason:
          "element \(place) is \(tensor.data[place]), expected finite numbers; the file is damaged, or of a run that "
          + "broke down")
    }
  }

  private static func areFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
    var carries: UInt32 = 0
    // An exponent of ones alone carries into the sign's place.
    for i in 0..<count { carries |= (values[i].bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
    return carries & 0x8000_0000 == 0
  }
}
