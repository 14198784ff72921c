import Foundation
import Platform
import StrictJSON

/// One run inside a sandbox: what the solution's process gets, and what the tests' process gets, if there is one.
struct SandboxJob: Sendable {
  /// What the solution's process does.
  enum Kind: String, Sendable {
    /// Answers the questions of a tests' process.
    case serve
    /// Calls a function on given arguments and sends back what it returns.
    case call
    /// Runs as a programme on a given standard input.
    case stdio
  }

  var kind: Kind
  /// Handed to the solution's process only.
  var solution: JSON
  /// Handed to the tests' process only; nil when no tests run inside.
  var tests: JSON?
  var limits: SandboxLimits
}

/// How a run ended.
struct SandboxRun: Sendable {
  /// Why the run was ended from outside.
  enum Ending: Sendable, Equatable { case own, time, output, memory }

  var ending: Ending
  /// `wait` status of the solution's process.
  var solutionStatus: Int32
  /// What the solution's process sent; hostile.
  var solutionReply: JSON?
  /// What the tests' process sent.
  var testsReply: JSON?
  var standardOutput: [UInt8]
  var standardError: [UInt8]
  /// Processor seconds of the solution.
  var processorSeconds: Double
  /// Largest resident size of the solution's process in bytes.
  var peakBytes: Int

  /// The exit code, or nil when a signal ended the process.
  var exitCode: Int? { solutionStatus & 0x7F == 0 ? Int(solutionStatus >> 8 & 0xFF) : nil }
  /// The signal that ended the process, or nil.
  var signal: Int32? { solutionStatus & 0x7F == 0 ? nil : solutionStatus & 0x7F }
}

/// One bubblewrap sandbox with a fork server in it, used by one thread at a time.
final class Sandbox {
  /// The layers of isolation that were seen to be active, in words.
  private(set) var layers: [String] = []

  private let child: ChildProcess
  private var control: ChannelEnd
  private var solution: ChannelEnd
  private var tester: ChannelEnd
  private var output: ChannelEnd
  private var errors: ChannelEnd
  private var isEnded = false

  /// Starts a sandbox and waits until it has shown that it holds.
  /// - Throws: `SandboxFault` naming what is missing.
  init(command: SandboxCommand, configuration: SandboxConfiguration) throws {
    var pairs: [ChannelPair] = []
    // Before the greeting is awaited: only while nobody else holds the child's ends does its death close the channels.
    func closeTheirs() { for pair in pairs { close(pair.theirs) } }
    for _ in 0..<5 {
      do { pairs.append(try ChannelPair()) } catch {
        closeTheirs()
        for pair in pairs { close(pair.ours) }
        throw error
      }
    }
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    var files: [(child: Int32, here: Int32)] = [(0, null), (1, null), (2, pairs[4].theirs)]
    for (i, pair) in pairs.enumerated() { files.append((Int32(3 + i), pair.theirs)) }
    do {
      child = try ChildProcess(
        program: command.program, arguments: command.arguments, environment: ["PATH=/usr/bin:/bin"], files: files)
    } catch {
      closeTheirs()
      for pair in pairs { close(pair.ours) }
      throw error
    }
    closeTheirs()
    control = ChannelEnd(descriptor: pairs[0].ours)
    solution = ChannelEnd(descriptor: pairs[1].ours)
    tester = ChannelEnd(descriptor: pairs[2].ours)
    output = ChannelEnd(descriptor: pairs[3].ours)
    errors = ChannelEnd(descriptor: pairs[4].ours)
    do {
      layers = command.layers + (try greet(configuration))
    } catch {
      end()
      throw error
    }
  }

  deinit { end() }

  /// Ends the sandbox and everything in it.
  func end() {
    guard !isEnded else { return }
    isEnded = true
    child.end()
    for end in [control, solution, tester, output, errors] { close(end.descriptor) }
  }

  private func greet(_ configuration: SandboxConfiguration) throws -> [String] {
    guard let table = SeccompFilter.machine else { throw SandboxFault("no system call filter for this processor") }
    let filter = Data(SeccompFilter.program(for: table)).base64EncodedString()
    let hello: JSON = [
      "filter": .string(filter), "tmpfs": .int(configuration.temporaryBytes),
      "inodes": .int(configuration.temporaryFiles),
    ]
    control.queue(Array(hello.text().utf8))
    let message = try exchange(until: Deadline(after: configuration.startSeconds))
    guard let message else {
      errors.receive()
      let said = String(decoding: errors.received.suffix(600), as: UTF8.self)
      throw SandboxFault("the sandbox does not start: " + said.split(separator: "\n").suffix(3).joined(separator: " "))
    }
    let found = message["layers"]
    let required = [
      "capabilities", "seccomp", "no-network", "no-fork", "no-signals", "no-exec", "no-host-files", "read-only-system",
    ]
    let missing = required.filter { found?[$0] != true }
    guard message["ready"] == true, missing.isEmpty else {
      let why = found?["error"]?.string.map { " (\($0))" } ?? ""
      throw SandboxFault("the sandbox lacks \(missing.joined(separator: ", "))\(why)")
    }
    let python = message["python"]?.string ?? "?"
    let writable =
      found?["tmpfs"] == true
      ? "a private \(configuration.temporaryBytes >> 20) MiB file system per run" : "no writable files at all"
    return [
      "seccomp: no processes, signals, sockets or namespaces from a solution", "no capabilities, no-new-privileges",
      "limits on processor time, wall time, address space, output, files and threads", writable,
      "Python \(python), forked clean for each run; tests in a process apart",
    ]
  }

  /// Waits for one control message while moving bytes on every channel; nil when the sandbox is gone or out of time.
  private func exchange(until deadline: Deadline, watch: () -> Bool = { false }) throws -> JSON? {
    while true {
      if let message = control.takeMessage() { return try? JSON.parse(utf8: message) }
      if control.isClosed { return nil }
      let left = deadline.secondsLeft
      if left <= 0 { return nil }
      if watch() {
        control.queue(Array(#"{"stop":true}"#.utf8))
      }
      var polls = [control, solution, tester, output, errors].map {
        pollfd(
          fd: $0.isClosed ? -1 : $0.descriptor, events: Int16(POLLIN) | ($0.isSending ? Int16(POLLOUT) : 0), revents: 0)
      }
      _ = poll(&polls, UInt(polls.count), Int32(min(left, 0.1) * 1000) + 1)
      Self.move(&control, polls[0].revents)
      Self.move(&solution, polls[1].revents)
      Self.move(&tester, polls[2].revents)
      Self.move(&output, polls[3].revents)
      Self.move(&errors, polls[4].revents)
    }
  }

  private static func move(_ end: inout ChannelEnd, _ events: Int16) {
    if events & Int16(POLLOUT) != 0 { end.send() }
    if events & Int16(POLLIN | POLLHUP | POLLERR) != 0 { end.receive() }
  }

  /// Runs one job.
  /// - Throws: `SandboxFault` when the sandbox broke; it must then not be used again.
  func run(_ job: SandboxJob) throws -> SandboxRun {
    control.reset(keeping: 1 << 20)
    solution.reset(keeping: 32 << 20)
    tester.reset(keeping: 1 << 20)
    output.reset(keeping: job.limits.output)
    errors.reset(keeping: 64 << 10)
    let order: JSON = [
      "kind": .string(job.kind.rawValue), "tester": .bool(job.tests != nil), "seconds": .double(job.limits.seconds),
      "wall": .double(job.limits.wall), "memory": .int(job.limits.memory),
    ]
    control.queue(Array(order.text().utf8))
    solution.queue(Array(job.solution.text().utf8))
    if let tests = job.tests { tester.queue(Array(tests.text().utf8)) }
    var ending = SandboxRun.Ending.own
    var nextLook = Deadline(after: 0.2)
    let message = try exchange(until: Deadline(after: job.limits.wall + 10)) {
      guard ending == .own else { return false }
      if output.count > job.limits.output || errors.count > job.limits.output {
        ending = .output
        return true
      }
      if nextLook.hasPassed {
        nextLook = Deadline(after: 0.1)
        // The tests' process and the fork server come on top of the solution's own limit.
        if ProcessTree.residentBytes(of: child.pid) > job.limits.memory + 256 << 20 {
          ending = .memory
          return true
        }
      }
      return false
    }
    guard let message, message["done"] == true, message["dirty"] == false, !solution.isSending, !tester.isSending else {
      throw SandboxFault(
        message == nil
          ? "the sandbox ended or did not answer within \(job.limits.wall + 10) s"
          : "a process in the sandbox was killed")
    }
    // Whatever the dead processes still had under way.
    for _ in 0..<16 {
      solution.receive()
      tester.receive()
      output.receive()
      errors.receive()
    }
    if message["why"]?.string == "time", ending == .own { ending = .time }
    if ending == .own, output.count > job.limits.output || errors.count > job.limits.output { ending = .output }
    return SandboxRun(
      ending: ending,
      solutionStatus: Int32(truncatingIfNeeded: message["solution"]?.int ?? 9),
      solutionReply: solution.takeMessage().flatMap { try? JSON.parse(utf8: $0) },
      testsReply: tester.takeMessage().flatMap { try? JSON.parse(utf8: $0) },
      standardOutput: output.received, standardError: errors.received,
      processorSeconds: message["cpu"]?.double ?? 0, peakBytes: message["peak"]?.int ?? 0)
  }
}
