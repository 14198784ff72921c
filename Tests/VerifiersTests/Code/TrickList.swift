/// Programs that know how the harness works: its messages, its system call filter, its clocks and its comparisons.
enum TrickList {
  #if arch(x86_64)
    static let all = native + lying + starving + lingering
  #else
    // The numbers and the machine code are those of x86-64.
    static let all = lying + starving + lingering
  #endif

  private static let libc = "import ctypes, os, mmap, errno\nl = ctypes.CDLL(None, use_errno=True)\n"

  /// Machine code that `add` jumps into; `code` are its bytes.
  private static func machineCode(_ code: String) -> String {
    """
    import ctypes, mmap
    m = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    m.write(bytes.fromhex('\(code)'))
    f = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
    def add(a, b): return f()
    """
  }

  private static func call(_ number: Int, _ arguments: String) -> String {
    libc + "def add(a, b): return [l.syscall(\(number), \(arguments)), ctypes.get_errno()]"
  }

  /// Below Python: raw calls, machine code, other calling conventions.
  static let native: [Hack] = [
    // mov eax, 57 (fork); syscall; ret
    Hack(name: "fork in machine code", program: machineCode("b8390000000f05c3"), outcomes: ["wrong_answer"]),
    // mov eax, 2 (fork of 32 bits); int 0x80; ret
    Hack(name: "32-bit system call", program: machineCode("b802000000cd80c3"), outcomes: ["runtime_error"]),
    // hlt
    Hack(name: "privileged instruction", program: machineCode("f4c3"), outcomes: ["runtime_error"]),
    // jmp self
    Hack(name: "endless loop in machine code", program: machineCode("ebfe"), outcomes: ["time_limit"]),
    Hack(name: "pidfd_getfd of the fork server", program: call(438, "3, 3, 0"), outcomes: ["wrong_answer"]),
    Hack(name: "open by handle", program: call(304, "-100, 0, 0"), outcomes: ["wrong_answer"]),
    Hack(name: "userfaultfd", program: call(323, "0"), outcomes: ["wrong_answer"]),
    Hack(name: "kernel keys", program: call(250, "0, -3, 1"), outcomes: ["wrong_answer"]),
    Hack(name: "clone3", program: call(435, "0, 0"), outcomes: ["wrong_answer"]),
    Hack(name: "seccomp undone", program: call(317, "0, 0, 0"), outcomes: ["wrong_answer"]),
    Hack(name: "keystrokes by ioctl", program: call(16, "0, 0x5412, b'x'"), outcomes: ["wrong_answer"]),
    Hack(name: "descriptors by message", program: call(46, "4, 0, 0"), outcomes: ["wrong_answer"]),
    Hack(
      name: "a library of its own",
      program:
        "import ctypes\nopen('/tmp/e.so', 'wb').write(b'\\x7fELF' + bytes(60))\ndef add(a, b): return ctypes.CDLL('/tmp/e.so')",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a set-uid file",
      program:
        "import os\ndef add(a, b):\n  open('s', 'w').close()\n  os.chmod('s', 0o4755)\n  os.execv('/tmp/s', ['s'])",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a device node",
      program: "import os, stat\ndef add(a, b): os.mknod('/tmp/mem', stat.S_IFCHR | 0o666, os.makedev(1, 1))",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a hard link to the system", program: "import os\ndef add(a, b): os.link(os.__file__, '/tmp/os.py')",
      outcomes: ["runtime_error"]),
  ]

  /// Answers that are no answers.
  static let lying: [Hack] = [
    Hack(
      name: "an object that says its class is int",
      program:
        "class E:\n  __class__ = int\n  def __eq__(s, o): return True\n  def __index__(s): return 106\ndef add(a, b): return E()",
      outcomes: ["wrong_answer"]),
    Hack(
      name: "patched type",
      program:
        "import builtins\nt = type\nclass E(int):\n  def __eq__(s, o): return True\nbuiltins.type = lambda x: int if t(x) is E else t(x)\ndef add(a, b): return E()"
    ),
    Hack(
      name: "the harness's own functions replaced",
      program:
        "import sys\nm = sys.modules['__main__']\nfor n in ('pack', 'write_json', 'failure', 'unpack'):\n  setattr(m, n, lambda *a: {'outcome': 'passed'})\ndef add(a, b): return 0"
    ),
    Hack(
      name: "an exception named like a pass",
      program: "class passed(Exception): pass\ndef add(a, b): raise passed('outcome: passed')",
      outcomes: ["runtime_error"]),
    Hack(
      name: "changed arguments that were never given",
      program: """
        import json, os, struct
        def add(a, b):
          d = json.dumps({'changed': [[-1, ['l']], [10**9, 3], ['x', 1]], 'value': 106}).encode()
          os.write(4, struct.pack('>I', len(d)) + d)
          return 0
        """),
    Hack(
      name: "a handle out of thin air",
      program: """
        import json, os, struct
        def add(a, b):
          d = json.dumps({'value': ['h', 10**40, ['x']]}).encode()
          os.write(4, struct.pack('>I', len(d)) + d)
          return 0
        """),
    Hack(
      name: "a value of types and codes",
      program: "import types\ndef add(a, b): return [int, print, add.__code__, types, (x for x in ())]",
      outcomes: ["wrong_answer"]),
    Hack(name: "a NaN that is not itself", program: "def add(a, b): return float('nan')", outcomes: ["wrong_answer"]),
    Hack(
      name: "terminal codes in a message",
      program: "def add(a, b): raise ValueError('\\x1b[2J\\x1b]0;pwned\\x07' * 50)",
      outcomes: ["runtime_error"]),
    Hack(
      name: "an exception that fails to say what it is",
      program: "class E(Exception):\n  def __str__(s): raise E()\n  __repr__ = __str__\ndef add(a, b): raise E()",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a metaclass that lies about its bases",
      program:
        "class M(type):\n  def mro(c): return [c, object]\n  __name__ = property(lambda c: 1 / 0)\nclass E(metaclass=M): pass\ndef add(a, b): return E()"
    ),
  ]

  /// Cheap to write and dear to run.
  static let starving: [Hack] = [
    Hack(name: "a number of a million digits", program: "def add(a, b): return 10 ** 10**6"),
    Hack(
      name: "hash collisions",
      program: "def add(a, b):\n  m = 2**61 - 1\n  return len({i * m for i in range(10**6)})", outcomes: ["time_limit"]),
    Hack(
      name: "a bomb of zeros",
      program:
        "import zlib\ndef add(a, b):\n  d = zlib.compressobj(9)\n  z = b''.join(d.compress(bytes(1 << 20)) for _ in range(512)) + d.flush()\n  return len(zlib.decompress(z))"
    ),
    Hack(
      name: "a string that doubles", program: "def add(a, b):\n  s = 'x'\n  while True: s += s",
      outcomes: ["memory_limit"]),
    Hack(
      name: "a compiler that never ends", program: "def add(a, b): return eval('+'.join(['1'] * 10**6))"),
    Hack(
      name: "half a message",
      program: "import os, time\ndef add(a, b):\n  os.write(4, b'\\0\\0\\0\\x20{')\n  time.sleep(60)",
      outcomes: ["time_limit"]),
    Hack(
      name: "a FIFO without a writer", program: "import os\ndef add(a, b):\n  os.mkfifo('p')\n  return open('p').read()"
    ),
    Hack(
      name: "an endless answer", program: "def add(a, b):\n  def g():\n    while True: yield 1\n  return g()",
      outcomes: ["wrong_answer"]),
    Hack(
      name: "a stack of frames in C",
      program:
        "import sys\nsys.setrecursionlimit(10**8)\nclass E:\n  def __getattr__(s, n): return getattr(s, n + 'x')\ndef add(a, b): return E().x"
    ),
  ]

  /// What is meant to go on after the verdict.
  static let lingering: [Hack] = [
    Hack(
      name: "a thread that outlives its answer",
      program:
        "import threading, time, os\ndef later():\n  while True:\n    time.sleep(0.01)\n    try: open('/tmp/escape', 'a').write('x')\n    except OSError: pass\nthreading.Thread(target=later).start()\ndef add(a, b): return 0",
      outcomes: ["wrong_answer"]),
    Hack(
      name: "an alarm",
      program: "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01)\ndef add(a, b):\n  while True: pass",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a watchdog of its own",
      program:
        "import faulthandler, time\nfaulthandler.dump_traceback_later(0.05, exit=True)\ndef add(a, b): time.sleep(9)"),
    Hack(
      name: "ignored end of processor time",
      program: "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\ndef add(a, b):\n  while True: pass",
      outcomes: ["time_limit"]),
    Hack(
      name: "a finalizer",
      program:
        "import weakref, sys\nclass E: pass\ne = E()\nweakref.finalize(e, print, 'passed')\nclass D:\n  def __del__(s): raise SystemExit(0)\nd = D()\ndef add(a, b): return 0",
      outcomes: ["wrong_answer"]),
    Hack(
      name: "a stolen question",
      program:
        "import threading, os\ndef steal():\n  while True: os.read(3, 1 << 16)\nthreading.Thread(target=steal, daemon=True).start()\ndef add(a, b): return 0"
    ),
  ]
}
