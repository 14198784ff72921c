import Foundation

/// How much memory this process can have at most.
public struct MachineMemory: Sendable, Equatable {
  /// Bytes.
  public let bytes: Int
  /// What sets the limit, in words: `this machine has`, `the control group allows`.
  public let holder: String

  /// An amount.
  public init(bytes: Int, holder: String) {
    self.bytes = bytes
    self.holder = holder
  }

  /// The least of what the machine has, what the process's control group may use and what `ulimit -v` leaves; nil where
  /// the system says none of it.
  public static var limit: MachineMemory? {
    [installed, controlGroup, addressSpace].compactMap { $0 }.min { $0.bytes < $1.bytes }
  }

  private static var installed: MachineMemory? {
    let line = text(of: "/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
    return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
      .map { MachineMemory(bytes: $0.multipliedReportingOverflow(by: 1024).partialValue, holder: "this machine has") }
  }

  private static var controlGroup: MachineMemory? {
    var files = ["/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    // Version 2: every group above the process's own holds it too.
    let own = text(of: "/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3) ?? "/"
    var group = String(own)
    while group.count > 1 {
      files.append("/sys/fs/cgroup\(group)/memory.max")
      group = (group as NSString).deletingLastPathComponent
    }
    files.append("/sys/fs/cgroup/memory.max")
    let limits = files.compactMap { text(of: $0) }.compactMap {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return limits.min().map { MachineMemory(bytes: $0, holder: "the control group allows") }
  }

  private static var addressSpace: MachineMemory? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
      return nil
    }
    return MachineMemory(bytes: Int(limit.rlim_cur), holder: "`ulimit -v` allows")
  }

  private static func text(of path: String) -> String? {
    (try? InputFile.contents(of: path, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}
