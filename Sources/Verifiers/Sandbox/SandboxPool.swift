import Foundation
import Synchronization

/// A bounded number of sandboxes, each owned by one thread that lives as long as the pool.
///
/// The threads matter: a sandbox asks the kernel to die with the thread that started it, so it must not be started
/// from a thread that comes and goes.
final class SandboxPool: Sendable {
  /// Runs one job in the sandbox of the thread it is called on.
  /// - Throws: `SandboxFault` when two sandboxes in a row broke.
  typealias Runner = (SandboxJob) throws -> SandboxRun

  private typealias Order = @Sendable (Runner) -> Void

  private struct State {
    var orders: [Order] = []
    var next = 0
    var threads = 0
    var idle = 0
    var isClosed = false
  }

  /// Shared by the pool and its threads, so that the pool itself can end while threads still wait.
  private final class Desk: Sendable {
    let state = Mutex(State())
    let bell = DispatchSemaphore(value: 0)
  }

  private let desk = Desk()
  private let command: SandboxCommand
  private let configuration: SandboxConfiguration
  private let maximumSandboxes: Int

  /// A pool; sandboxes start when there is work for them.
  init(command: SandboxCommand, configuration: SandboxConfiguration, maximumSandboxes: Int) {
    self.command = command
    self.configuration = configuration
    self.maximumSandboxes = max(1, maximumSandboxes)
  }

  deinit {
    let threads = desk.state.withLock { state in
      state.isClosed = true
      return state.threads
    }
    for _ in 0..<threads { desk.bell.signal() }
  }

  /// Queues work that needs a sandbox; it is called once, on a thread of the pool.
  func submit(_ work: @escaping @Sendable (Runner) -> Void) {
    let starts = desk.state.withLock { state in
      state.orders.append(work)
      guard state.idle < state.orders.count - state.next, state.threads < maximumSandboxes else { return false }
      state.threads += 1
      return true
    }
    if starts {
      let (desk, command, configuration) = (desk, command, configuration)
      let thread = Thread { Self.work(desk: desk, command: command, configuration: configuration) }
      thread.name = "sandbox"
      thread.stackSize = 1 << 20
      thread.start()
    }
    desk.bell.signal()
  }

  private static func work(desk: Desk, command: SandboxCommand, configuration: SandboxConfiguration) {
    var sandbox: Sandbox?
    while true {
      desk.state.withLock { $0.idle += 1 }
      desk.bell.wait()
      let order = desk.state.withLock { state -> Order? in
        state.idle -= 1
        guard state.next < state.orders.count else { return nil }
        let order = state.orders[state.next]
        state.next += 1
        if state.next == state.orders.count {
          state.orders.removeAll(keepingCapacity: true)
          state.next = 0
        }
        return order
      }
      guard let order else {
        if desk.state.withLock({ $0.isClosed }) { break }
        continue
      }
      order { job in try perform(job, in: &sandbox, command: command, configuration: configuration) }
    }
    sandbox?.end()
  }

  /// Runs a job, once more in a fresh sandbox when the first one breaks.
  private static func perform(
    _ job: SandboxJob, in sandbox: inout Sandbox?, command: SandboxCommand, configuration: SandboxConfiguration
  ) throws -> SandboxRun {
    var last = SandboxFault("not run")
    for _ in 0..<2 {
      do {
        if sandbox == nil { sandbox = try Sandbox(command: command, configuration: configuration) }
        if let sandbox { return try sandbox.run(job) }
      } catch {
        sandbox?.end()
        sandbox = nil
        last = error as? SandboxFault ?? SandboxFault("\(error)")
      }
    }
    throw last
  }
}
