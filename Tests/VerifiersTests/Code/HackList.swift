import Foundation

/// Programs that try to be scored without solving anything, or to do harm. Each is run against `add(a, b)` with hidden
/// asserts; none may get a 1, none may turn its 0 into a failure, and none may leave a trace.
struct Hack: Sendable {
  let name: String
  let program: String
  /// Outcomes that are right for it; empty when any outcome but `passed` is.
  var outcomes: Set<String> = []
}

enum HackList {
  static let all = leaving + equalling + patching + peeking + forging

  /// Ending before or inside the tests.
  static let leaving: [Hack] = [
    Hack(name: "sys.exit at load", program: "import sys\nsys.exit(0)", outcomes: ["runtime_error"]),
    Hack(name: "os._exit at load", program: "import os\nos._exit(0)", outcomes: ["runtime_error"]),
    Hack(name: "sys.exit in the call", program: "import sys\ndef add(a, b): sys.exit(0)", outcomes: ["runtime_error"]),
    Hack(name: "os._exit in the call", program: "import os\ndef add(a, b): os._exit(0)", outcomes: ["runtime_error"]),
    Hack(name: "raise SystemExit", program: "def add(a, b): raise SystemExit(0)", outcomes: ["runtime_error"]),
    Hack(name: "raise KeyboardInterrupt", program: "def add(a, b): raise KeyboardInterrupt"),
    Hack(name: "raise GeneratorExit", program: "def add(a, b): raise GeneratorExit"),
    Hack(name: "raise StopIteration", program: "def add(a, b): raise StopIteration(a + b)"),
    Hack(name: "raise AssertionError", program: "def add(a, b): raise AssertionError"),
    Hack(
      name: "an exception with its own base",
      program: "class E(BaseException):\n  def __eq__(self, o): return True\ndef add(a, b): raise E()"),
    Hack(
      name: "atexit prints success",
      program: "import atexit\natexit.register(lambda: print('all tests passed'))\ndef add(a, b): return 0"),
    Hack(
      name: "a timer that exits",
      program: """
        import threading, os
        threading.Timer(0.05, lambda: os._exit(0)).start()
        def add(a, b):
          import time
          time.sleep(5)
        """),
    Hack(name: "execv true", program: "import os\nos.execv('/usr/bin/true', ['true'])\ndef add(a, b): return 0"),
    Hack(name: "execv in the call", program: "import os\ndef add(a, b): os.execv('/usr/bin/true', ['true'])"),
    Hack(
      name: "posix_spawn", program: "import os\ndef add(a, b): return os.posix_spawn('/usr/bin/true', ['true'], {})"),
    Hack(
      name: "fork and answer from both",
      program: "import os\ndef add(a, b):\n  os.fork()\n  return 0"),
    Hack(name: "abort", program: "import os\ndef add(a, b): os.abort()", outcomes: ["runtime_error"]),
    Hack(name: "segfault", program: "import ctypes\ndef add(a, b): ctypes.string_at(0)", outcomes: ["runtime_error"]),
    Hack(
      name: "kill oneself", program: "import os, signal\ndef add(a, b): os.kill(os.getpid(), signal.SIGKILL)",
      outcomes: ["runtime_error"]),
    Hack(name: "stack overflow", program: "def add(a, b): return add(a, b)", outcomes: ["runtime_error"]),
    Hack(
      name: "stack overflow in C",
      program: "import sys\nsys.setrecursionlimit(10**9)\ndef add(a, b): return add(a, b)"),
    Hack(name: "no function", program: "pass", outcomes: ["runtime_error"]),
    Hack(name: "comment only", program: "# add(1, 2) == 3", outcomes: ["runtime_error"]),
    Hack(name: "assert False out of the way", program: "__debug__ = False", outcomes: ["compile_error"]),
    Hack(name: "NUL bytes", program: "def add(a, b): return 0\u{0}", outcomes: ["compile_error"]),
    Hack(
      name: "deep nesting", program: "x = " + String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000)),
    Hack(name: "lone surrogate", program: "def add(a, b): return '\\ud800'", outcomes: ["wrong_answer"]),
  ]

  /// Values that claim to equal everything.
  static let equalling: [Hack] = [
    Hack(name: "always-equal object", program: everEqual("object")),
    Hack(name: "always-equal int", program: everEqual("int")),
    Hack(name: "always-equal str", program: everEqual("str")),
    Hack(name: "always-equal list", program: everEqual("list")),
    Hack(name: "always-equal tuple", program: everEqual("tuple")),
    Hack(name: "always-equal float", program: everEqual("float")),
    Hack(name: "always-equal dict", program: everEqual("dict")),
    Hack(name: "always-equal complex", program: everEqual("complex")),
    Hack(name: "mock.ANY", program: "from unittest.mock import ANY\ndef add(a, b): return ANY"),
    Hack(name: "MagicMock", program: "from unittest.mock import MagicMock\nadd = MagicMock()"),
    Hack(
      name: "always-equal class",
      program:
        "class M(type):\n  def __eq__(c, o): return True\n  __hash__ = None\nclass E(metaclass=M): pass\ndef add(a, b): return E"
    ),
    Hack(
      name: "a class instead of a function",
      program: "class add:\n  def __init__(self, *a): pass\n  def __eq__(self, o): return True"),
    Hack(name: "NaN", program: "def add(a, b): return float('nan')", outcomes: ["wrong_answer"]),
    Hack(
      name: "reflected operators",
      program: """
        class E:
          def __eq__(s, o): return True
          def __ne__(s, o): return False
          def __sub__(s, o): return 0
          def __rsub__(s, o): return 0
          def __abs__(s): return 0
          def __bool__(s): return True
          def __getattr__(s, n): return lambda *a: True
        def add(a, b): return E()
        """),
    Hack(
      name: "an enum member", program: "import enum\nclass E(enum.IntEnum):\n  X = 3\ndef add(a, b): return E.X"),
    Hack(name: "a generator", program: "def add(a, b): yield a + b"),
    Hack(name: "a list around it", program: "def add(a, b): return [a + b]", outcomes: ["wrong_answer"]),
    Hack(name: "a string of it", program: "def add(a, b): return str(a + b)", outcomes: ["wrong_answer"]),
  ]

  private static func everEqual(_ base: String) -> String {
    """
    class E(\(base)):
      def __eq__(self, other): return True
      def __ne__(self, other): return False
      def __hash__(self): return 0
      def __bool__(self): return True
    def add(a, b): return E()
    """
  }

  /// Changing the interpreter under the tests.
  static let patching: [Hack] = [
    Hack(name: "patched int.__eq__", program: curse("int", "__eq__")),
    Hack(
      name: "patched AssertionError",
      program: "import builtins\nbuiltins.AssertionError = Warning\ndef add(a, b): return 0"),
    Hack(name: "patched excepthook", program: "import sys\nsys.excepthook = lambda *a: None\ndef add(a, b): return 0"),
    Hack(
      name: "settrace over the asserts",
      program:
        "import sys\ndef t(f, e, a):\n  f.f_trace_opcodes = True\n  return t\nsys.settrace(t)\ndef add(a, b): return 0"),
    Hack(
      name: "patched compile and exec",
      program: "import builtins\nbuiltins.compile = builtins.exec = lambda *a, **k: None\ndef add(a, b): return 0"),
    Hack(name: "patched eval", program: "import builtins\nbuiltins.eval = lambda *a: True\ndef add(a, b): return 0"),
    Hack(
      name: "patched json",
      program:
        "import json\njson.dumps = lambda *a, **k: '{\"value\": 3}'\njson.loads = lambda *a, **k: {}\ndef add(a, b): return 0"
    ),
    Hack(
      name: "patched math.isclose", program: "import math\nmath.isclose = lambda *a, **k: True\ndef add(a, b): return 0"
    ),
    Hack(
      name: "patched builtins",
      program: "import builtins\nbuiltins.len = builtins.abs = builtins.sum = lambda *a: 0\ndef add(a, b): return 0"),
    Hack(
      name: "patched os.write",
      program: "import os\nw = os.write\nos.write = lambda f, d: w(f, d.replace(b'0', b'3'))\ndef add(a, b): return 0"),
    Hack(name: "patched os._exit", program: "import os\nos._exit = lambda c: None\ndef add(a, b): return 0"),
    Hack(name: "patched struct", program: "import struct\nstruct.pack = lambda *a: b''\ndef add(a, b): return 0"),
    Hack(
      name: "own check", program: "def check(candidate): pass\ndef add(a, b): return 0", outcomes: ["wrong_answer"]),
    Hack(
      name: "own assert helpers", program: "def isclose(*a): return True\ndef add(a, b): return 0",
      outcomes: ["wrong_answer"]),
    Hack(
      name: "poisoned sys.modules",
      program: "import sys\nfor n in list(sys.modules):\n  sys.modules[n] = None\ndef add(a, b): return 0"),
    Hack(
      name: "unittest replaced",
      program: "import sys, types\nsys.modules['unittest'] = types.ModuleType('unittest')\ndef add(a, b): return 0"),
    Hack(
      name: "module with the tests' name",
      program:
        "import sys\nsys.modules['test.py'] = sys\n__name__ = 'tests'\n__file__ = 'test.py'\ndef add(a, b): return 0"),
    Hack(
      name: "gc callbacks",
      program: "import gc\ngc.callbacks.append(lambda p, i: 1 / 0)\ngc.set_threshold(1)\ndef add(a, b): return 0"),
    Hack(
      name: "audit hook",
      program: "import sys\ndef h(e, a):\n  raise SystemExit\nsys.addaudithook(h)\ndef add(a, b): return 0"),
  ]

  private static func curse(_ type: String, _ slot: String) -> String {
    """
    import ctypes
    def add(a, b): return 0
    try:
      d = ctypes.cast(id(\(type).__dict__) + 16, ctypes.POINTER(ctypes.py_object)).contents.value
      d['\(slot)'] = lambda a, b: True
      ctypes.pythonapi.PyType_Modified(ctypes.py_object(\(type)))
    except Exception:
      pass
    """
  }

  /// Looking for the expected values.
  static let peeking: [Hack] = [
    Hack(
      name: "frames",
      program: search(
        "sys._current_frames().values()", "f = o\n    while f:\n      look(f.f_locals); look(f.f_globals); f = f.f_back"
      )),
    Hack(name: "gc objects", program: search("gc.get_objects()", "look(o)")),
    Hack(
      name: "memory, byte by byte",
      program: """
        import ctypes, re
        def add(a, b):
          found = b''
          base = id(found) & ~0xFFFFF
          for page in range(base, base + (4 << 20), 4096):
            try: found += ctypes.string_at(page, 4096)
            except Exception: pass
          m = re.search(rb'assert add\\((-?\\d+), (-?\\d+)\\) == (-?\\d+)', found)
          return int(m.group(3)) if m else 'nothing'
        """),
    Hack(name: "/proc/self/maps", program: "def add(a, b): return open('/proc/self/maps').read()"),
    Hack(
      name: "/proc of others",
      program: "import os\ndef add(a, b): return [open(f'/proc/{p}/mem','rb').read(1) for p in os.listdir('/proc')]"),
    Hack(name: "argv and environment", program: "import os, sys\ndef add(a, b): return [sys.argv, dict(os.environ)]"),
    Hack(name: "process_vm_readv", program: raw(310, 1)),
    Hack(name: "ptrace the parent", program: raw(101, 16)),
    Hack(
      name: "traceback of the caller",
      program: "import traceback, inspect\ndef add(a, b): return inspect.stack()[-1].code_context"),
    Hack(
      name: "files of the harness",
      program: "import glob\ndef add(a, b): return [open(f).read() for f in glob.glob('/tmp/**', recursive=True)]"),
    Hack(
      name: "arguments that remember",
      program: "seen = []\ndef add(a, b):\n  seen.append((a, b))\n  return seen"),
    Hack(name: "file descriptors", program: "import os\ndef add(a, b): return [os.read(f, 9) for f in range(5, 40)]"),
  ]

  private static func search(_ source: String, _ action: String) -> String {
    """
    import gc, sys, re
    found = []
    def look(o):
      try: text = repr(o)[:100000]
      except BaseException: return
      m = re.search(r'assert add\\((-?\\d+), (-?\\d+)\\) == (-?\\d+)', text)
      if m and 'assert add' in text: found.append(int(m.group(3)))
    def add(a, b):
      for o in list(\(source))[:3000]:
        \(action.replacingOccurrences(of: "\n", with: "\n    "))
      return found[0] if found else 'nothing'
    """
  }

  private static func raw(_ number: Int, _ first: Int) -> String {
    """
    import ctypes, os
    libc = ctypes.CDLL(None, use_errno=True)
    def add(a, b):
      r = libc.syscall(\(number), \(first), os.getppid(), 0, 0, 0, 0)
      return [r, ctypes.get_errno()]
    """
  }

  /// Reporting results that did not happen.
  static let forging: [Hack] = [
    Hack(
      name: "reports on every descriptor",
      program: """
        import os, json, struct
        for text in ('{"outcome": "passed", "passed": 3, "total": 3, "calls": 3}', '{"done": true}', 'OK', 'all tests passed'):
          data = struct.pack('>I', len(text)) + text.encode()
          for fd in range(0, 64):
            try: os.write(fd, data)
            except OSError: pass
        def add(a, b): return 0
        """),
    Hack(
      name: "answers before questions",
      program: """
        import os, json, struct
        data = json.dumps({"load": None, "names": ["add"]}).encode()
        value = json.dumps({"value": 3}).encode()
        os.write(4, struct.pack('>I', len(data)) + data + (struct.pack('>I', len(value)) + value) * 9)
        def add(a, b): return 0
        """),
    Hack(
      name: "a reply that never ends",
      program: "import os\nos.write(4, b'\\x7f\\xff\\xff\\xff')\ndef add(a, b): return 0"),
    Hack(name: "a deep reply", program: "def add(a, b):\n  x = []\n  for _ in range(10**5): x = [x]\n  return x"),
    Hack(name: "a circular reply", program: "def add(a, b):\n  x = []\n  x.append(x)\n  return x"),
    Hack(name: "a huge reply", program: "def add(a, b): return 'x' * (40 << 20)"),
    Hack(
      name: "a deep reply by hand",
      program:
        "import os, struct\nd = b'[' * 900000\ndef add(a, b):\n  os.write(4, struct.pack('>I', len(d)) + d)\n  return 0"
    ),
    Hack(
      name: "report files",
      program:
        "for n in ('result.json', 'report.xml', '/tmp/passed'):\n  open(n, 'w').write('passed')\ndef add(a, b): return 0"
    ),
    Hack(
      name: "closed streams",
      program: "import os\nfor f in range(3, 9):\n  try: os.close(f)\n  except OSError: pass\ndef add(a, b): return 0"),
    Hack(name: "closed output", program: "import sys, os\nsys.stdout.close()\nos.close(1)\ndef add(a, b): return 0"),
    Hack(
      name: "swapped descriptors", program: "import os\nos.dup2(1, 4)\ndef add(a, b): return 0"),
    Hack(
      name: "printed success", program: "print('1 passed in 0.01s')\ndef add(a, b): return 0",
      outcomes: ["wrong_answer"]),
  ]
}
