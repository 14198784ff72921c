import Foundation
import StepSRPO
import StrictJSON
import Testing

@testable import RunStore

/// Event files that grow with the run.
@Suite struct TensorBoardTests {
  let folder = TemporaryFolder()

  /// What a reader of event files sees: values by tag and step, in the order of the file. A small reader of our own, so
  /// that the test does not need TensorBoard; where that is installed, both must see the same.
  private func scalars(_ path: String) throws -> [String: [[Double]]] {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    func integer(_ at: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
    }
    var scalars: [String: [[Double]]] = [:]
    var place = 0
    while place < bytes.count {
      let length = Int(integer(place, 8))
      #expect(UInt32(integer(place + 8, 4)) == RecordFile.maskedChecksum(Array(bytes[place..<place + 8])))
      let data = Array(bytes[place + 12..<place + 12 + length])
      #expect(UInt32(integer(place + 12 + length, 4)) == RecordFile.maskedChecksum(data))
      place += 16 + length
      let event = fields(data)
      let step = event.first { $0.number == 2 }?.value ?? 0
      for summary in event where summary.number == 5 {
        for value in fields(summary.bytes) {
          let parts = fields(value.bytes)
          let tag = String(decoding: parts.first { $0.number == 1 }?.bytes ?? [], as: UTF8.self)
          let bits = parts.first { $0.number == 2 }?.value ?? 0
          scalars[tag, default: []].append([Double(step), Double(Float(bitPattern: UInt32(bits)))])
        }
      }
    }
    return scalars
  }

  private func fields(_ data: [UInt8]) -> [(number: Int, value: UInt64, bytes: [UInt8])] {
    var fields: [(number: Int, value: UInt64, bytes: [UInt8])] = []
    var place = 0
    func varint() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = data[place]
        place += 1
        value |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { return value }
      }
    }
    while place < data.count {
      let key = varint()
      let number = Int(key >> 3)
      switch key & 7 {
      case 0: fields.append((number, varint(), []))
      case 2:
        let count = Int(varint())
        fields.append((number, 0, Array(data[place..<place + count])))
        place += count
      case let wire:
        let count = wire == 1 ? 8 : 4
        let bytes = data[place..<place + count]
        fields.append((number, bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }, []))
        place += count
      }
    }
    return fields
  }

  private func exported(_ run: RunFolder) throws -> [String: [[Double]]] {
    try scalars(EventFile.write(RunReader(run), to: folder.path + "/exported"))
  }

  /// Events with numbers that are the same whenever a step is made.
  private func events(_ step: Int) -> [TrainingEvent] {
    let report = RunFixture.step(step)
    var metrics = report.metrics
    metrics[.timeStep] = 0.5
    var events: [TrainingEvent] = [
      .step(StepReport(step: step, totalSteps: 10, metrics: metrics, groups: report.groups))
    ]
    if step % 2 == 0 { events += [.evaluation(RunFixture.evaluation(step)), .checkpoint(step: step, seconds: 0.25)] }
    return events
  }

  private func play(_ observers: [any TrainingObserver], _ events: [TrainingEvent]) throws {
    for event in events { for observer in observers { _ = try observer.observe(event) } }
  }

  private func coldStart(_ step: Int) -> TrainingEvent {
    .coldStart(step: step, of: 3, metrics: [.coldStartLoss: 1 / Double(step), .gradNorm: 9, .timeStep: 0.1])
  }

  /// Live through a cold start, six steps, a death after the checkpoint of step 4 and a resume: the file holds what the
  /// database holds, and nothing twice.
  @Test func theFileFollowsTheRunThroughDeathAndResume() throws {
    let live = folder.path + "/tb"
    let path: String
    let run: RunFolder
    do {
      let recorder = try RunFixture.newRecorder("run", in: folder)
      run = recorder.folder
      let board = try TensorBoardObserver(run, in: live)
      path = board.path
      try play([recorder, board], (1...3).map(coldStart) + [.evaluation(RunFixture.evaluation(0))])
      try play([recorder, board], (1...4).flatMap(events))
      try CheckpointFolder(of: run).write(step: 4) { _ in }
      try play([recorder, board], (5...6).flatMap(events))
    }
    #expect(try scalars(path) == exported(run))
    #expect(try scalars(path)["loss"]?.count == 6)
    // Killed while it wrote: the last record is half there.
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.dropLast(7).write(to: URL(fileURLWithPath: path))

    let (recorder, checkpoint) = try RunRecorder.resume(run)
    #expect(checkpoint?.step == 4)
    let board = try TensorBoardObserver(run, in: live)
    #expect(board.path == path && FileManager.default.fileExists(atPath: path))
    #expect(try scalars(path)["loss"]?.map { $0[0] } == [1, 2, 3, 4], "steps after the checkpoint are gone")
    try play([recorder, board], (5...8).flatMap(events))
    let found = try scalars(path)
    #expect(try found == exported(run))
    #expect(found["loss"]?.map { $0[0] } == (1...8).map(Double.init))
    #expect(found["eval/primer_test/accuracy"]?.map { $0[0] } == [0, 2, 4, 6, 8])
    #expect(found["time/checkpoint"]?.map { $0[0] } == [2, 4, 6, 8])
    #expect(found["cold_start/loss"]?.count == 3 && found["grad_norm"] == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: live + "/run").count == 1)

    guard let python = InspectionTests.tensorBoardPython else {
      print("no Python with TensorBoard on this machine: only our own reader has read the live file")
      return
    }
    let read = try InspectionTests.tensorBoard(python, live + "/run")
    #expect(read.object?.keys.sorted() == found.keys.sorted())
    for (tag, points) in found {
      #expect(read[tag]?.array?.map { $0.array?.compactMap(\.double) ?? [] } == points, "\(tag)")
    }
  }

  @Test func aFolderThatCannotBeWrittenIsNamed() throws {
    let recorder = try RunFixture.newRecorder("run", in: folder)
    let error = #expect(throws: RunStoreError.self) { try TensorBoardObserver(recorder.folder, in: "/proc/nothing") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("/proc/nothing"))
  }
}
