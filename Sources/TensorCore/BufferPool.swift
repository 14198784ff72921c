import Foundation
import Synchronization

/// Memory of freed tensors, kept for the next tensor of the same size class.
///
/// A training step allocates the same activations again and again; fresh pages from the system cost a page fault
/// each (6-20 % of a step), so freed blocks are kept up to ``keptBytesLimit``. When a phase of other sizes begins
/// (sampling, training), kept blocks that it has no use for go back to the system instead of adding to its own: live and
/// kept blocks together stay near the most that was ever live.
public enum BufferPool {
  /// The most bytes that are kept for reuse; more are returned to the system.
  public static let keptBytesLimit = 4 << 30

  private struct State {
    var free: [Int: [UInt]] = [:]
    var keptBytes = 0
    var liveBytes = 0
    var peakBytes = 0
    var peakLiveBytes = 0

    /// Takes kept blocks, largest first, until live and kept ones fit beside each other again.
    mutating func surplus() -> [(address: UInt, size: Int)] {
      let limit = peakLiveBytes + peakLiveBytes / 16 + BufferPool.slackBytes
      guard liveBytes + keptBytes > limit else { return [] }
      var blocks: [(address: UInt, size: Int)] = []
      for size in free.keys.sorted(by: >) {
        while liveBytes + keptBytes > limit, let block = free[size]?.popLast() {
          blocks.append((block, size))
          keptBytes -= size
        }
      }
      return blocks
    }
  }
  /// Kept bytes that are always allowed.
  private static let slackBytes = 32 << 20
  private static let state = Mutex(State())

  /// Bytes held by live tensors and kept blocks together, and the highest value that sum has had.
  public static var usage: (liveBytes: Int, keptBytes: Int, peakBytes: Int) {
    state.withLock { ($0.liveBytes, $0.keptBytes, $0.peakBytes) }
  }

  /// Returns every kept block to the system.
  public static func trim() {
    let blocks = state.withLock { state in
      let blocks = state.free
      state.free.removeAll()
      state.keptBytes = 0
      return blocks
    }
    for (size, addresses) in blocks { for address in addresses { giveBack(address, size) } }
  }

  /// The block size for a request: the next of four steps per power of two, so that at most a fifth is wasted.
  static func blockBytes(_ bytes: Int) -> Int {
    guard bytes > 256 else { return 256 }
    let step = 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount - 3)
    return (bytes + step - 1) / step * step
  }

  static func allocate(floats: Int) -> UnsafeMutablePointer<Float> {
    let size = blockBytes(max(floats, 1) * 4)
    let (reused, surplus): (UInt?, [(address: UInt, size: Int)]) = state.withLock { state in
      state.liveBytes += size
      state.peakLiveBytes = max(state.peakLiveBytes, state.liveBytes)
      if let address = state.free[size]?.popLast() {
        state.keptBytes -= size
        return (address, [])
      }
      let surplus = state.surplus()
      state.peakBytes = max(state.peakBytes, state.liveBytes + state.keptBytes)
      return (nil, surplus)
    }
    for (address, size) in surplus { giveBack(address, size) }
    let raw =
      reused.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      ?? fresh(size)
    return raw.assumingMemoryBound(to: Float.self)
  }

  static func release(_ pointer: UnsafeMutablePointer<Float>, floats: Int) {
    let size = blockBytes(max(floats, 1) * 4)
    let kept = state.withLock { state in
      state.liveBytes -= size
      guard state.keptBytes + size <= keptBytesLimit else { return false }
      state.keptBytes += size
      state.free[size, default: []].append(UInt(bitPattern: pointer))
      return true
    }
    if !kept { giveBack(UInt(bitPattern: pointer), size) }
  }

  /// From this size on a block is a mapping of its own, in huge pages where the system has them: its memory goes back
  /// to the system as soon as it is freed.
  private static let mappedBytes = 1 << 20

  private static func fresh(_ size: Int) -> UnsafeMutableRawPointer {
    guard size >= mappedBytes else { return .allocate(byteCount: size, alignment: 64) }
    guard let block = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), block != MAP_FAILED
    else { fatalError("out of memory: \(size) bytes beside \(usage.liveBytes) in use") }
    madvise(block, size, Int32(MADV_HUGEPAGE))
    return block
  }

  private static func giveBack(_ address: UInt, _ size: Int) {
    guard let block = UnsafeMutableRawPointer(bitPattern: address) else { return }
    if size >= mappedBytes { munmap(block, size) } else { block.deallocate() }
  }
}
