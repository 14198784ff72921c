"""Symbolic equality with SymPy: JSON lines in, one verdict a line out.

Texts are parsed by Python's own grammar and only a fixed list of operators and functions is built from the tree;
nothing of a response is ever evaluated as code.
"""
import ast
import json
import re
import sys

import sympy

FUNCTIONS = {name: getattr(sympy, name) for name in (
    "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "Abs", "factorial", "binomial", "floor", "ceiling")}
FUNCTIONS.update(ln=sympy.log, abs=sympy.Abs, arcsin=sympy.asin, arccos=sympy.acos, arctan=sympy.atan)
CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "E": sympy.E, "i": sympy.I, "I": sympy.I, "oo": sympy.oo}
LARGEST_POWER = 1000
LARGEST_BITS = 20000


class Unreadable(Exception):
    pass


def build(node, depth=0):
    if depth > 60:
        raise Unreadable("too deep")
    if isinstance(node, ast.Expression):
        return build(node.body, depth + 1)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return sympy.Integer(node.value) if type(node.value) is int else sympy.Rational(repr(node.value))
    if isinstance(node, ast.Name):
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if len(node.id) == 1:
            return sympy.Symbol(node.id)
        raise Unreadable("unknown name " + node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = build(node.operand, depth + 1)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        left, right = build(node.left, depth + 1), build(node.right, depth + 1)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Div):
            return left / right
        if isinstance(node.op, ast.Pow):
            return power(left, right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id in FUNCTIONS:
            arguments = [build(a, depth + 1) for a in node.args]
            if node.func.id in ("factorial", "binomial", "exp") and any(not small(a) for a in arguments):
                raise Unreadable("too large an argument")
            return FUNCTIONS[node.func.id](*arguments)
    raise Unreadable("unsupported " + type(node).__name__)


def small(value):
    """Whether a number may be an exponent: nothing is computed to find out."""
    if value.is_Rational:
        return abs(value.p) <= LARGEST_POWER * value.q
    return not any(p.is_number for p in value.atoms(sympy.Pow)) or value.count_ops() < 8


def power(left, right):
    if not small(right) or (right.is_number and not right.is_Rational and left.is_number and right.count_ops() > 8):
        raise Unreadable("too large a power")
    if left.is_Rational and right.is_Rational:
        bits = max(abs(int(left.p)).bit_length(), int(left.q).bit_length())
        if bits * abs(right.p) / right.q > LARGEST_BITS:
            raise Unreadable("too large a power")
    return left ** right


def plain(text):
    """LaTeX and school notation as Python's."""
    text = text.strip().strip("$").rstrip(".").strip()
    for old, new in (("\\left", ""), ("\\right", ""), ("\\cdot", "*"), ("\\times", "*"), ("\\div", "/"), ("\\pi", "pi"),
                     ("\\dfrac", "\\frac"), ("\\tfrac", "\\frac"), ("\\,", ""), ("\\!", ""), ("{,}", ""), ("−", "-"),
                     ("×", "*"), ("·", "*"), ("π", "pi"), ("^", "**"), ("\\ln", "log"), ("\\log", "log")):
        text = text.replace(old, new)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    for _ in range(20):
        changed = re.sub(r"\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"((\1)/(\2))", text)
        changed = re.sub(r"\\frac\s*(\d)\s*(\d)", r"(\1/\2)", changed)
        changed = re.sub(r"\\sqrt\s*\{([^{}]*)\}", r"sqrt(\1)", changed)
        changed = re.sub(r"\*\*\s*\{([^{}]*)\}", r"**(\1)", changed)
        changed = re.sub(r"\\text\s*\{([^{}]*)\}", r"", changed)
        if changed == text:
            break
        text = changed
    text = re.sub(r"\\([a-zA-Z]+)", r"\1", text).replace("{", "(").replace("}", ")")
    words = sorted(list(FUNCTIONS) + list(CONSTANTS), key=len, reverse=True)
    name = "|".join(words)
    # Products without a sign: 2x, 2(…), )(…, x(… is left alone where it is a function.
    text = re.sub(r"(\d|\))\s*(?=[a-zA-Z(])", r"\1*", text)
    text = re.sub(r"\)\s*(?=\d)", ")*", text)
    text = re.sub(r"(?<![a-zA-Z])(?!(?:%s)(?![a-zA-Z]))([a-zA-Z])(?=[a-zA-Z](?![a-zA-Z]))" % name, r"\1*", text)
    return text


def parse(text):
    if len(text) > 2000:
        raise Unreadable("too long")
    try:
        return build(ast.parse(plain(text), mode="eval"))
    except (SyntaxError, ValueError, RecursionError, TypeError, ZeroDivisionError) as error:
        raise Unreadable(str(error))


def submitted(response):
    """The last box, else what follows the last "answer is" or "=", else the last line."""
    text = response.rsplit("</think>", 1)[-1]
    at = text.rfind("\\boxed{")
    if at >= 0:
        depth, start = 0, at + len("\\boxed{")
        for i in range(start - 1, len(text)):
            depth += {"{": 1, "}": -1}.get(text[i], 0)
            if depth == 0:
                return text[start:i]
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    last = re.split(r"(?i)answer(?: is)?:?", lines[-1])[-1]
    return last.rsplit("=", 1)[-1].strip(" *")


def equal(a, b):
    if a == b:
        return True
    difference = sympy.expand(a - b)
    if difference == 0:
        return True
    if not difference.free_symbols:
        value = difference.evalf(30, maxn=200)
        scale = abs(b.evalf(30)) if not b.free_symbols else 0
        if value.is_number and abs(value) > sympy.Float("1e-20") * (1 + scale):
            return False
    return sympy.simplify(difference) == 0


def judge(request):
    gold = request["gold"]
    golds = gold if isinstance(gold, list) else [gold]
    expected = []
    for g in golds:
        try:
            expected.append(parse(str(g)))
        except Unreadable as error:
            return {"score": None, "reason": "the reference %r cannot be read: %s" % (g, error)}
    found = submitted(request["response"])
    try:
        value = parse(found)
    except Unreadable as error:
        return {"score": 0, "extracted": found[:200], "outcome": "unreadable", "reason": str(error)[:200]}
    right = any(equal(value, e) for e in expected)
    return {"score": int(right), "extracted": str(value)[:200], "outcome": "equal" if right else "different"}


def main():
    print(json.dumps({"v": 1, "ready": True, "name": "sympy-math"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = judge(request)
        except Exception as error:
            reply = {"score": None, "reason": "%s: %s" % (type(error).__name__, error)}
        reply["id"] = request["id"]
        print(json.dumps(reply), flush=True)


main()
