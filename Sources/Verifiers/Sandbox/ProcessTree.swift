import Glibc

/// What `/proc` says about a process and everything it started.
enum ProcessTree {
  /// Every living process below `root`, nearest first, without `root`.
  static func descendants(of root: pid_t) -> [pid_t] {
    var found: [pid_t] = []
    var next = [root]
    while let pid = next.popLast(), found.count < 100_000 {
      // A child is listed under the thread that started it.
      let children = threads(of: pid).flatMap { thread in
        text(of: "/proc/\(pid)/task/\(thread)/children").split(separator: " ").compactMap { pid_t($0) }
      }
      found += children
      next += children
    }
    return found
  }

  /// Bytes resident in memory, summed over `root` and everything below it. Shared pages count once a process.
  static func residentBytes(of root: pid_t) -> Int {
    let page = sysconf(Int32(_SC_PAGESIZE))
    return ([root] + descendants(of: root)).reduce(0) { sum, pid in
      let fields = text(of: "/proc/\(pid)/statm").split(separator: " ")
      return sum + (fields.count > 2 ? max(0, (Int(fields[1]) ?? 0) - (Int(fields[2]) ?? 0)) * page : 0)
    }
  }

  private static func threads(of pid: pid_t) -> [pid_t] {
    guard let folder = opendir("/proc/\(pid)/task") else { return [] }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if let thread = pid_t(name) { found.append(thread) }
    }
    return found
  }

  private static func text(of path: String) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[0..<count]
    }
    return String(decoding: bytes.filter { $0 != 0x0A }, as: UTF8.self)
  }
}
