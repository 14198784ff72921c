import Foundation
import StepSRPO

/// A run's metrics as a TensorBoard event file, written without TensorFlow: `Event` messages in protocol-buffer wire
/// format inside TFRecords.
public enum EventFile {
  /// Writes the metrics of a run into `folder/RUN/`, replacing what was written there before.
  ///
  /// Wall times are the run's start plus the seconds of its steps; cold-start steps stand before reinforcement steps
  /// under names of their own, so their steps do not mix.
  /// - Parameter names: the metrics; all that were recorded when nil.
  /// - Returns: the file.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``.
  @discardableResult
  public static func write(_ reader: RunReader, names: [String]? = nil, to folder: String) throws -> String {
    let info = try reader.info()
    let start = (try? Date(info.created, strategy: .iso8601))?.timeIntervalSince1970 ?? 0
    let target = "\(folder)/\(info.name)"
    try FileSystem.createDirectory(target)
    let path = "\(target)/events.out.tfevents.\(Int(start)).\(info.name)"
    let bytes = try content(reader, names: names, start: start)
    do { try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw RunStoreError.unwritable(path: path, reason: error.localizedDescription)
    }
    return path
  }

  static func content(_ reader: RunReader, names: [String]?, start: Double) throws -> [UInt8] {
    var file = RecordFile()
    file.append(double(1, start) + text(3, "brain.Event:2"))
    let seconds = Dictionary(
      uniqueKeysWithValues: try reader.series(Metric.timeStep.name, stage: .train).map { ($0.step, $0.value) })
    var values: [Int: [(name: String, value: Double)]] = [:]
    for name in try names ?? reader.metricNames() {
      for point in try reader.series(name) { values[point.step, default: []].append((name, point.value)) }
    }
    var time = start
    for step in values.keys.sorted() {
      time += seconds[step].map { $0.isFinite ? $0 : 0 } ?? 0
      let summary = (values[step] ?? []).flatMap { name, value in
        message(1, text(1, name) + float(2, Float(value)))
      }
      file.append(double(1, time) + varint(2, UInt64(step)) + message(5, summary))
    }
    return file.bytes
  }

  // MARK: Protocol-buffer wire format: field number and wire type, then the value.

  private static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func key(_ field: Int, _ wireType: UInt64) -> [UInt8] { varint(UInt64(field) << 3 | wireType) }

  static func varint(_ field: Int, _ value: UInt64) -> [UInt8] { key(field, 0) + varint(value) }

  private static func double(_ field: Int, _ value: Double) -> [UInt8] {
    key(field, 1) + RecordFile.littleEndian(value.bitPattern)
  }

  private static func float(_ field: Int, _ value: Float) -> [UInt8] {
    key(field, 5) + RecordFile.littleEndian(value.bitPattern)
  }

  private static func message(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
    key(field, 2) + varint(UInt64(bytes.count)) + bytes
  }

  private static func text(_ field: Int, _ text: String) -> [UInt8] { message(field, Array(text.utf8)) }
}
