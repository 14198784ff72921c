import Foundation
import Synchronization

/// Something a thread of an ``OwnerPool`` owns and must end.
protocol Endable: SendableMetatype {
  /// Ends it; called once, on the owning thread.
  mutating func end()
}

/// A bounded number of threads that each own one resource, such as a child process, between pieces of work.
///
/// The threads matter: a sandbox asks the kernel to die with the thread that started it, so it must not be started
/// from a thread that comes and goes.
final class OwnerPool<Owned: Endable>: Sendable {
  /// A piece of work; it gets the thread's resource and may make, replace or end it.
  typealias Work = @Sendable (inout Owned?) -> Void

  private struct State {
    var orders: [Work] = []
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
  private let maximumThreads: Int
  private let name: String

  /// A pool; threads start when there is work for them.
  init(name: String, maximumThreads: Int) {
    self.name = name
    self.maximumThreads = max(1, maximumThreads)
  }

  deinit {
    let threads = desk.state.withLock { state in
      state.isClosed = true
      return state.threads
    }
    for _ in 0..<threads { desk.bell.signal() }
  }

  /// Queues a piece of work; it is called once, on a thread of the pool.
  func submit(_ work: @escaping Work) {
    let starts = desk.state.withLock { state in
      state.orders.append(work)
      guard state.idle < state.orders.count - state.next, state.threads < maximumThreads else { return false }
      state.threads += 1
      return true
    }
    if starts {
      let desk = desk
      let thread = Thread { Self.serve(desk) }
      thread.name = name
      thread.stackSize = 1 << 20
      thread.start()
    }
    desk.bell.signal()
  }

  private static func serve(_ desk: Desk) {
    var owned: Owned?
    while true {
      desk.state.withLock { $0.idle += 1 }
      desk.bell.wait()
      let work = desk.state.withLock { state -> Work? in
        state.idle -= 1
        guard state.next < state.orders.count else { return nil }
        let work = state.orders[state.next]
        state.next += 1
        if state.next == state.orders.count {
          state.orders.removeAll(keepingCapacity: true)
          state.next = 0
        }
        return work
      }
      if let work {
        work(&owned)
      } else if desk.state.withLock({ $0.isClosed }) {
        break
      }
    }
    owned?.end()
  }
}

/// Results that arrive from several threads, in any order.
final class Gathered<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>
  private let done = DispatchSemaphore(value: 0)

  init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

  /// Stores a value; each index is stored once.
  func store(_ value: Value, at index: Int) {
    values.withLock { $0[index] = value }
    done.signal()
  }

  /// Waits until every index is stored.
  func wait() -> [Value?] {
    let count = values.withLock(\.count)
    for _ in 0..<count { done.wait() }
    return values.withLock { $0 }
  }
}
