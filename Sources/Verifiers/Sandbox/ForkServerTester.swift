extension ForkServerScript {
  /// The process that runs the tests. It talks to the solution by messages only, holds the expected values, and
  /// proves with a nonce, over a channel the solution has never had, that the tests ran.
  static let tester = #"""
    class Remote:
        """Something that lives in the solution's process. It compares with nothing: only plain values do."""
        __slots__ = ("_link", "_of")
        def __init__(self, link, of):
            object.__setattr__(self, "_link", link)
            object.__setattr__(self, "_of", of)
        def __call__(self, *args, **kwargs):
            return self._link.ask("call", self._of, args, kwargs)
        def __getattr__(self, name):
            return self._link.ask("get", self._of, (name,))
        def __setattr__(self, name, value):
            return self._link.ask("set", self._of, (name, value))
        def __getitem__(self, key):
            return self._link.ask("item", self._of, (key,))
        def __setitem__(self, key, value):
            return self._link.ask("put", self._of, (key, value))
        def __iter__(self):
            return self._link.ask("iter", self._of, ())
        def __next__(self):
            return self._link.ask("next", self._of, ())
        def __len__(self):
            return self._link.ask("len", self._of, ())
        def __refuse(self, *unused):
            raise Incomparable("the solution gave an object of its own (%s), not a plain value" % self._of[2:])
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = __refuse
        __hash__ = object.__hash__

    class Incomparable(TypeError):
        pass

    class Gone(Exception):
        pass

    class Untestable(Exception):
        pass

    EXCEPTIONS = {n: v for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, Exception)}

    class Link:
        def __init__(self, ask, answered):
            self.out, self.back, self.calls, self.raised, self.detail = ask, answered, 0, None, None

        def receive(self):
            try:
                frame = read_frame(self.back, 16 << 20)
            except (OSError, ValueError) as error:
                raise Garbage(str(error))
            if frame is None:
                raise Gone()
            try:
                reply = json.loads(frame)
            except (ValueError, RecursionError, MemoryError) as error:
                raise Garbage(str(error))
            if type(reply) is not dict:
                raise Garbage("no object")
            return reply

        def send(self, question):
            try:
                write_json(self.out, question)
            except OSError:
                raise Gone()

        def keep(self, value):
            if type(value) is Remote:
                return list(value._of[:2])
            raise Untestable("a test passes a %s, which cannot be sent to a solution" % type(value).__name__)

        def find(self, tag, number, kind="object"):
            if tag != "h" or type(number) is not int or type(kind) is not str:
                raise Garbage("no handle")
            return Remote(self, ("h", number, kind))

        def ask(self, do, of, args, kwargs={}):
            self.calls += 1
            self.send({"do": do, "of": list(of[:2]), "args": [pack(x, self.keep) for x in args],
                       "kwargs": {k: pack(v, self.keep) for k, v in kwargs.items()}})
            reply = self.receive()
            if "x" in reply:
                self.detail = reply
                names = reply["x"] if type(reply["x"]) is list else []
                kind = next((EXCEPTIONS[n] for n in names if type(n) is str and n in EXCEPTIONS), RuntimeError)
                try:
                    self.raised = kind(str(reply.get("message", "")))
                except Exception:
                    self.raised = RuntimeError(str(reply.get("message", "")))
                raise self.raised
            for index, value in reply.get("changed", []):
                update(args[index], unpack(value, self.find))
            return unpack(reply.get("value"), self.find)

    def names_used(code):
        found = set(code.co_names)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                found |= names_used(constant)
        return found

    LIBRARY = {}
    for _module in (math, collections, itertools, functools, operator, statistics, typing, heapq, bisect):
        for _name in dir(_module):
            if not _name.startswith("_"):
                LIBRARY.setdefault(_name, getattr(_module, _name))

    def entry_points(tests):
        """What the tests test: names they call that are neither built in nor of the standard library, if any."""
        called, everywhere = [], None
        for text in tests:
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError):
                continue
            here = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
            called += sorted(here)
            everywhere = here if everywhere is None else everywhere & here
        own = [n for n in called if not hasattr(builtins, n)]
        return set([n for n in own if n not in LIBRARY] or own or everywhere or ())

    def bind(space, used, entries, names, link):
        """Names a test uses and does not define come from the solution, unless Python itself has them."""
        for name in used:
            if name in space:
                continue
            if name in entries and (name in names or not hasattr(builtins, name)):
                space[name] = Remote(link, ("n", name))
            elif hasattr(builtins, name):
                continue
            elif name in LIBRARY:
                space[name] = LIBRARY[name]
            elif name in sys.stdlib_module_names:
                try:
                    space[name] = __import__(name)
                except BaseException:
                    pass
            elif name in names:
                space[name] = Remote(link, ("n", name))

    def setup_parts(source, names, link, space):
        """Runs a setup; its classes belong to the solution's process, where instances of them will live."""
        tree = ast.parse(source)
        classes = [n.name for n in tree.body if isinstance(n, ast.ClassDef)]
        for name in classes:
            if name in names:
                space[name] = Remote(link, ("n", name))
        tree.body = [n for n in tree.body if not (isinstance(n, ast.ClassDef) and n.name in names)]
        return compile(tree, "setup.py", "exec")

    def tester_main(job, ask, answered):
        payload = json.loads(read_frame(TESTER))
        null = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        fds = [os.dup(fd) for fd in (TESTER, ask, answered)]
        top = max(fds) + 1
        for offset, fd in enumerate(fds):
            os.dup2(fd, top + offset)
        for offset in range(3):
            os.dup2(top + offset, 3 + offset)
        os.closerange(6, top + 3)
        jail({"seconds": job["wall"], "memory": 1 << 30}, writable=False)
        gc.enable()
        link = Link(4, 5)
        try:
            outcome = judge(payload, link)
        except Gone:
            outcome = {"outcome": "gone"}
        except Garbage as error:
            outcome = {"outcome": "garbage", "reason": str(error)[:500]}
        outcome["nonce"] = payload["nonce"]
        outcome["calls"] = link.calls
        write_json(3, outcome)
        os._exit(0)

    def place(error, name):
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == name:
                line = trace.tb_lineno
            trace = trace.tb_next
        return line

    def attempt(code, space, link, name, source):
        """None when the code ran through, else what went wrong and on whose side."""
        try:
            exec(code, space)
            return None
        except (Gone, Garbage):
            raise
        except Untestable as error:
            return {"outcome": "untestable", "reason": str(error)}
        except BaseException as error:
            if error is link.raised:
                return dict(link.detail, outcome="raised")
            line = place(error, name)
            text = source.splitlines()[line - 1].strip() if line and line <= len(source.splitlines()) else ""
            if isinstance(error, AssertionError):
                return {"outcome": "wrong", "reason": text[:500]}
            return {"outcome": "error", "kind": type(error).__name__, "reason": ("%s: %s" % (text, error))[:500]}

    def judge(payload, link):
        space = {"__name__": "tests", "__builtins__": builtins.__dict__}
        setup, tests = payload["setup"], payload["tests"]
        entries = {payload["entry"].split(".")[0]} if payload["entry"] else entry_points(tests)
        try:
            codes = [compile(text, "test.py", "exec") for text in tests]
            ast.parse(setup)
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            return {"outcome": "untestable", "reason": "the tests are no Python: %s" % error}
        # The solution gets what a setup or prompt defines, never the tests.
        shared = setup if payload["kind"] == "check" else definitions(setup)
        link.send({"prelude": shared, "entry": payload["entry"]})
        first = link.receive()
        if first.get("load") is not None:
            return dict(first["load"], outcome="raised")
        names = set(n for n in first.get("names", []) if type(n) is str)
        prepared = setup_parts(setup, names, link, space)
        used = names_used(prepared)
        for code in codes:
            used |= names_used(code)
        if payload["kind"] == "asserts":
            bind(space, used - set(defined(setup)), entries, names, link)
        failed = attempt(prepared, space, link, "setup.py", setup)
        if failed is not None:
            if failed["outcome"] in ("error", "wrong"):
                failed = {"outcome": "untestable", "reason": "the setup fails: " + failed["reason"]}
            return failed
        if payload["kind"] == "check":
            for text, code in zip(tests, codes):
                own = set(defined(text))
                bind(space, used - own - {payload["entry"]}, set(), names, link)
                space[payload["entry"]] = candidate = Remote(link, ("n", payload["entry"]))
                failed = attempt(code, space, link, "test.py", text)
                if failed is not None:
                    return {"outcome": "untestable", "reason": "the tests do not load: %s" % failed.get("reason")}
                if not callable(space.get("check")):
                    return {"outcome": "untestable", "reason": "the tests define no check(candidate)"}
                space["candidate"] = candidate
                call = compile("check(candidate)", "check.py", "exec")
                failed = attempt(call, space, link, "test.py", text)
                if failed is not None:
                    return failed
            return {"outcome": "passed", "passed": 1, "total": 1}
        passed, first_failure = 0, None
        for text, code in zip(tests, codes):
            failed = attempt(code, space, link, "test.py", text)
            if failed is None:
                passed += 1
            else:
                first_failure = first_failure or failed
                if not payload["all"] or failed["outcome"] == "untestable":
                    break
        result = first_failure or {"outcome": "passed"}
        result["passed"], result["total"] = passed, len(tests)
        return result

    def definitions(source):
        kinds = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        return "\n".join(ast.unparse(n) for n in ast.parse(source).body if isinstance(n, kinds))

    def defined(source):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return []
        found = []
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
                found.append(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                found += [(a.asname or a.name).split(".")[0] for a in node.names]
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.append(node.id)
        return found


    """#
}
