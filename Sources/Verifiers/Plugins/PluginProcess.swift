import Foundation
import Platform

/// A running plug-in: lines in, lines out.
struct PluginProcess: Endable {
  private let child: ChildProcess
  private var lines: ChannelEnd
  private var errors: ChannelEnd
  private var pending: [UInt8] = []
  private static let longestLine = 16 << 20

  /// Starts the plug-in and reads its greeting.
  /// - Throws: `VerifierFailure` (`unavailable`, `badReply` or `crashed`).
  init(manifest: PluginManifest, folder: URL) throws {
    let command = try PluginCommand(manifest: manifest, folder: folder)
    do {
      let pair = try ChannelPair()
      defer { close(pair.theirs) }
      lines = ChannelEnd(descriptor: pair.ours)
      let errorPair: ChannelPair
      do { errorPair = try ChannelPair() } catch {
        close(pair.ours)
        throw error
      }
      defer { close(errorPair.theirs) }
      errors = ChannelEnd(descriptor: errorPair.ours)
      errors.keep = 1 << 20
      do {
        child = try ChildProcess(
          program: command.program, arguments: command.arguments, environment: command.environment,
          files: [(0, pair.theirs), (1, pair.theirs), (2, errorPair.theirs)], directory: folder.path)
      } catch {
        close(pair.ours)
        close(errorPair.ours)
        throw error
      }
    } catch let fault as SandboxFault {
      throw VerifierFailure(.unavailable, "\(manifest.name): \(fault)")
    }
    do {
      guard let greeting = try line(until: Deadline(after: manifest.startTimeout)) else {
        throw VerifierFailure(.timeout, "no greeting within \(manifest.startTimeout) s")
      }
      try PluginMessages.checkGreeting(greeting, name: manifest.name)
    } catch let failure as VerifierFailure {
      let said = complaint
      end()
      let hint = manifest.install.isEmpty ? "" : " (\(manifest.install))"
      throw VerifierFailure(failure.kind, "\(manifest.name): \(failure.message)\(said)\(hint)")
    }
  }

  /// What it last wrote to standard error, for a message.
  var complaint: String {
    mutating get {
      errors.receive()
      let text = String(decoding: errors.received.suffix(400), as: UTF8.self)
      let last = text.split(separator: "\n").suffix(2).joined(separator: " ")
      return last.isEmpty ? "" : "; it wrote: \(last)"
    }
  }

  /// Queues one line.
  mutating func send(_ line: String) { lines.queue(line: line) }

  /// The next line; nil at the deadline.
  /// - Throws: `VerifierFailure` (`crashed`, `badReply`).
  mutating func line(until deadline: Deadline) throws -> [UInt8]? {
    while true {
      if let line = lines.takeLine() { return line }
      if lines.isClosed { throw VerifierFailure(.crashed, "its process ended") }
      if lines.received.count > Self.longestLine {
        throw VerifierFailure(.badReply, "a line of more than \(Self.longestLine >> 20) MiB")
      }
      let left = deadline.secondsLeft
      if left <= 0 { return nil }
      var polls = [lines, errors].map {
        pollfd(
          fd: $0.isClosed ? -1 : $0.descriptor, events: Int16(POLLIN) | ($0.isSending ? Int16(POLLOUT) : 0), revents: 0)
      }
      _ = poll(&polls, 2, Int32(min(left, 1) * 1000) + 1)
      if polls[0].revents & Int16(POLLOUT) != 0 { lines.send() }
      if polls[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { lines.receive() }
      if polls[1].revents != 0 { errors.receive(most: 1 << 16) }
      if errors.received.count > 1 << 16 { errors.reset(keeping: 1 << 20) }
    }
  }

  /// Stops every process of the plug-in, so that it answers nothing more; a check of the host's own deadline.
  func suspend() {
    for pid in [child.pid] + ProcessTree.descendants(of: child.pid) { kill(pid, SIGSTOP) }
  }

  mutating func end() {
    child.end()
    close(lines.descriptor)
    close(errors.descriptor)
  }
}

/// How a plug-in is started.
struct PluginCommand {
  let program: String
  let arguments: [String]
  let environment: [String]

  /// - Throws: `VerifierFailure` (`unavailable`) when something it needs is missing.
  init(manifest: PluginManifest, folder: URL) throws {
    try Self.checkNeeds(manifest)
    let first = manifest.command[0]
    let executable: String
    if first.contains("/") {
      executable =
        first.hasPrefix("/") ? first : folder.standardizedFileURL.appending(path: first).standardizedFileURL.path
      guard access(executable, X_OK) == 0 else {
        let how =
          manifest.build.isEmpty
          ? "is it there and executable?" : "build it with: \(manifest.build.joined(separator: " "))"
        throw VerifierFailure(.unavailable, "\(manifest.name): \(executable) cannot be run; \(how)")
      }
    } else {
      guard let found = SandboxCommand.find(first) else {
        throw VerifierFailure(.unavailable, "\(manifest.name): \(first) is not installed\(Self.hint(manifest))")
      }
      executable = found
    }
    var command = [executable] + manifest.command.dropFirst()
    if manifest.memoryMegabytes > 0 {
      guard let prlimit = SandboxCommand.find("prlimit") else {
        throw VerifierFailure(
          .unavailable, "\(manifest.name): \"memory_mb\" needs prlimit: apt-get install -y util-linux")
      }
      command = [prlimit, "--as=\(manifest.memoryMegabytes << 20)", "--core=0", "--"] + command
    }
    var variables = ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "PYTHONHASHSEED=0"]
    let inherited = ProcessInfo.processInfo.environment
    for name in manifest.environment { if let value = inherited[name] { variables.append("\(name)=\(value)") } }
    if manifest.sandbox {
      guard let bubblewrap = SandboxCommand.find("bwrap") else {
        throw VerifierFailure(
          .unavailable,
          "\(manifest.name): its manifest asks for a sandbox, and bubblewrap is not installed: \(SandboxCommand.installLine)"
        )
      }
      command = Self.sandbox(bubblewrap, manifest: manifest, folder: folder.standardizedFileURL.path) + command
    }
    program = command[0]
    arguments = command
    environment = variables
  }

  private static func sandbox(_ bubblewrap: String, manifest: PluginManifest, folder: String) -> [String] {
    var arguments = [bubblewrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if manifest.network {
      arguments.append("--share-net")
      // What names and certificates are looked up in.
      for file in ["resolv.conf", "hosts", "nsswitch.conf", "host.conf", "ssl", "ca-certificates"] {
        arguments += ["--ro-bind-try", "/etc/" + file, "/etc/" + file]
      }
    }
    arguments += ["--ro-bind", "/usr", "/usr", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]
    for folder in ["/bin", "/lib", "/lib64", "/lib32"] { arguments += ["--ro-bind-try", folder, folder] }
    return arguments + [
      "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
      "--ro-bind", folder, folder, "--chdir", folder, "--",
    ]
  }

  private static func hint(_ manifest: PluginManifest) -> String {
    manifest.install.isEmpty ? "" : "; install with: \(manifest.install)"
  }

  /// - Throws: `VerifierFailure` (`unavailable`) for the first missing need.
  static func checkNeeds(_ manifest: PluginManifest) throws {
    for need in manifest.needs {
      if need.hasPrefix("python:") {
        let module = String(need.dropFirst("python:".count))
        guard module.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }), hasPythonModule(module)
        else {
          throw VerifierFailure(
            .unavailable, "\(manifest.name): the Python module \(module) is not installed\(hint(manifest))")
        }
      } else if SandboxCommand.find(need) == nil {
        throw VerifierFailure(.unavailable, "\(manifest.name): \(need) is not installed\(hint(manifest))")
      }
    }
  }

  private static func hasPythonModule(_ module: String) -> Bool {
    guard let python = SandboxCommand.find("python3") else { return false }
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let script = "import importlib.util,sys; sys.exit(importlib.util.find_spec('\(module)') is None)"
    guard
      let child = try? ChildProcess(
        program: python, arguments: [python, "-c", script], environment: ["PATH=/usr/local/bin:/usr/bin:/bin"],
        files: [(0, null), (1, null), (2, null)])
    else { return false }
    return child.wait() == 0
  }
}
