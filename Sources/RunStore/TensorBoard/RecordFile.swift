/// The TFRecord framing: each record behind its length, both with a masked CRC-32C.
struct RecordFile {
  /// What has been framed so far.
  private(set) var bytes: [UInt8] = []

  /// Adds one record: length (8 bytes, little-endian), masked CRC of the length, data, masked CRC of the data.
  mutating func append(_ data: [UInt8]) {
    let length = Self.littleEndian(UInt64(data.count))
    bytes +=
      length + Self.littleEndian(Self.maskedChecksum(length)) + data
      + Self.littleEndian(Self.maskedChecksum(data))
  }

  static func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The mask keeps a checksum that is stored in a file from being mistaken for data of a checksummed file.
  static func maskedChecksum(_ data: [UInt8]) -> UInt32 {
    let crc = checksum(data)
    return ((crc >> 15) | (crc << 17)) &+ 0xa282_ead8
  }

  /// CRC-32C (Castagnoli), reflected, as iSCSI uses it.
  static func checksum(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~UInt32(0)) { crc, byte in table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? (crc >> 1) ^ 0x82f6_3b78 : crc >> 1 }
  }
}
