/// A seccomp filter: the list of system calls a jailed Python interpreter may make, as a classic BPF program.
///
/// Everything that is not listed is refused, so a kernel that learns new calls opens no new door. Starting a process,
/// executing a file, signalling, tracing, sockets, namespaces and mounts are refused with `EPERM`; unknown calls with
/// `ENOSYS`, on which the C library falls back to older ones.
struct SeccompFilter {
  /// The machine's system call numbers.
  struct Table {
    /// The `AUDIT_ARCH_*` constant that a call must carry.
    let architecture: UInt32
    /// Calls that are always allowed.
    let allowed: [UInt32]
    /// Calls refused with `EPERM`.
    let refused: [UInt32]
    /// `clone`: allowed for threads only.
    let clone: UInt32
    /// `prlimit64`: allowed for reading limits only.
    let prlimit: UInt32
    /// `fcntl`: duplicating and the flags of one's own descriptors only. `F_SETOWN` would be a way to send signals, and
    /// `F_SETFL` would change files that are shared with the next run.
    let fcntl: UInt32
    /// `ioctl`: answered with `ENOTTY`, as for a file that is no terminal.
    let ioctl: UInt32
    /// Numbers from here on belong to another calling convention (x32) and kill the process; nil when there is none.
    let foreignFrom: UInt32?
  }

  /// The table of the machine this runs on; nil when there is none, and then no code is run.
  static var machine: Table? {
    #if arch(x86_64)
      return .x86
    #elseif arch(arm64)
      return .arm64
    #else
      return nil
    #endif
  }

  private static let killProcess: UInt32 = 0x8000_0000
  private static let allow: UInt32 = 0x7FFF_0000
  private static func refuse(_ errno: UInt32) -> UInt32 { 0x0005_0000 | errno }

  private static let load: UInt16 = 0x20  // BPF_LD | BPF_W | BPF_ABS
  private static let ifEqual: UInt16 = 0x15  // BPF_JMP | BPF_JEQ | BPF_K
  private static let ifAtLeast: UInt16 = 0x35  // BPF_JMP | BPF_JGE | BPF_K
  private static let ifBits: UInt16 = 0x45  // BPF_JMP | BPF_JSET | BPF_K
  private static let give: UInt16 = 0x06  // BPF_RET | BPF_K

  private static let threadFlag: UInt32 = 0x0001_0000
  private static let namespaceFlags: UInt32 = 0x7E02_0080  // NEWNS, NEWCGROUP…NEWNET, NEWTIME
  private static let eperm: UInt32 = 1
  private static let enosys: UInt32 = 38
  private static let enotty: UInt32 = 25

  /// The program: eight bytes an instruction (`struct sock_filter`, little endian).
  static func program(for table: Table) -> [UInt8] {
    var code: [(UInt16, UInt8, UInt8, UInt32)] = []
    // struct seccomp_data: 0 number, 4 architecture, 16 + 8 * i argument i (low word first).
    code.append((load, 0, 0, 4))
    code.append((ifEqual, 1, 0, table.architecture))
    code.append((give, 0, 0, killProcess))
    code.append((load, 0, 0, 0))
    if let foreign = table.foreignFrom {
      code.append((ifAtLeast, 0, 1, foreign))
      code.append((give, 0, 0, killProcess))
    }
    for number in table.allowed {
      code.append((ifEqual, 0, 1, number))
      code.append((give, 0, 0, allow))
    }
    for number in table.refused {
      code.append((ifEqual, 0, 1, number))
      code.append((give, 0, 0, refuse(eperm)))
    }
    code.append((ifEqual, 0, 1, table.ioctl))
    code.append((give, 0, 0, refuse(enotty)))
    // clone(flags, …): a thread, in no new namespace.
    code.append((ifEqual, 0, 5, table.clone))
    code.append((load, 0, 0, 16))
    code.append((ifBits, 2, 0, namespaceFlags))
    code.append((ifBits, 0, 1, threadFlag))
    code.append((give, 0, 0, allow))
    code.append((give, 0, 0, refuse(eperm)))
    // fcntl(file, command, …): F_DUPFD, F_GETFD, F_SETFD, F_GETFL (0...3) and F_DUPFD_CLOEXEC.
    code.append((ifEqual, 0, 5, table.fcntl))
    code.append((load, 0, 0, 24))
    code.append((ifEqual, 1, 0, 1030))
    code.append((ifAtLeast, 1, 0, 4))
    code.append((give, 0, 0, allow))
    code.append((give, 0, 0, refuse(eperm)))
    // prlimit64(pid, resource, new, old) with new == NULL only.
    code.append((ifEqual, 0, 6, table.prlimit))
    code.append((load, 0, 0, 32))
    code.append((ifEqual, 0, 3, 0))
    code.append((load, 0, 0, 36))
    code.append((ifEqual, 0, 1, 0))
    code.append((give, 0, 0, allow))
    code.append((give, 0, 0, refuse(eperm)))
    code.append((give, 0, 0, refuse(enosys)))
    var bytes: [UInt8] = []
    for (operation, yes, no, value) in code {
      bytes.append(UInt8(truncatingIfNeeded: operation))
      bytes.append(UInt8(truncatingIfNeeded: operation >> 8))
      bytes.append(yes)
      bytes.append(no)
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }
    return bytes
  }
}

extension SeccompFilter.Table {
  static let x86 = SeccompFilter.Table(
    architecture: 0xC000_003E,
    allowed: [
      // Reading, writing, waiting.
      0, 1, 3, 8, 17, 18, 19, 20, 7, 271, 23, 270, 22, 293, 32, 33, 292, 40, 326, 213, 291, 232, 281, 233, 290,
      // Files: open, stat, names, directories, modes, times, sizes.
      2, 257, 85, 4, 5, 6, 262, 332, 21, 269, 439, 89, 267, 78, 217, 79, 80, 81, 82, 264, 316, 83, 258, 84, 87, 263,
      90, 91, 268, 95, 280, 74, 75, 76, 77, 73, 436, 137, 138,
      // Memory, threads, signals to oneself, time.
      9, 10, 11, 12, 25, 26, 28, 202, 218, 273, 274, 334, 24, 204, 309, 13, 14, 15, 131, 127, 128, 130, 34, 36, 37,
      38, 35, 230, 228, 229, 96, 201, 219, 318,
      // Who am I.
      39, 110, 111, 121, 124, 186, 102, 104, 107, 108, 115, 118, 120, 63, 97, 98, 99, 100,
      // The end.
      60, 231,
    ],
    refused: [
      // Processes: fork, vfork, execve, execveat, kill, tkill, tgkill, ptrace, process_vm_*, pidfd_*, kcmp.
      57, 58, 59, 322, 62, 200, 234, 101, 310, 311, 434, 424, 438, 312, 129, 297,
      // Sockets.
      41, 53, 42, 43, 288, 44, 45, 46, 47, 307, 299, 49, 50, 48, 54, 55,
      // Namespaces, mounts, identities, limits, scheduling.
      165, 166, 428, 429, 430, 431, 432, 442, 155, 161, 272, 308, 105, 106, 113, 114, 117, 119, 122, 123, 116, 126,
      109, 112, 160, 141, 142, 144, 203, 157, 158, 317, 251, 92, 93, 94, 260, 188, 86, 265, 88, 266, 133, 259,
      // Kernel doors: bpf, perf, userfaultfd, keys, io_uring, modules, memfd, shared memory, message queues.
      321, 298, 323, 248, 249, 250, 425, 426, 427, 175, 313, 176, 319, 447, 29, 30, 31, 68, 69, 70, 71, 64, 65, 66,
      240, 241, 242, 243, 304, 303, 444, 445, 446, 169, 170, 171, 167, 168, 163, 246, 320, 172, 173, 227, 159, 305,
    ],
    clone: 56, prlimit: 302, fcntl: 72, ioctl: 16, foreignFrom: 0x4000_0000)

  static let arm64 = SeccompFilter.Table(
    architecture: 0xC000_00B7,
    allowed: [
      63, 64, 57, 62, 67, 68, 65, 66, 73, 72, 59, 23, 24, 71, 285, 20, 22, 21, 19,
      56, 79, 80, 291, 48, 439, 78, 61, 17, 49, 50, 38, 276, 34, 35, 52, 53, 166, 88, 82, 83, 45, 46, 32, 436, 43, 44,
      222, 226, 215, 214, 216, 227, 233, 98, 96, 99, 100, 293, 124, 123, 168, 134, 135, 139, 132, 136, 137, 133, 102,
      103, 101, 115, 113, 114, 169, 128, 278,
      172, 173, 155, 156, 178, 174, 176, 175, 177, 158, 148, 150, 160, 163, 165, 179, 153,
      93, 94,
    ],
    refused: [
      221, 281, 129, 130, 131, 117, 270, 271, 434, 424, 438, 272, 138, 240,
      198, 199, 203, 202, 242, 206, 207, 211, 212, 243, 269, 200, 201, 210, 208, 209,
      40, 39, 428, 429, 430, 431, 432, 442, 41, 51, 97, 268, 146, 144, 145, 143, 147, 149, 151, 152, 159, 91,
      154, 157, 164, 140, 118, 119, 122, 167, 277, 30, 54, 55, 5, 37, 36, 33,
      280, 241, 282, 217, 218, 219, 425, 426, 427, 105, 273, 106, 279, 447, 194, 195, 196, 197, 190, 191, 192, 193,
      186, 187, 188, 189, 180, 181, 182, 183, 265, 264, 444, 445, 446, 142, 170, 171, 224, 225, 89, 104, 294, 112, 266,
    ],
    clone: 220, prlimit: 261, fcntl: 25, ioctl: 29, foreignFrom: nil)
}
