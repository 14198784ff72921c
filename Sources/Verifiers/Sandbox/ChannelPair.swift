import Glibc

/// A two-way byte channel between this process and a child: this end, and the end the child gets.
struct ChannelPair {
  /// This process's end: non-blocking, closed on exec.
  let ours: Int32
  /// The child's end: blocking, closed on exec (the spawn hands it over under another number).
  let theirs: Int32

  /// - Throws: `VerifierFailure` (`unavailable`) when the process has no descriptors left.
  init() throws {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw Self.failure(errno)
    }
    // The child's end is moved out of the way of the numbers it will be given.
    let high = fcntl(ends[1], F_DUPFD_CLOEXEC, 64)
    let code = errno
    close(ends[1])
    guard high >= 0 else {
      close(ends[0])
      throw Self.failure(code)
    }
    ours = ends[0]
    theirs = high
    _ = fcntl(ours, F_SETFL, fcntl(ours, F_GETFL) | O_NONBLOCK)
  }

  private static func failure(_ code: Int32) -> VerifierFailure {
    var limit = rlimit()
    let isShort =
      [EMFILE, EINVAL].contains(code) && getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    let reason =
      isShort
      ? "this process may open \(limit.rlim_cur) files, which are too few; `ulimit -n 1024` allows more"
      : String(cString: strerror(code))
    return VerifierFailure(.unavailable, "no channel to another process: \(reason)")
  }
}

/// This process's end of one channel: what is still to be sent and what has come.
struct ChannelEnd {
  let descriptor: Int32
  private(set) var received: [UInt8] = []
  private(set) var isClosed = false
  /// Bytes that came after `keep` was reached; they were read and dropped.
  private(set) var dropped = 0
  /// How much of what comes is kept.
  var keep = 80 << 20
  private var outgoing: [UInt8] = []
  private var sent = 0
  /// Bytes of `received` that are known to hold no line end.
  private var searched = 0

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Whether there is something left to send.
  var isSending: Bool { sent < outgoing.count }

  /// Everything that has come, kept or not.
  var count: Int { received.count + dropped }

  /// Queues one message: four bytes of length, big endian, then the bytes.
  mutating func queue(_ message: [UInt8]) {
    if !isSending {
      outgoing.removeAll(keepingCapacity: true)
      sent = 0
    }
    let count = UInt32(truncatingIfNeeded: message.count)
    for shift in [24, 16, 8, 0] as [UInt32] { outgoing.append(UInt8(truncatingIfNeeded: count >> shift)) }
    outgoing += message
  }

  /// Queues one line.
  mutating func queue(line: String) {
    if !isSending {
      outgoing.removeAll(keepingCapacity: true)
      sent = 0
    }
    outgoing += Array(line.utf8)
    outgoing.append(0x0A)
  }

  /// Sends what the channel takes now.
  mutating func send() {
    while isSending {
      let count = outgoing.withUnsafeBytes { bytes in
        Glibc.send(descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if count < 0, errno == EINTR {
        continue
      } else {
        if count < 0, errno != EAGAIN { isClosed = true }
        return
      }
    }
  }

  /// Reads what there is now, at most `most` bytes.
  mutating func receive(most: Int = 8 << 20) {
    var left = most
    while left > 0 {
      var got = 0
      withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
        got = recv(descriptor, buffer.baseAddress!, min(buffer.count, left), Int32(MSG_DONTWAIT))
        guard got > 0 else { return }
        let space = max(0, min(got, keep - received.count))
        received.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[0..<space]))
        dropped += got - space
      }
      if got > 0 {
        left -= got
      } else if got < 0, errno == EINTR {
        continue
      } else {
        if got == 0 || errno != EAGAIN { isClosed = true }
        return
      }
    }
  }

  /// The first whole message, removed; nil while it is incomplete.
  mutating func takeMessage() -> [UInt8]? {
    guard received.count >= 4 else { return nil }
    let count = received[0..<4].reduce(0) { $0 << 8 | Int($1) }
    guard received.count >= 4 + count else { return nil }
    let message = Array(received[4..<4 + count])
    received.removeFirst(4 + count)
    return message
  }

  /// The first whole line, removed, without its end; nil while it is incomplete.
  mutating func takeLine() -> [UInt8]? {
    guard let end = received[searched...].firstIndex(of: 0x0A) else {
      searched = received.count
      return nil
    }
    let line = Array(received[..<end])
    received.removeFirst(end + 1)
    searched = 0
    return line
  }

  /// Forgets what came and what was to be sent; the next run starts clean.
  mutating func reset(keeping keep: Int) {
    received.removeAll(keepingCapacity: received.capacity < 1 << 20)
    outgoing.removeAll(keepingCapacity: outgoing.capacity < 1 << 20)
    sent = 0
    dropped = 0
    searched = 0
    self.keep = keep
  }
}
