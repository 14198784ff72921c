import Foundation

/// The command line that makes a sandbox: bubblewrap, around a Python interpreter, below an unprivileged user.
struct SandboxCommand: Sendable {
  /// The absolute path of the program to start.
  let program: String
  /// Its arguments, the program's own name first.
  let arguments: [String]
  /// The layers of isolation this command line adds, in words.
  let layers: [String]

  /// What to install where something is missing.
  static let installLine = "apt-get install -y bubblewrap python3"

  /// The commands worth trying on this machine, best first.
  /// - Throws: `VerifierFailure` (`unavailable`) when a program is missing.
  static func candidates(script: String) throws -> [SandboxCommand] {
    guard SeccompFilter.machine != nil else {
      throw VerifierFailure(
        .unavailable, "no system call filter for this processor: code is only run on x86-64 and arm64")
    }
    guard let bubblewrap = find("bwrap") else {
      throw VerifierFailure(
        .unavailable, "bubblewrap (bwrap) is not installed, and code is never run without it: \(installLine)")
    }
    guard let python = find("python3", in: ["/usr/bin", "/usr/local/bin"]) else {
      throw VerifierFailure(
        .unavailable, "python3 is not installed in /usr/bin or /usr/local/bin, where the sandbox looks: \(installLine)")
    }
    var isolation = [
      "bubblewrap: user, mount, pid, network, ipc, uts and cgroup namespaces", "read-only system, no /proc",
    ]
    let inner = [bubblewrap] + namespaces() + [python, "-s", "-S", "-B", "-X", "utf8", "-c", script]
    var commands: [SandboxCommand] = []
    if geteuid() == 0 {
      if let setpriv = find("setpriv") {
        let drop = [
          setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--no-new-privs", "--",
        ]
        commands.append(
          SandboxCommand(
            program: setpriv, arguments: drop + inner, layers: isolation + ["uid 65534, no privileges outside"]))
      }
      isolation.append("started by root")
    } else {
      isolation.append("unprivileged user")
    }
    commands.append(SandboxCommand(program: bubblewrap, arguments: inner, layers: isolation))
    return commands
  }

  /// The first executable of that name.
  static func find(_ name: String, in folders: [String]? = nil) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let searched = folders ?? (["/usr/bin", "/bin", "/usr/local/bin"] + path.split(separator: ":").map(String.init))
    for folder in searched where folder.hasPrefix("/") {
      let file = folder + "/" + name
      if access(file, X_OK) == 0 { return file }
    }
    return nil
  }

  private static func namespaces() -> [String] {
    var arguments = [
      "--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534",
      "--hostname", "sandbox", "--die-with-parent", "--new-session",
      "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8",
      "--setenv", "PYTHONHASHSEED", "0", "--setenv", "MALLOC_ARENA_MAX", "1",
      "--ro-bind", "/usr/bin", "/usr/bin", "--ro-bind", "/usr/lib", "/usr/lib",
    ]
    for optional in [
      "/usr/lib64", "/usr/lib32", "/usr/local/bin", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo",
    ] {
      arguments += ["--ro-bind-try", optional, optional]
    }
    // On merged-/usr systems /lib is a link; on others a folder of its own.
    for folder in ["/bin", "/lib", "/lib64", "/lib32"] {
      var status = stat()
      guard lstat(folder, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFLNK {
        arguments += ["--symlink", "usr" + folder, folder]
      } else {
        arguments += ["--ro-bind", folder, folder]
      }
    }
    arguments += ["--dir", "/tmp", "--dir", "/dev"]
    for device in ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"] {
      arguments += ["--dev-bind", device, device]
    }
    // Mounting a private /tmp for each run is all that the fork server may do; runs give the capability up.
    return arguments + ["--remount-ro", "/", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--chdir", "/tmp"]
  }
}
