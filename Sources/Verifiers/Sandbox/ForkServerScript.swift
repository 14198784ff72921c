/// The Python programme that runs inside a sandbox: one clean, warmed interpreter that forks a fresh copy of itself
/// for every solution and, where tests are Python, another for the tests.
///
/// The fork server itself never sees a solution, a test or a result: those travel over channels that only the forked
/// process reads, so that nothing of one run can be found in the memory of the next.
///
/// File descriptors: 3 control, 4 the solution's channel, 5 the tests' channel, 6 and 7 standard output and error.
enum ForkServerScript {
  /// The whole programme, as handed to `python3 -c`.
  static let text = server + values + solution + tester + loop

  private static let server = #"""
    import sys
    sys.path = [p for p in sys.path if p]
    import array, ast, atexit, base64, bisect, builtins, cmath, collections, copy, ctypes, dataclasses, datetime
    import decimal, enum, fractions, functools, gc, heapq, io, itertools, json, math, numbers, operator, os, queue
    import random, re, resource, select, signal, statistics, string, struct, textwrap, threading, time, traceback
    import types, typing, collections.abc

    CONTROL, SOLUTION, TESTER, STDOUT, STDERR = 3, 4, 5, 6, 7
    LIMIT = 64 << 20
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare, libc.mount, libc.prctl, libc.syscall, libc.memfd_create
    CONFIG = {}

    def read_exactly(fd, count):
        parts = []
        while count:
            part = os.read(fd, min(count, 1 << 20))
            if not part:
                return None
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def read_frame(fd, most=LIMIT):
        head = read_exactly(fd, 4)
        if head is None:
            return None
        count = struct.unpack(">I", head)[0]
        if count > most:
            raise ValueError("a message of %d bytes" % count)
        return read_exactly(fd, count)

    def write_frame(fd, data):
        if len(data) > LIMIT:
            raise ValueError("a message of %d bytes" % len(data))
        data = memoryview(struct.pack(">I", len(data)) + data)
        while data:
            data = data[os.write(fd, data):]

    def write_json(fd, value):
        write_frame(fd, json.dumps(value).encode())

    def limit(which, soft, hard=None):
        hard = soft if hard is None else hard
        current = resource.getrlimit(which)[1]
        if current != resource.RLIM_INFINITY:
            soft, hard = min(soft, current), min(hard, current)
        resource.setrlimit(which, (soft, hard))

    def jail(limits, writable=True):
        """Gives up everything this process does not need. What comes after it may be hostile."""
        layers = {}
        if CONFIG["tmpfs"] and writable:
            if libc.unshare(0x00020000 | 0x08000000) == 0:
                options = b"size=%d,nr_inodes=%d,mode=0700" % (CONFIG["tmpfs"], CONFIG["inodes"])
                if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 6, options) == 0:
                    layers["tmpfs"] = True
        os.chdir("/tmp")
        os.umask(0o077)
        limit(resource.RLIMIT_CORE, 0)
        limit(resource.RLIMIT_NOFILE, 64)
        limit(resource.RLIMIT_FSIZE, CONFIG["tmpfs"] if writable else 0)
        limit(resource.RLIMIT_NPROC, 256)
        limit(resource.RLIMIT_MEMLOCK, 0)
        limit(resource.RLIMIT_MSGQUEUE, 0)
        limit(resource.RLIMIT_STACK, 64 << 20)
        seconds = int(limits["seconds"]) + 2
        limit(resource.RLIMIT_CPU, seconds, seconds + 1)
        limit(resource.RLIMIT_AS, limits["memory"])
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        if libc.capset(header, (ctypes.c_uint32 * 6)()) == 0:
            layers["capabilities"] = True
        libc.prctl(4, 0, 0, 0, 0)
        if libc.prctl(38, 1, 0, 0, 0) != 0:
            raise OSError("no_new_privs is refused")
        program = CONFIG["filter"]
        keep = ctypes.create_string_buffer(program, len(program))
        class Program(ctypes.Structure):
            _fields_ = [("count", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
        filter = Program(len(program) // 8, ctypes.addressof(keep))
        if libc.prctl(22, 2, ctypes.byref(filter), 0, 0) != 0:
            raise OSError("the system call filter is refused")
        layers["seccomp"] = True
        return layers

    def refused(action):
        try:
            action()
        except OSError:
            return True
        return False

    def probe(fd):
        """Tries, from inside the jail, what must not work; the parent refuses a sandbox in which it does."""
        import socket
        layers = jail({"seconds": 1, "memory": 1 << 30})
        def fork():
            if os.fork() == 0:
                os._exit(0)
        layers["no-network"] = refused(lambda: socket.socket())
        layers["no-fork"] = refused(fork)
        layers["no-signals"] = refused(lambda: os.kill(os.getppid(), 0))
        layers["no-exec"] = refused(lambda: os.execv("/usr/bin/true", ["true"]))
        layers["no-host-files"] = refused(lambda: os.stat("/etc/passwd")) and refused(lambda: os.listdir("/proc/1"))
        layers["read-only-system"] = all(
            refused(lambda: open(os.path.join(d, ".probe"), "w")) for d in ("/", "/usr", "/usr/bin", "/dev"))
        write_json(fd, layers)
        os._exit(0)


    """#

  private static let loop = #"""
    def spawn(body, *arguments):
        pid = os.fork()
        if pid:
            return pid
        try:
            body(*arguments)
        except BaseException:
            try:
                traceback.print_exc()
            except BaseException:
                pass
        os._exit(70)

    def unread(fd):
        return bool(select.select([fd], [], [], 0)[0])

    def cpu(pid):
        try:
            return time.clock_gettime(((~pid) << 3) | 2)
        except OSError:
            return 0.0

    def run(job):
        started = time.monotonic()
        seconds, wall = job["seconds"], job["wall"]
        pipes = []
        if job["tester"]:
            asked, ask = os.pipe()
            answered, answer = os.pipe()
            pipes = [asked, ask, answered, answer]
            solution = spawn(solution_main, job, asked, answer)
            tester = spawn(tester_main, job, ask, answered)
        else:
            solution = spawn(solution_main, job, None, None)
            tester = 0
        for fd in pipes:
            os.close(fd)
        leader = tester or solution
        handle = os.pidfd_open(leader)
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.register(CONTROL, select.POLLIN)
        why = ""
        while True:
            used = cpu(solution)
            left = min(wall - (time.monotonic() - started), max(seconds - used, 0.001))
            if used >= seconds or left <= 0:
                why = "time"
                break
            ready = dict(poll.poll(int(left * 1000) + 1))
            if handle in ready:
                break
            if CONTROL in ready:
                if read_frame(CONTROL) is None:
                    os._exit(0)
                why = "stop"
                break
        os.close(handle)
        used = cpu(solution)
        statuses = [None, None]
        peak = 0
        for index, pid in enumerate((solution, tester)):
            if pid:
                if pid != leader or why:
                    os.kill(pid, signal.SIGKILL)
                _, statuses[index], usage = os.wait4(pid, 0)
                if index == 0:
                    peak = usage.ru_maxrss
                    used = max(used, usage.ru_utime + usage.ru_stime)
        # Nothing can have been left behind; if something was after all, it ends here.
        try:
            os.kill(-1, signal.SIGKILL)
            while True:
                os.waitpid(-1, 0)
        except OSError:
            pass
        dirty = unread(SOLUTION) or unread(TESTER)
        write_json(CONTROL, {"done": True, "why": why, "solution": statuses[0], "tester": statuses[1], "cpu": used,
                             "wall": time.monotonic() - started, "peak": peak * 1024, "dirty": dirty})

    def main():
        hello = json.loads(read_frame(CONTROL))
        CONFIG.update(hello)
        CONFIG["filter"] = base64.b64decode(hello["filter"])
        os.chdir("/tmp")
        sys.dont_write_bytecode = True
        sys.set_int_max_str_digits(0)
        libc.prctl(4, 0, 0, 0, 0)
        # The first compilation builds tables that every later fork shares.
        exec(compile("def f(x: int = 1) -> int:\n    return [y for y in range(x)]\nf()", "<warm>", "exec"), {})
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                probe(write_end)
            except BaseException as error:
                write_json(write_end, {"error": str(error)})
            os._exit(1)
        os.close(write_end)
        frame = read_frame(read_end)
        os.waitpid(pid, 0)
        os.close(read_end)
        layers = json.loads(frame) if frame else {"error": "the probe ended early"}
        if not layers.get("tmpfs"):
            CONFIG["tmpfs"] = 0
        gc.collect()
        gc.freeze()
        write_json(CONTROL, {"ready": True, "python": sys.version.split()[0], "layers": layers})
        while True:
            frame = read_frame(CONTROL)
            if frame is None:
                os._exit(0)
            job = json.loads(frame)
            if "stop" not in job:
                run(job)

    main()

    """#
}
