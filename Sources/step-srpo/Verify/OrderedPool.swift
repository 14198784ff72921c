import Foundation

/// Threads that work on batches of lines; results leave in the order in which the batches came.
///
/// Memory is bounded: `submit` waits while enough is under way. A writer thread of its own lets a result out as soon
/// as it is there, so that a program that writes one line and waits for its answer gets it.
final class OrderedPool<Input: Sendable>: @unchecked Sendable {
  // Everything below `condition` is only touched while it is locked.
  private let condition = NSCondition()
  private var waiting: [(index: Int, input: Input, items: Int)] = []
  private var finished: [Int: [UInt8]] = [:]
  private var sizes: [Int: Int] = [:]
  private var bytesUnderWay = 0
  private var submitted = 0
  private var written = 0
  private var isClosed = false
  private var threadsLeft: Int
  private var secondsPerItem: Double?

  private let capacity: Int
  private let byteCapacity: Int

  /// - Parameters:
  ///   - work: turns one batch into output; called on several threads at once.
  ///   - write: takes the output in order, on one thread.
  init(
    threads: Int, byteCapacity: Int = 256 << 20, work: @escaping @Sendable (Input) -> [UInt8],
    write: @escaping @Sendable ([UInt8]) -> Void
  ) {
    capacity = 4 * max(1, threads)
    self.byteCapacity = byteCapacity
    threadsLeft = max(1, threads) + 1
    for _ in 0..<max(1, threads) { start { pool in pool.workUntilClosed(work) } }
    start { pool in pool.writeUntilClosed(write) }
  }

  private func start(_ body: @escaping @Sendable (OrderedPool) -> Void) {
    let thread = Thread { [self] in
      body(self)
      condition.lock()
      threadsLeft -= 1
      condition.broadcast()
      condition.unlock()
    }
    // Deeply nested JSON is parsed by recursion.
    thread.stackSize = 16 << 20
    thread.start()
  }

  /// Hands over a batch of `items`; waits while too much is under way.
  func submit(_ input: Input, items: Int, bytes: Int) {
    condition.lock()
    defer { condition.unlock() }
    while submitted - written >= capacity || (submitted > written && bytesUnderWay + bytes > byteCapacity) {
      condition.wait()
    }
    waiting.append((submitted, input, items))
    sizes[submitted] = bytes
    bytesUnderWay += bytes
    submitted += 1
    condition.broadcast()
  }

  /// Waits until all output is written and all threads have ended.
  func finish() {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
    while threadsLeft > 0 { condition.wait() }
  }

  /// How many items to put into the next batch so that it takes about `seconds`; 1 until something is known.
  func batchSize(forSeconds seconds: Double, maximum: Int) -> Int {
    condition.lock()
    defer { condition.unlock() }
    guard let secondsPerItem else { return 1 }
    return max(1, min(maximum, Int(min(1e9, seconds / max(1e-9, secondsPerItem)))))
  }

  private func remember(seconds: Double, items: Int) {
    let fresh = seconds / Double(max(1, items))
    secondsPerItem = secondsPerItem.map { 0.7 * $0 + 0.3 * fresh } ?? fresh
  }

  private func workUntilClosed(_ work: (Input) -> [UInt8]) {
    while true {
      condition.lock()
      while waiting.isEmpty, !isClosed { condition.wait() }
      guard !waiting.isEmpty else { return condition.unlock() }
      let job = waiting.removeFirst()
      condition.unlock()
      let start = ContinuousClock.now
      let output = work(job.input)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      condition.lock()
      remember(seconds: seconds, items: job.items)
      finished[job.index] = output
      condition.broadcast()
      condition.unlock()
    }
  }

  private func writeUntilClosed(_ write: ([UInt8]) -> Void) {
    while true {
      condition.lock()
      while finished[written] == nil, !(isClosed && written == submitted) { condition.wait() }
      guard let output = finished.removeValue(forKey: written) else { return condition.unlock() }
      condition.unlock()
      write(output)
      condition.lock()
      bytesUnderWay -= sizes.removeValue(forKey: written) ?? 0
      written += 1
      condition.broadcast()
      condition.unlock()
    }
  }
}
