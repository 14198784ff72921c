import Glibc

/// Starting and ending a program without Foundation: `posix_spawn`, its own process group, no inherited descriptors.
struct ChildProcess: Sendable {
  /// The process id.
  let pid: pid_t

  /// Starts `program`. The child has exactly the descriptors of `files`: (number in the child, number here).
  ///
  /// The child leads a process group of its own, so that an interrupt typed at a terminal does not reach it, and has
  /// default signal handling whatever this process has set.
  /// - Throws: `SandboxFault` when the program cannot be started.
  init(
    program: String, arguments: [String], environment: [String], files: [(child: Int32, here: Int32)],
    directory: String? = nil
  ) throws {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for file in files { posix_spawn_file_actions_adddup2(&actions, file.here, file.child) }
    Self.addClosing(from: (files.map(\.child).max() ?? 2) + 1, to: &actions)
    if let directory { try Self.addDirectory(directory, to: &actions) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, program, &actions, &attributes, argv, envp)
    guard code == 0 else { throw SandboxFault("\(program) cannot be started: \(String(cString: strerror(code)))") }
    self.pid = pid
  }

  /// Waits for the process to end; its exit code, or nil when a signal ended it.
  func wait() -> Int? {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { if errno != EINTR { return nil } }
    return status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : nil
  }

  /// Kills the process, its group and everything below it, and waits until it is gone.
  func end() {
    for descendant in ProcessTree.descendants(of: pid) { kill(descendant, SIGKILL) }
    kill(-pid, SIGKILL)
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }

  // These two stand in glibc's headers behind _GNU_SOURCE, which Swift's import does not set.

  private static func addClosing(from first: Int32, to actions: inout posix_spawn_file_actions_t) {
    typealias Function = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    if let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") {
      _ = unsafeBitCast(symbol, to: Function.self)(&actions, first)
      return
    }
    for number in first..<1024 where fcntl(number, F_GETFD) >= 0 { posix_spawn_file_actions_addclose(&actions, number) }
  }

  private static func addDirectory(_ path: String, to actions: inout posix_spawn_file_actions_t) throws {
    typealias Function =
      @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else {
      throw SandboxFault("this C library cannot start a program in a folder")
    }
    _ = unsafeBitCast(symbol, to: Function.self)(&actions, path)
  }
}
