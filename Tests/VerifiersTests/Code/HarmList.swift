/// Programs that try to use up the machine or to reach out of the sandbox.
enum HarmList {
  static let all = exhausting + reaching

  /// Time, memory, output, files, threads.
  static let exhausting: [Hack] = [
    Hack(name: "endless loop", program: "def add(a, b):\n  while True: pass", outcomes: ["time_limit"]),
    Hack(name: "endless loop at load", program: "while True: pass", outcomes: ["time_limit"]),
    Hack(name: "endless loop in C", program: "def add(a, b): return sum(iter(int, 1))", outcomes: ["time_limit"]),
    Hack(name: "one long C call", program: "def add(a, b): return len(str(7 ** (10 ** 8)))", outcomes: ["time_limit"]),
    Hack(
      name: "catastrophic regex", program: "import re\ndef add(a, b): return re.match('(a+)+$', 'a' * 60 + 'b')",
      outcomes: ["time_limit"]),
    Hack(name: "sleep", program: "import time\ndef add(a, b): time.sleep(1000)", outcomes: ["time_limit"]),
    Hack(
      name: "ignored signals and loop",
      program:
        "import signal\nfor s in range(1, 65):\n  try: signal.signal(s, signal.SIG_IGN)\n  except Exception: pass\ndef add(a, b):\n  while True: pass",
      outcomes: ["time_limit"]),
    Hack(
      name: "caught everything and loop",
      program: "def add(a, b):\n  while True:\n    try:\n      while True: pass\n    except BaseException: pass",
      outcomes: ["time_limit"]),
    Hack(
      name: "a deadlock",
      program: "import threading\ndef add(a, b):\n  l = threading.Lock()\n  l.acquire()\n  l.acquire()",
      outcomes: ["time_limit"]),
    Hack(
      name: "a read that waits", program: "import os\ndef add(a, b):\n  r, w = os.pipe()\n  os.read(r, 1)",
      outcomes: ["time_limit"]),
    Hack(
      name: "memory in a list", program: "def add(a, b):\n  x = []\n  while True: x.append([0] * 10**7)",
      outcomes: ["memory_limit", "time_limit"]),
    Hack(name: "memory in bytes", program: "def add(a, b): return bytes(10**11)", outcomes: ["memory_limit"]),
    Hack(
      name: "memory in mmap", program: "import mmap\ndef add(a, b):\n  x = [mmap.mmap(-1, 1 << 28) for _ in range(100)]"
    ),
    Hack(name: "memory at load", program: "x = 'x' * 10**11", outcomes: ["memory_limit"]),
    Hack(
      name: "memory by pipes",
      program: "import os\ndef add(a, b):\n  while True:\n    r, w = os.pipe()\n    os.write(w, b'x' * 60000)"),
    Hack(name: "memfd", program: "import os\ndef add(a, b):\n  f = os.memfd_create('x')\n  os.write(f, bytes(10**9))"),
    Hack(
      name: "threads",
      program:
        "import threading, time\ndef add(a, b):\n  for _ in range(10**5): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()"
    ),
    Hack(
      name: "threads that spin",
      program:
        "import threading\ndef spin():\n  while True: pass\ndef add(a, b):\n  for _ in range(20): threading.Thread(target=spin, daemon=True).start()\n  spin()",
      outcomes: ["time_limit"]),
    Hack(name: "fork bomb", program: "import os\ndef add(a, b):\n  while True: os.fork()", outcomes: ["runtime_error"]),
    Hack(
      name: "fork bomb that tries on",
      program: "import os\ndef add(a, b):\n  while True:\n    try: os.fork()\n    except OSError: pass",
      outcomes: ["time_limit"]),
    Hack(
      name: "multiprocessing",
      program: "import multiprocessing as m\ndef add(a, b):\n  with m.Pool(4) as p: return p.map(abs, [1])[0]"),
    Hack(
      name: "subprocess",
      program: "import subprocess\ndef add(a, b): return subprocess.run(['sleep', '4321']).returncode"),
    Hack(name: "system", program: "import os\ndef add(a, b): return os.system('sleep 4321 &')"),
    Hack(
      name: "a gigabyte of output", program: "def add(a, b):\n  s = 'x' * 10**6\n  for _ in range(1000): print(s)",
      outcomes: ["output_limit"]),
    Hack(
      name: "a gigabyte on standard error",
      program: "import sys\ndef add(a, b):\n  s = 'x' * 10**6\n  for _ in range(1000): sys.stderr.write(s)",
      outcomes: ["output_limit"]),
    Hack(
      name: "four gigabytes of file",
      program: "def add(a, b):\n  with open('big', 'wb') as f:\n    for _ in range(4096): f.write(bytes(1 << 20))",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a sparse file",
      program: "import os\ndef add(a, b):\n  f = os.open('s', os.O_CREAT | os.O_WRONLY)\n  os.ftruncate(f, 1 << 40)",
      outcomes: ["runtime_error"]),
    Hack(
      name: "100000 files", program: "def add(a, b):\n  for i in range(10**5): open(f'f{i}', 'w').close()",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a deep tree",
      program: "import os\ndef add(a, b):\n  for _ in range(10**5):\n    os.mkdir('d')\n    os.chdir('d')",
      outcomes: ["runtime_error"]),
    Hack(
      name: "raised limits",
      program:
        "import resource\nfor r in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):\n  resource.setrlimit(r, (resource.RLIM_INFINITY,) * 2)\ndef add(a, b): return 0"
    ),
    Hack(
      name: "prlimit by hand",
      program:
        "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\ndef add(a, b): return [l.syscall(302, 0, 9, (ctypes.c_uint64 * 2)(2**64-1, 2**64-1), 0), ctypes.get_errno()]"
    ),
  ]

  /// Files, network, other processes.
  static let reaching: [Hack] = [
    Hack(name: "write /etc", program: "def add(a, b): open('/etc/escape', 'w')", outcomes: ["runtime_error"]),
    Hack(name: "write /usr", program: "def add(a, b): open('/usr/lib/escape', 'w')", outcomes: ["runtime_error"]),
    Hack(name: "write the root", program: "def add(a, b): open('/escape', 'w')", outcomes: ["runtime_error"]),
    Hack(name: "write /dev/shm", program: "def add(a, b): open('/dev/shm/escape', 'w')", outcomes: ["runtime_error"]),
    Hack(
      name: "write /dev/null's neighbours", program: "def add(a, b): open('/dev/escape', 'w')",
      outcomes: ["runtime_error"]),
    Hack(
      name: "chmod a library", program: "import os\ndef add(a, b): os.chmod(os.__file__, 0o777)",
      outcomes: ["runtime_error"]),
    Hack(
      name: "poison the standard library", program: "import os\ndef add(a, b): open(os.__file__, 'a').write('#')",
      outcomes: ["runtime_error"]),
    Hack(
      name: "a link out",
      program: "import os\ndef add(a, b):\n  os.symlink('/etc/passwd', 'p')\n  return open('p').read()",
      outcomes: ["runtime_error"]),
    Hack(
      name: "mount",
      program:
        "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\ndef add(a, b): return [l.mount(b'proc', b'/tmp', b'proc', 0, None), ctypes.get_errno()]"
    ),
    Hack(
      name: "unmount /tmp",
      program:
        "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\ndef add(a, b): return [l.umount2(b'/tmp', 2), ctypes.get_errno()]"
    ),
    Hack(
      name: "new user namespace",
      program:
        "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\ndef add(a, b): return [l.unshare(0x10000000), ctypes.get_errno()]"
    ),
    Hack(name: "chroot", program: "import os\ndef add(a, b): os.chroot('/tmp')", outcomes: ["runtime_error"]),
    Hack(
      name: "TCP", program: "import socket\ndef add(a, b): socket.create_connection(('127.0.0.1', PORT))",
      outcomes: ["runtime_error"]),
    Hack(
      name: "UDP",
      program:
        "import socket\ndef add(a, b): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
      outcomes: ["runtime_error"]),
    Hack(
      name: "Unix socket", program: "import socket\ndef add(a, b): socket.socket(socket.AF_UNIX).connect('UNIXPATH')",
      outcomes: ["runtime_error"]),
    Hack(
      name: "abstract Unix socket",
      program: "import socket\ndef add(a, b): socket.socket(socket.AF_UNIX).connect('\\0UNIXPATH')",
      outcomes: ["runtime_error"]),
    Hack(name: "DNS", program: "import socket\ndef add(a, b): return socket.gethostbyname('localhost')"),
    Hack(
      name: "urllib",
      program: "import urllib.request\ndef add(a, b): return urllib.request.urlopen('http://127.0.0.1:PORT/').read()"),
    Hack(
      name: "kill the fork server", program: "import os\ndef add(a, b): os.kill(os.getppid(), 9)",
      outcomes: ["runtime_error"]),
    Hack(
      name: "stop the fork server", program: "import os\ndef add(a, b): os.kill(os.getppid(), 19)",
      outcomes: ["runtime_error"]),
    Hack(name: "kill everybody", program: "import os\ndef add(a, b): os.kill(-1, 9)", outcomes: ["runtime_error"]),
    Hack(name: "kill by group", program: "import os\ndef add(a, b): os.killpg(0, 9)", outcomes: ["runtime_error"]),
    Hack(
      name: "signal by fcntl",
      program:
        "import fcntl, os\ndef add(a, b):\n  fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())\n  fcntl.fcntl(1, fcntl.F_SETFL, os.O_ASYNC)",
      outcomes: ["runtime_error"]),
    Hack(
      name: "non-blocking shared files",
      program: "import os\ndef add(a, b):\n  for f in (1, 2, 4): os.set_blocking(f, False)"),
    Hack(
      name: "io_uring",
      program:
        "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\ndef add(a, b): return [l.syscall(425, 8, 0), ctypes.get_errno()]"
    ),
    Hack(
      name: "bpf",
      program:
        "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\ndef add(a, b): return [l.syscall(321, 0, 0, 0), ctypes.get_errno()]"
    ),
    Hack(
      name: "x32 calls",
      program: "import ctypes\nl = ctypes.CDLL(None)\ndef add(a, b): return l.syscall(0x40000000 + 57)"),
    Hack(name: "new session", program: "import os\ndef add(a, b): os.setsid()", outcomes: ["runtime_error"]),
    Hack(
      name: "lower priority of others", program: "import os\ndef add(a, b): os.setpriority(os.PRIO_USER, 0, 19)",
      outcomes: ["runtime_error"]),
    Hack(
      name: "poison later runs",
      program:
        "import builtins, math\nbuiltins.sum = math.sqrt = lambda *a: 0\nopen('/tmp/math.py', 'w').write('x = 1')\ndef add(a, b): return 0",
      outcomes: ["wrong_answer"]),
  ]
}
