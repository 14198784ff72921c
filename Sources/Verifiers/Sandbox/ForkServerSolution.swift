extension ForkServerScript {
  /// The process that runs a solution. From ``jail`` on, nothing in it is trusted.
  static let solution = #"""
    def failure(error, stage):
        names = [c.__name__ for c in type(error).__mro__]
        try:
            message = str(error)[:2000]
        except BaseException:
            message = ""
        line = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "solution.py":
                line = trace.tb_lineno
            trace = trace.tb_next
        if isinstance(error, SyntaxError):
            line = error.lineno
        return {"x": names, "message": message, "line": line, "stage": stage}

    def compiled(source):
        try:
            return compile(source, "solution.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return failure(error, "compile")
        except (MemoryError, RecursionError) as error:
            return failure(error, "compile")

    def load(job, source, prelude, entry, module):
        """Runs a solution's text; returns None or what went wrong. `prelude` is what the task gives before it."""
        space = module.__dict__
        for part in statements(prelude):
            try:
                exec(part, space)
            except BaseException:
                pass
        code = compiled(source)
        if isinstance(code, dict):
            # A completion continues the prelude's last function instead of standing alone.
            whole = compiled(prelude + "\n" + source) if prelude else code
            if isinstance(whole, dict):
                return code
            code = whole
        if entry and "." not in entry:
            space.pop(entry, None)
        try:
            exec(code, space)
        except BaseException as error:
            return failure(error, "load")
        return None

    def statements(source):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return []
        kinds = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign)
        return [compile(ast.Module([node], []), "prelude.py", "exec") for node in tree.body if isinstance(node, kinds)]

    def solution_main(job, asked, answer):
        payload = json.loads(read_frame(SOLUTION))
        null = os.open("/dev/null", os.O_RDWR)
        if job["kind"] == "stdio":
            stdin = libc.memfd_create(b"stdin", 0)
            data = memoryview(payload["stdin"].encode("utf-8", "surrogatepass"))
            while data:
                data = data[os.write(stdin, data):]
            os.lseek(stdin, 0, 0)
        else:
            stdin = null
        os.dup2(stdin, 0)
        os.dup2(STDOUT, 1)
        os.dup2(STDERR, 2)
        # Channels keep their numbers 3 (asked, or the result) and 4 (answer); everything else is closed.
        if job["tester"]:
            asked, answer = os.dup(asked), os.dup(answer)
            high = max(asked, answer) + 1
            os.dup2(asked, high), os.dup2(answer, high + 1)
            os.dup2(high, 3), os.dup2(high + 1, 4)
            os.closerange(5, 256)
        elif job["kind"] == "call":
            os.dup2(SOLUTION, 3)
            os.closerange(4, 256)
        else:
            os.closerange(3, 256)
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8", errors="surrogateescape")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w", closefd=False)), encoding="utf-8", errors="surrogateescape")
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "w", closefd=False), encoding="utf-8", errors="backslashreplace", write_through=True)
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
        sys.argv = ["solution.py"]
        sys.path = [p for p in sys.path if p] + ["/tmp"]
        random.seed(0)
        gc.enable()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        name = "__main__" if job["kind"] == "stdio" else "solution"
        module = types.ModuleType(name)
        sys.modules[name] = module
        jail(job)
        if job["kind"] == "stdio":
            run_program(payload, module)
        elif job["kind"] == "call":
            run_calls(job, payload, module)
        else:
            serve(job, payload, module)
        os._exit(0)

    def run_program(payload, module):
        status = 0
        code = compiled(payload["source"])
        if isinstance(code, dict):
            sys.stderr.write("compile: %s: %s (line %s)\n" % (code["x"][0], code["message"], code["line"]))
            os._exit(99)
        try:
            exec(code, module.__dict__)
            threading._shutdown()
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
        except MemoryError:
            os._exit(98)
        except BaseException:
            traceback.print_exc()
            status = 1
        try:
            atexit._run_exitfuncs()
            sys.stdout.flush()
        except BaseException:
            status = status or 1
        os._exit(status & 255)

    def resolve(entry, module):
        first, *rest = entry.split(".")
        if first not in module.__dict__:
            # LeetCode's problems name only the method of the class Solution.
            if not rest and hasattr(module.__dict__.get("Solution"), first):
                first, rest = "Solution", [first]
            else:
                raise NameError("name %r is not defined" % first)
        value = module.__dict__[first]
        if rest and isinstance(value, type):
            value = value()
        for name in rest:
            value = getattr(value, name)
        return value

    def run_calls(job, payload, module):
        results = []
        failed = load(job, payload["source"], payload.get("prelude", ""), payload["entry"], module)
        if failed is None:
            def keep(value):
                return ["o", type(value).__name__[:100]]
            def find(*unused):
                raise Garbage("no handle")
            for case in payload["cases"]:
                try:
                    args = unpack(case["args"], find)
                    kwargs = unpack(case["kwargs"], find)
                    value = resolve(payload["entry"], module)(*args, **kwargs)
                    results.append({"value": pack(value, keep)})
                except BaseException as error:
                    results.append(failure(error, "call"))
                    if not payload["all"]:
                        break
        try:
            sys.stdout.flush()
        except BaseException:
            pass
        write_json(3, {"load": failed, "results": results})

    def serve(job, payload, module):
        """Answers what the tests ask of a solution. The tests run in another process and keep what they expect."""
        table = {}
        def keep(value):
            number = len(table)
            table[number] = value
            return ["h", number, type(value).__name__[:100]]
        def find(tag, what, *rest):
            if tag == "n":
                return resolve(what, module)
            if tag == "h":
                return table[what]
            raise Garbage("no handle")
        question = json.loads(read_frame(3))
        failed = load(job, payload["source"], question["prelude"], question["entry"], module)
        names = [] if failed else [n for n in module.__dict__ if type(n) is str and not n.startswith("__")]
        write_json(4, {"load": failed, "names": names})
        while failed is None:
            frame = read_frame(3)
            if frame is None:
                break
            question = json.loads(frame)
            reply = {}
            try:
                do = question["do"]
                target = find(*question["of"])
                args = [unpack(x, find) for x in question["args"]]
                if do == "call":
                    value = target(*args, **{k: unpack(v, find) for k, v in question["kwargs"].items()})
                    changed = []
                    for index, arg in enumerate(args):
                        if type(arg) in (list, dict, set, bytearray):
                            now = pack(arg, keep)
                            if json.dumps(now) != json.dumps(question["args"][index]):
                                changed.append([index, now])
                    if changed:
                        reply["changed"] = changed
                elif do == "get":
                    value = getattr(target, *args)
                elif do == "set":
                    value = setattr(target, *args)
                elif do == "item":
                    value = target[args[0]]
                elif do == "put":
                    target[args[0]] = args[1]
                    value = None
                elif do == "iter":
                    value = iter(target)
                elif do == "next":
                    value = next(target)
                elif do == "len":
                    value = len(target)
                reply["value"] = pack(value, keep)
            except BaseException as error:
                reply = failure(error, "call")
            write_json(4, reply)


    """#
}
