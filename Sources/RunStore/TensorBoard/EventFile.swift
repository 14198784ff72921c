import Foundation
import StepSRPO

/// A run's metrics as a TensorBoard event file, written without TensorFlow: `Event` messages in protocol-buffer wire
/// format inside TFRecords.
public enum EventFile {
  /// Writes the metrics of a run into `folder/RUN/`, replacing what was written there before.
  ///
  /// Wall times are the run's start plus the seconds of its steps. Of the cold start only metrics with a name of their
  /// own are written (`cold_start/loss`), so that its steps and those of training do not mix.
  /// - Parameter names: the metrics; all that were recorded when nil.
  /// - Returns: the file.
  /// - Throws: ``RunStoreError`` or ``SQLiteError``.
  @discardableResult
  public static func write(_ reader: RunReader, names: [String]? = nil, to folder: String) throws -> String {
    let info = try reader.info()
    let start = startTime(info)
    let target = "\(folder)/\(info.name)"
    try FileSystem.createDirectory(target)
    let path = "\(target)/events.out.tfevents.\(Int(start)).\(info.name)"
    let bytes = try content(reader, names: names, start: start)
    try FileSystem.write(bytes, to: path)
    return path
  }

  static func content(_ reader: RunReader, names: [String]?, start: Double) throws -> [UInt8] {
    var file = RecordFile()
    file.append(double(1, start) + text(3, "brain.Event:2"))
    let wanted = names.map { Set($0) }
    var time = start
    var last: (isColdStart: Bool, step: Int)?
    var values: [(name: String, value: Double)] = []
    func flush() {
      if let last, !values.isEmpty { file.append(event(step: last.step, time: time, values)) }
      values = []
    }
    let rows = try reader.database.rows(
      "SELECT stage, step, name, value FROM metrics ORDER BY stage <> 'cold_start', step, stage = 'evaluation', name")
    for row in rows {
      guard let stage = row[0].string.flatMap(MetricStage.init(rawValue:)), let step = row[1].int,
        let name = row[2].string
      else { continue }
      let place = (isColdStart: stage == .coldStart, step: step)
      if last.map({ $0 != place }) ?? true {
        flush()
        last = place
      }
      let value = row[3].double ?? .nan
      if name == Metric.timeStep.name, value.isFinite { time += value }
      if isShown(name, in: stage), wanted?.contains(name) ?? true { values.append((name, value)) }
    }
    flush()
    return file.bytes
  }

  /// Whether a metric is written: a name that training records too would mix the cold start's steps with its own.
  static func isShown(_ name: String, in stage: MetricStage) -> Bool {
    stage != .coldStart || name.hasPrefix("cold_start/")
  }

  /// What a stage recorded at a step, by name.
  static func values(_ reader: RunReader, stage: MetricStage, step: Int) throws -> [(name: String, value: Double)] {
    try reader.database.rows(
      "SELECT name, value FROM metrics WHERE stage = ? AND step = ? ORDER BY name", [.text(stage.rawValue), .int(step)]
    ).map { ($0[0].string ?? "", $0[1].double ?? .nan) }
  }

  /// The wall time of the last event: the run's start plus the seconds of all its steps.
  static func endTime(_ reader: RunReader) throws -> Double {
    let seconds = try reader.database.rows("SELECT value FROM metrics WHERE name = ?", [.text(Metric.timeStep.name)])
    return try startTime(reader.info())
      + seconds.reduce(0) { sum, row in
        row[0].double.map { $0.isFinite ? sum + $0 : sum } ?? sum
      }
  }

  private static func startTime(_ info: RunInfo) -> Double {
    (try? Date(info.created, strategy: .iso8601))?.timeIntervalSince1970 ?? 0
  }

  /// One event, framed.
  static func record(step: Int, time: Double, _ values: [(name: String, value: Double)]) -> [UInt8] {
    var file = RecordFile()
    file.append(event(step: step, time: time, values))
    return file.bytes
  }

  private static func event(step: Int, time: Double, _ values: [(name: String, value: Double)]) -> [UInt8] {
    let summary = values.flatMap { name, value in message(1, text(1, name) + float(2, Float(value))) }
    return double(1, time) + varint(2, UInt64(step)) + message(5, summary)
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
