import CKernels
import Foundation
import Synchronization

/// Threads that share the chunks of one loop at a time.
///
/// A worker waits spinning for a few microseconds, then sleeps: short operations start fast, an idle pool costs
/// nothing. The chunks of a loop are handed out in any order to any thread; callers cut their work by its shape only,
/// never by the number of threads, so the numbers that come out do not depend on the pool.
public final class ThreadPool: @unchecked Sendable {
  /// The pool of all processors.
  public static let shared = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)
  /// Runs everything on the calling thread; for kernels called inside a worker.
  public static let serial = ThreadPool(threads: 1)

  /// The number of threads that work on a loop, the caller included.
  public let threadCount: Int

  /// The loop in progress: generation (24 bits), number of chunks (20), next chunk (20). One word, so that taking a
  /// chunk also tells which loop it belongs to; a late worker can never touch a loop that has ended.
  private let ticket = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let busy = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  private let wake = DispatchSemaphore(value: 0)
  private nonisolated(unsafe) var body: (Int) -> Void = { _ in }

  private static let spins = 6000
  private static let chunkLimit = 1 << 19

  /// A pool with `threads` threads in all, of which the caller of a loop is one.
  public init(threads: Int) {
    threadCount = max(1, threads)
    for index in 1..<max(2, threadCount) where threadCount > 1 {
      let thread = Thread { [weak self] in ThreadPool.work { self } }
      thread.name = "tensor-\(index)"
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  deinit { stop() }

  /// Ends the workers. Loops run on the caller alone afterwards.
  public func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    wakeSleepers()
  }

  /// A worker counts itself before it looks for work a last time, so whoever has put work there sees it or is seen. A
  /// signal too many lets somebody look once more for nothing.
  private func wakeSleepers() {
    for _ in 0..<sleepers.load(ordering: .sequentiallyConsistent) { wake.signal() }
  }

  /// Treats subnormal numbers as zero on the calling thread from now on, as loops do inside. For threads that call
  /// kernels without a loop (generation).
  public static func flushDenormals() { _ = ck_flush_denormals() }

  /// Calls `body` once for each chunk in 0..<chunks and returns when all calls have returned.
  ///
  /// Nested calls and calls from several threads at once are allowed; those that find the pool busy run on their own
  /// thread.
  public func parallelFor(_ chunks: Int, _ body: (Int) -> Void) {
    guard chunks > 0 else { return }
    // Subnormal numbers count as zero inside, on every thread, and nowhere else: what a kernel gives must not depend
    // on which thread it runs.
    let control = ck_flush_denormals()
    defer { ck_restore_control(control) }
    if chunks == 1 || threadCount == 1 || chunks > Self.chunkLimit
      || busy.exchange(true, ordering: .acquiring)
    {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    defer { busy.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { escaping in
      self.body = escaping
      finished.store(0, ordering: .relaxed)
      let generation = ((ticket.load(ordering: .relaxed) >> 40) &+ 1) & 0xff_ffff
      ticket.store(generation << 40 | UInt64(chunks) << 20, ordering: .sequentiallyConsistent)
      wakeSleepers()
      takeChunks()
      var waited = 0
      while finished.load(ordering: .acquiring) < chunks {
        ck_pause()
        waited += 1
        if waited > Self.spins { sched_yield() }
      }
      self.body = { _ in }
    }
  }

  /// Takes chunks until none is left; returns whether there was one.
  @discardableResult
  private func takeChunks() -> Bool {
    var worked = false
    while Self.hasChunk(ticket.load(ordering: .acquiring)) {
      let taken = ticket.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
      guard Self.hasChunk(taken) else { break }
      body(Int(taken & 0xf_ffff))
      finished.wrappingAdd(1, ordering: .releasing)
      worked = true
    }
    return worked
  }

  private static func hasChunk(_ ticket: UInt64) -> Bool { ticket & 0xf_ffff < (ticket >> 20) & 0xf_ffff }

  /// A worker's life. It holds the pool only while it looks for work, so that an abandoned pool can end.
  private static func work(_ pool: () -> ThreadPool?) {
    _ = ck_flush_denormals()
    while let pool = pool(), !pool.stopping.load(ordering: .relaxed) {
      var idle = 0
      while idle < spins {
        if pool.takeChunks() {
          idle = 0
        } else {
          ck_pause()
          idle += 1
        }
      }
      pool.sleep()
    }
  }

  private func sleep() {
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if !Self.hasChunk(ticket.load(ordering: .sequentiallyConsistent)), !stopping.load(ordering: .sequentiallyConsistent)
    {
      // Wakes now and then to see whether the pool still exists.
      _ = wake.wait(timeout: .now() + 5)
    }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
  }
}
