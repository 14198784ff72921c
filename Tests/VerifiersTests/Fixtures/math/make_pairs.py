#!/usr/bin/env python3
"""Writes pairs.jsonl: pairs of answers whose equality is known by construction.

Usage: python3 make_pairs.py > pairs.jsonl

Every kind of answer has a generator that draws values, writes them in different ways (equal pairs) and changes the
value slightly (near misses). Truth never comes from a grader: an equal pair is two spellings of one value, a near miss
is a spelling of a value that exact arithmetic shows to be another. About half of the pairs are near misses.
"""
import json
import math
import random
from fractions import Fraction

PAIRS = []
SEEN = set()


def pair(kind, prediction, reference, equal):
    key = (prediction, reference)
    if key in SEEN:
        return
    SEEN.add(key)
    PAIRS.append({"kind": kind, "prediction": prediction, "reference": reference, "equal": equal})


def both(kind, random_, equal_forms, reference, wrong_forms, count=1):
    for form in random_.sample(equal_forms, min(count, len(equal_forms))):
        pair(kind, form, reference, True)
    for form in random_.sample(wrong_forms, min(count, len(wrong_forms))):
        pair(kind, form, reference, False)


def frac(q):
    if q.denominator == 1:
        return str(q.numerator)
    sign = "-" if q < 0 else ""
    return f"{sign}\\frac{{{abs(q.numerator)}}}{{{q.denominator}}}"


def squarefree(random_):
    return random_.choice([2, 3, 5, 6, 7, 10, 11, 13, 14, 15])


def integers(r):
    for _ in range(45):
        v = r.choice([r.randint(-20, 20), r.randint(100, 999), r.randint(-9999, 9999), r.randint(10**14, 10**17)])
        s = str(v)
        equal = [f"{s}.0", f"{s}.", f"{{{s}}}", f"\\text{{{s}}}", f"${s}$", f"\\,{s}\\,", f"\\boxed{{{s}}}", f"({s})",
                 f"\\left({s}\\right)", f"\\mathbf{{{s}}}", f"{s}.00", f"\\displaystyle {s}", f"\\text{{ {s} }}"]
        if v >= 0:
            equal += [f"+{s}", f"0{s}"]
        wrong = [str(v + 1), str(v - 1), f"{v}x", f"{s}.1", f"{s}, {v + 1}", f"{s}0" if v else "1", f"{-v if v else 2}",
                 f"{s}^2" if abs(v) > 1 else "7"]
        both("integer", r, equal, s, wrong)
    for base in [10**6, 10**12, 2**53, 10**30, 10**60]:
        for delta in [1, -1]:
            pair("exact_trap", str(base + delta), str(base), False)
        pair("exact_trap", f"10^{{{len(str(base)) - 1}}}" if str(base).strip("0") == "1" else "2^{53}", str(base), True)
        pair("exact_trap", f"{base}.0", str(base), True)
    for whole, cents in [(16386, 17), (942, 84), (1234567, 1)]:
        pair("exact_trap", f"{whole}.{cents:02d}", f"{whole}.{cents:02d}0", True)
        pair("exact_trap", f"{whole}.{cents + 1:02d}", f"{whole}.{cents:02d}", False)
        pair("exact_trap", f"{whole}{cents:02d}", f"{whole}.{cents:02d}", False)


def thousands(r):
    for _ in range(40):
        v = r.choice([r.randint(1000, 9999), r.randint(10**4, 10**6), r.randint(10**6, 10**9)])
        c = f"{v:,}"
        equal = [c, c.replace(",", "{,}"), c.replace(",", ",\\!"), c.replace(",", "\\,"), c.replace(",", "\\!,"),
                 c.replace(",", "\\ "), c + ".00", "\\$" + c]
        first = c.split(",")[0]
        wrong = [first, c.replace(",", ".", 1) if c.count(",") == 1 else first, f"{v + 1:,}", c.replace(",", ", "),
                 f"{v // 10 * 10 + (v + 5) % 10:,}"]
        both("thousands", r, equal, str(v), wrong)


def decimals(r):
    for _ in range(45):
        places = r.randint(1, 4)
        n = r.randint(1, 10**places * 12)
        if n % 10 == 0:
            n += 1
        q = Fraction(n, 10**places)
        text = f"{n // 10**places}.{n % 10**places:0{places}d}"
        equal = [text + "0", frac(q), f"{n}/{10**places}", f"{text}000", f"{n} \\times 10^{{-{places}}}", f"{text}"]
        if text.startswith("0."):
            equal.append(text[1:])
        m = n + r.choice([-1, 1])
        wrong = [f"{m // 10**places}.{m % 10**places:0{places}d}", text + "1", frac(q + Fraction(1, 7)),
                 text.replace(".", ""), "-" + text, frac(q * 10)]
        both("decimal", r, equal, text, wrong)
    irrational = [("\\sqrt{2}", 2**0.5), ("\\pi", math.pi), ("\\frac{\\sqrt{3}}{2}", 3**0.5 / 2), ("e^2", math.e**2),
                  ("\\ln 2", math.log(2)), ("2\\pi + 1", 2 * math.pi + 1), ("\\sqrt[3]{5}", 5 ** (1 / 3)),
                  ("\\sin 1", math.sin(1)), ("100\\sqrt{7}", 100 * 7**0.5), ("\\frac{1}{\\pi}", 1 / math.pi)]
    for text, value in irrational:
        pair("numeric_approx", f"{value:.12f}", text, True)
        pair("numeric_approx", f"{value:.10f}", text, True)
        pair("numeric_approx", f"{value * 1.005:.12f}", text, False)
        pair("numeric_approx", f"{value + 1e-6:.12f}", text, False)
        pair("numeric_approx", f"{value:.2f}", text, False)
        pair("numeric_approx", f"{value:.4f}", text, False)
    for q in [Fraction(1, 3), Fraction(2, 7), Fraction(5, 6)]:
        pair("decimal", f"{float(q):.2f}", frac(q), False)
        pair("decimal", f"{float(q):.4f}", frac(q), False)


def repeating(r):
    for _ in range(30):
        prefix = "".join(r.choice("0123456789") for _ in range(r.randint(0, 2)))
        period = "".join(r.choice("0123456789") for _ in range(r.randint(1, 3)))
        if set(period) <= {"0"} or set(period) == {"9"}:
            continue
        whole = r.randint(0, 3)
        q = whole + Fraction(int(prefix or "0"), 10 ** len(prefix)) + Fraction(
            int(period), (10 ** len(period) - 1) * 10 ** len(prefix))
        forms = [f"{whole}.{prefix}\\overline{{{period}}}"]
        if whole == 0 and prefix == "":
            forms.append(f"0.({period})")
        if len(period) == 1:
            forms.append(f"{whole}.{prefix}\\dot{{{period}}}")
            forms.append(f"{whole}.{prefix}{period * 4}...")
        pair("repeating_decimal", r.choice(forms), frac(q), True)
        pair("repeating_decimal", frac(q), forms[0], True)
        pair("repeating_decimal", f"{whole}.{prefix}{period}", frac(q), False)
        other = q + Fraction(1, (10 ** len(period) - 1) * 10 ** len(prefix))
        pair("repeating_decimal", forms[0], frac(other), False)


def fractions(r):
    for _ in range(60):
        a, b = r.randint(1, 60), r.randint(2, 40)
        q = Fraction(a, b)
        if q.denominator == 1:
            continue
        k = r.randint(2, 5)
        n, d = q.numerator, q.denominator
        equal = [f"\\dfrac{{{n}}}{{{d}}}", f"\\tfrac{{{n}}}{{{d}}}", f"\\cfrac{{{n}}}{{{d}}}", f"{n}/{d}", f"{n} / {d}",
                 f"\\frac{{{n * k}}}{{{d * k}}}", f"\\frac{{-{n}}}{{-{d}}}", f"{n} \\div {d}", f"{{{n} \\over {d}}}",
                 f"\\frac{{1}}{{\\frac{{{d}}}{{{n}}}}}", f"\\frac{{{n - 1}}}{{{d}}} + \\frac{{1}}{{{d}}}",
                 f"\\frac{{{n}}}{{{d * 2}}} \\cdot 2", f"{n} \\cdot \\frac{{1}}{{{d}}}", f"\\frac{{{n}.0}}{{{d}}}"]
        if n < 10 and d < 10:
            equal += [f"\\frac{n}{d}", f"\\frac {n}{d}", f"\\frac{n}{{{d}}}"]
        if n < 10:
            equal.append(f"\\frac{n}{{{d}}}")
        wrong = [f"\\frac{{{d}}}{{{n}}}", f"-\\frac{{{n}}}{{{d}}}", f"\\frac{{{n + 1}}}{{{d}}}", f"\\frac{{{n}}}{{{d + 1}}}",
                 f"{n}.{d}", f"{n}", f"{n}:{d + 1}"]
        both("fraction", r, equal, frac(q), wrong)
        minus = [f"-\\frac{{{n}}}{{{d}}}", f"\\frac{{-{n}}}{{{d}}}", f"\\frac{{{n}}}{{-{d}}}", f"-{n}/{d}"]
        pair("fraction", r.choice(minus[1:]), minus[0], True)
    for _ in range(30):
        whole, d = r.randint(1, 9), r.randint(3, 12)
        n = r.randint(1, d - 1)
        if math.gcd(n, d) > 1:
            continue
        q = whole + Fraction(n, d)
        equal = [f"{whole}\\frac{{{n}}}{{{d}}}", f"{whole} {n}/{d}", f"{whole}\\tfrac{{{n}}}{{{d}}}", f"{whole}\\,\\frac{{{n}}}{{{d}}}",
                 f"{whole} \\dfrac{{{n}}}{{{d}}}", f"{whole}+\\frac{{{n}}}{{{d}}}"]
        if n < 10 and d < 10:
            equal.append(f"{whole}\\frac{n}{d}")
        wrong = [frac(whole * Fraction(n, d)), frac(q + 1), f"{whole}\\frac{{{d - n}}}{{{d}}}" if 2 * n != d else "0",
                 f"{whole}{n}/{d}"]
        both("mixed_number", r, equal, frac(q), wrong)
        pair("mixed_number", f"-{whole}\\frac{{{n}}}{{{d}}}", frac(-q), True)
        pair("mixed_number", f"-{whole}\\frac{{{n}}}{{{d}}}", frac(-whole + Fraction(n, d)), False)


def radicals(r):
    for _ in range(40):
        k, n = r.randint(2, 9), squarefree(r)
        gold = f"{k}\\sqrt{{{n}}}"
        equal = [f"\\sqrt{{{k * k * n}}}", f"{k} \\cdot \\sqrt{{{n}}}", f"{k}*sqrt({n})", f"{k}\\times {n}^{{1/2}}", f"{k}√{n}",
                 f"\\frac{{{k * n}}}{{\\sqrt{{{n}}}}}", f"\\sqrt{{{n}}} \\cdot {k}", f"{k}{n}^{{\\frac{{1}}{{2}}}}"
                 if False else f"{k}\\sqrt[2]{{{n}}}", f"({k}\\sqrt{{{n}}})", f"{2 * k}\\sqrt{{{n}}} - {k}\\sqrt{{{n}}}"]
        if n < 10:
            equal.append(f"{k}\\sqrt{n}")
        wrong = [f"{k}\\sqrt[3]{{{n}}}", f"{k + 1}\\sqrt{{{n}}}", f"{k}\\sqrt{{{n + 1}}}", f"\\sqrt{{{k * n}}}", f"{k}{n}", f"-{gold}",
                 f"{k}+\\sqrt{{{n}}}"]
        both("radical", r, equal, gold, wrong)
    for _ in range(25):
        a, b, n, c = r.randint(1, 9), r.randint(1, 9), squarefree(r), r.randint(2, 7)
        gold = f"\\frac{{{a} + {b}\\sqrt{{{n}}}}}{{{c}}}"
        equal = [f"\\frac{{{a}}}{{{c}}} + \\frac{{{b}\\sqrt{{{n}}}}}{{{c}}}", f"({a}+{b}\\sqrt{{{n}}})/{c}", f"\\frac{{{b}\\sqrt{{{n}}} + {a}}}{{{c}}}",
                 f"\\frac{{1}}{{{c}}}({a} + {b}\\sqrt{{{n}}})", f"({a} + {b}*sqrt({n}))/{c}"]
        wrong = [f"{a} + \\frac{{{b}\\sqrt{{{n}}}}}{{{c}}}", f"{a}+{b}\\sqrt{{{n}}}/{c}", f"\\frac{{{a} - {b}\\sqrt{{{n}}}}}{{{c}}}",
                 f"\\frac{{{a} + {b}\\sqrt{{{n}}}}}{{{c + 1}}}"]
        both("radical", r, equal, gold, wrong)
    for _ in range(20):
        p, q = r.sample([2, 3, 5, 7, 11], 2)
        gold = f"\\sqrt{{{p}}} + \\sqrt{{{q}}}"
        pair("nested_radical", f"\\sqrt{{{p + q} + 2\\sqrt{{{p * q}}}}}", gold, True)
        pair("nested_radical", f"\\sqrt{{{p + q} + \\sqrt{{{4 * p * q}}}}}", gold, True)
        pair("nested_radical", f"\\sqrt{{{p + q} - 2\\sqrt{{{p * q}}}}}", gold, False)
        pair("nested_radical", f"\\sqrt{{{p + q} + 2\\sqrt{{{p * q + 1}}}}}", gold, False)
        pair("radical", f"\\frac{{{p - q}}}{{\\sqrt{{{p}}} - \\sqrt{{{q}}}}}", gold, True)
        pair("radical", f"\\sqrt{{{p + q}}}", gold, False)
    for n, k, v in [(3, 8, "2"), (3, 54, "3\\sqrt[3]{2}"), (4, 48, "2\\sqrt[4]{3}"), (3, -27, "-3"), (5, 32, "2")]:
        pair("radical", f"\\sqrt[{n}]{{{k}}}", v, True)
        pair("radical", f"\\sqrt{{{abs(k)}}}", v, False)


def constants(r):
    for _ in range(30):
        a, b = r.randint(1, 12), r.randint(2, 9)
        if math.gcd(a, b) > 1 or a == b:
            continue
        gold = f"\\frac{{{a}\\pi}}{{{b}}}"
        equal = [f"\\frac{{{a}}}{{{b}}}\\pi", f"{a}\\pi/{b}", f"{a}*pi/{b}", f"{a}π/{b}", f"\\pi \\cdot \\frac{{{a}}}{{{b}}}", f"\\frac{{{2 * a}\\pi}}{{{2 * b}}}"]
        wrong = [f"\\frac{{{a}}}{{{b}}}", f"\\frac{{{a}}}{{{b}\\pi}}", f"\\frac{{{b}\\pi}}{{{a}}}", f"-{gold}", f"\\frac{{{a + 1}\\pi}}{{{b}}}", f"{a}\\pi"]
        both("pi", r, equal, gold, wrong)
    for a, b, equal in [("e", "\\mathrm{e}", True), ("\\exp(2)", "e^2", True), ("1 + \\frac{1}{e}", "1 - \\frac{1}{e}", False),
                        ("e^{-1}", "\\frac{1}{e}", True), ("e^{2}", "2e", False), ("exp(1)", "e", True), ("e^{1/2}", "\\sqrt{e}", True),
                        ("\\frac{e^2 - 1}{2}", "\\frac{e^2 + 1}{2}", False), ("\\frac{7}{5\\pi}", "\\frac{7\\pi}{5}", False)]:
        pair("log_exp", a, b, equal)
    for _ in range(25):
        b, k, n = r.choice([2, 3, 5, 6, 7, 10]), r.randint(2, 5), r.choice([2, 3, 5, 7, 11])
        pair("log_exp", f"\\ln {b**k}", f"{k}\\ln {b}", True)
        pair("log_exp", f"\\ln {b**k + 1}", f"{k}\\ln {b}", False)
        pair("log_exp", f"\\log_{{{b}}} {b**k}", str(k), True)
        pair("log_exp", f"\\log_{{{b}}} {b**k}", str(k + 1), False)
        if n != b:
            pair("log_exp", f"\\frac{{\\ln {n}}}{{\\ln {b}}}", f"\\log_{{{b}}} {n}", True)
            pair("log_exp", f"\\frac{{\\ln {b}}}{{\\ln {n}}}", f"\\log_{{{b}}} {n}", False)
            pair("log_exp", f"\\log {b} + \\log {n}", f"\\log {b * n}", True)
            pair("log_exp", f"\\log {b} \\cdot \\log {n}", f"\\log {b * n}", False)


def powers(r):
    for _ in range(25):
        b, k = r.randint(2, 9), r.randint(2, 12)
        pair("power", f"{b}^{{{k}}}", str(b**k), True)
        pair("power", f"{b}^{k}" if k < 10 else f"{b}^{{{k}}}", str(b**k + r.choice([-1, 1])), False)
        pair("power", f"{b}**{k}", f"{b}^{{{k}}}", True)
        pair("power", f"{b**2}^{{{40 * k}}}", f"{b}^{{{80 * k}}}", True)
        pair("power", f"{b**2}^{{{40 * k}}}", f"{b}^{{{80 * k + 1}}}", False)
        pair("power", f"{b}^{{-{k}}}", f"\\frac{{1}}{{{b**k}}}", True)
        pair("power", f"{k * b}", f"{b}^{{{k}}}" if b**k != k * b else "1", False)
    for tower, other, equal in [("2^{3^{2}}", "512", True), ("2^{3^{2}}", "64", False), ("10^{10^{10}}", "10^{10^{10}}", True),
                                ("10^{10^{10}}", "10^{10^{11}}", False), ("9^{9^{9^{9}}}", "9^{9^{9^{8}}}", False),
                                ("\\frac{1}{3^{80}}", "3^{-80}", True), ("\\frac{1}{3^{80}}", "\\frac{1}{3^{79}}", False),
                                ("\\frac{1}{3^{80}}", "0", False), ("2^{1000}+1", "2^{1000}", False), ("x^{1000000}", "x^{1000001}", False)]:
        pair("power", tower, other, equal)
    for _ in range(30):
        m, e = r.randint(1, 99), r.randint(-22, 22)
        if m % 10 == 0:
            m += 1
        text = str(m) if m < 10 else f"{m / 10:.1f}"
        gold = f"{text} \\times 10^{{{e}}}"
        value = Fraction(m if m < 10 else Fraction(m, 10)) * Fraction(10) ** e
        equal = [f"{text}e{e}", f"{text} \\cdot 10^{{{e}}}", f"{text}*10^({e})", f"{text} × 10^{{{e}}}", f"{text}E{e}"]
        equal.append(str(value) if value.denominator == 1 else frac(value))
        wrong = [f"{text} \\times 10^{{{e + 1}}}", f"{text} \\times 10^{{{-e if e else 3}}}", f"{text}", f"-{gold}", f"{text}1 \\times 10^{{{e}}}" if "." in text else "0"]
        if e == 0:
            wrong.remove(text)
        both("scientific", r, equal, gold, wrong)


def combinatorics(r):
    for n in range(3, 12):
        pair("factorial_binomial", f"{n}!", str(math.factorial(n)), True)
        pair("factorial_binomial", f"{n}!", str(math.factorial(n - 1)), False)
        k = r.randint(2, n - 1)
        value = math.comb(n, k)
        for form in [f"\\binom{{{n}}}{{{k}}}", f"{{{n} \\choose {k}}}", f"\\dbinom{{{n}}}{{{k}}}", f"\\frac{{{n}!}}{{{k}! \\cdot {n - k}!}}"]:
            pair("factorial_binomial", form, str(value), True)
        pair("factorial_binomial", f"\\binom{{{n}}}{{{k}}}", str(value + 1), False)
        pair("factorial_binomial", f"\\binom{{{n + 1}}}{{{k}}}", str(value), False)
        total = n * (n + 1) // 2
        pair("factorial_binomial", f"\\sum_{{k=1}}^{{{n}}} k", str(total), True)
        pair("factorial_binomial", f"\\sum_{{k=1}}^{{{n}}} k^2", str(total), False)
        pair("factorial_binomial", f"\\sum_{{i=1}}^{{{n}}} i^2", str(n * (n + 1) * (2 * n + 1) // 6), True)
        pair("factorial_binomial", f"\\prod_{{k=1}}^{{{n}}} k", f"{n}!", True)
        pair("factorial_binomial", f"\\prod_{{k=1}}^{{{n}}} k", f"{n - 1}!", False)
    pair("factorial_binomial", "\\binom52", "10", True)
    pair("factorial_binomial", "\\frac{(n+1)!}{n!}", "n+1", True)
    pair("factorial_binomial", "\\frac{(n+1)!}{n!}", "n", False)
    pair("factorial_binomial", "\\binom{n}{2}", "\\frac{n(n-1)}{2}", True)
    pair("factorial_binomial", "\\binom{n}{2}", "\\frac{n(n+1)}{2}", False)
    pair("factorial_binomial", "\\binom{2n}{n}", "\\frac{(2n)!}{(n!)^2}", True)
    pair("factorial_binomial", "\\binom{2n}{n}", "\\frac{(2n)!}{n!}", False)
    for _ in range(20):
        q = Fraction(r.randint(-50, 50), r.choice([3, 7, 9]))
        if q.denominator == 1:
            continue
        low = q.numerator // q.denominator
        pair("abs_floor", f"\\lfloor {frac(q)} \\rfloor", str(low), True)
        pair("abs_floor", f"\\left\\lceil {frac(q)} \\right\\rceil", str(low + 1), True)
        pair("abs_floor", f"\\lfloor {frac(q)} \\rfloor", str(low + 1), False)
        pair("abs_floor", f"|{frac(q)}|", frac(abs(q)), True)
        pair("abs_floor", f"\\left|{frac(q)}\\right|", frac(-abs(q)), False)
    pair("abs_floor", "\\lfloor \\frac{n+1}{2} \\rfloor", "\\lceil \\frac{n}{2} \\rceil", True)
    pair("abs_floor", "\\lfloor \\frac{n}{2} \\rfloor", "\\lceil \\frac{n}{2} \\rceil", False)
    pair("abs_floor", "\\lfloor \\sqrt{n-1} \\rfloor", "\\lfloor \\sqrt{n} \\rfloor", False)


def trigonometry(r):
    values = [("\\sin", 30, "\\frac{1}{2}"), ("\\cos", 30, "\\frac{\\sqrt{3}}{2}"), ("\\tan", 45, "1"), ("\\sin", 45, "\\frac{\\sqrt{2}}{2}"),
              ("\\cos", 60, "\\frac{1}{2}"), ("\\sin", 60, "\\frac{\\sqrt{3}}{2}"), ("\\tan", 60, "\\sqrt{3}"), ("\\tan", 30, "\\frac{1}{\\sqrt{3}}"),
              ("\\sin", 15, "\\frac{\\sqrt{6}-\\sqrt{2}}{4}"), ("\\cos", 120, "-\\frac{1}{2}"), ("\\sin", 150, "\\frac{1}{2}"),
              ("\\cos", 180, "-1"), ("\\sin", 90, "1"), ("\\sec", 60, "2"), ("\\csc", 30, "2"), ("\\cot", 45, "1"), ("\\tan", 15, "2-\\sqrt{3}")]
    for name, degrees, value in values:
        q = Fraction(degrees, 180)
        radians = frac(q).replace("\\frac{1}", "\\frac{\\pi}") if q.numerator == 1 else f"\\frac{{{q.numerator}\\pi}}{{{q.denominator}}}"
        if q == 1:
            radians = "\\pi"
        pair("trig_value", f"{name} {degrees}^\\circ", value, True)
        pair("trig_value", f"{name}({radians})", value, True)
        pair("trig_value", f"{name} {radians}", value, True)
        pair("trig_value", f"{name} {degrees}", value, False)
        pair("trig_value", f"{name} {degrees + 1}^\\circ", value, False)
        pair("trig_value", f"-{name} {degrees}^\\circ", value, False)
    for a, b, equal in [("\\arctan 1", "\\frac{\\pi}{4}", True), ("\\arcsin \\frac{1}{2}", "\\frac{\\pi}{6}", True), ("\\arccos 0", "\\frac{\\pi}{2}", True),
                        ("\\tan^{-1} 1", "\\frac{\\pi}{4}", True), ("\\sin^{-1}(1)", "\\frac{\\pi}{2}", True), ("\\arctan 1", "\\frac{\\pi}{3}", False),
                        ("\\sin^2 x + \\cos^2 x", "1", True), ("\\sin^2 x - \\cos^2 x", "1", False), ("\\sin 2x", "2\\sin x\\cos x", True),
                        ("\\sin 2x", "2\\sin x", False), ("\\cos 2x", "1 - 2\\sin^2 x", True), ("\\cos 2x", "1 - \\sin^2 x", False),
                        ("\\sin x^2", "\\sin^2 x", False), ("\\tan x", "\\frac{\\sin x}{\\cos x}", True), ("\\sec x", "\\frac{1}{\\cos x}", True),
                        ("\\csc x", "\\frac{1}{\\cos x}", False), ("\\sin(x+y)", "\\sin x \\cos y + \\cos x \\sin y", True),
                        ("\\sin(x+y)", "\\sin x + \\sin y", False), ("\\cos 3x", "4\\cos^3 x - 3\\cos x", True), ("1+\\tan^2 x", "\\sec^2 x", True),
                        ("1+\\cot^2 x", "\\sec^2 x", False), ("\\cosh^2 x - \\sinh^2 x", "1", True), ("sin(x)^2", "\\sin^2 x", True),
                        ("\\sin(\\pi - x)", "\\sin x", True), ("\\cos(\\pi - x)", "\\cos x", False), ("\\sin(-x)", "-\\sin x", True)]:
        pair("trig_identity", a, b, equal)


def complexes(r):
    def text(z):
        re, im = z
        if im == 0:
            return frac(re)
        unit = "i" if abs(im) == 1 else f"{frac(abs(im))}i"
        return (f"{frac(re)} " if re else "") + ("- " if im < 0 else "+ " if re else "") + unit

    for _ in range(35):
        a, b = Fraction(r.randint(-9, 9)), Fraction(r.choice([-5, -4, -3, -2, 2, 3, 4, 5]))
        if a == 0:
            a = Fraction(1)
        gold = text((a, b))
        n = a * a + b * b
        sign = "+" if b > 0 else "-"
        equal = [f"{b}i + {a}" if a > 0 else f"{b}i - {-a}", f"{a} {sign} {abs(b)} \\cdot i", f"{a}{sign}{abs(b)}*i", f"{a}+({b})i",
                 f"\\frac{{{n}}}{{{a} {'-' if b > 0 else '+'} {abs(b)}i}}", f"({b}) i + ({a})", f"({a}-({-b})i)", f"i({b} - ({a})i)"]
        wrong = [text((a, -b)), text((-a, b)), text((b, a)) if a != b else "0", text((a + 1, b)), frac(a), f"{b}i"]
        both("complex", r, equal, gold, wrong)
    for a, b, equal in [("i^2", "-1", True), ("i^3", "-i", True), ("i^4", "-1", False), ("\\frac{1}{1-i}", "\\frac{1+i}{2}", True),
                        ("\\frac{1}{1-i}", "\\frac{1-i}{2}", False), ("e^{i\\pi/3}", "\\frac{1 + i\\sqrt{3}}{2}", True), ("e^{i\\pi}", "-1", True),
                        ("e^{i\\pi/3}", "\\frac{1 - i\\sqrt{3}}{2}", False), ("\\sqrt{-4}", "2i", True), ("\\sqrt{-4}", "-2i", False), ("(1+i)^2", "2i", True),
                        ("(1+i)^2", "2", False), ("|3+4i|", "5", True), ("\\cos\\frac{\\pi}{4} + i\\sin\\frac{\\pi}{4}", "\\frac{\\sqrt2}{2} + \\frac{\\sqrt2}{2}i", True)]:
        pair("complex", a, b, equal)


def algebra(r):
    def poly(coefficients, v):
        terms = []
        for power, c in reversed(list(enumerate(coefficients))):
            if c == 0:
                continue
            body = "" if power == 0 else v if power == 1 else f"{v}^{{{power}}}" if power > 9 else f"{v}^{power}"
            number = str(abs(c)) if abs(c) != 1 or power == 0 else ""
            terms.append(("-" if c < 0 else "+", number + body))
        if not terms:
            return "0"
        text = ("-" if terms[0][0] == "-" else "") + terms[0][1]
        for sign, body in terms[1:]:
            text += f" {sign} {body}"
        return text

    def times(p, q):
        out = [0] * (len(p) + len(q) - 1)
        for i, a in enumerate(p):
            for j, b in enumerate(q):
                out[i + j] += a * b
        return out

    for _ in range(60):
        v = r.choice(["x", "t", "n", "y", "a"])
        p = [r.choice([-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5]) for _ in range(2)]
        q = [r.choice([-6, -5, -3, -2, -1, 1, 2, 4, 5]) for _ in range(r.choice([2, 3]))]
        product = times(p, q)
        gold = poly(product, v)
        reverse = " + ".join(f"({c}){v}^{k}" for k, c in enumerate(product) if c)
        equal = [f"({poly(p, v)})({poly(q, v)})", f"({poly(q, v)}) \\cdot ({poly(p, v)})", reverse, f"\\left({poly(p, v)}\\right)\\left({poly(q, v)}\\right)",
                 f"({poly(p, v)})*({poly(q, v)})".replace("^", "**"), f"\\frac{{{poly([2 * c for c in product], v)}}}{{2}}"]
        other = list(product)
        other[r.randrange(len(other))] += r.choice([-1, 1])
        wrong = [poly(other, v), gold.replace(v, "w"), poly([-c for c in product], v), poly(product[:-1] + [product[-1] + 1], v), f"({poly(p, v)})+({poly(q, v)})"]
        wrong = [w for w in wrong if w != gold and w != "0"]
        if poly(p, v) and times([1], p) and [a for a in product] == (p + [0] * (len(product) - 2)):
            continue
        both("polynomial", r, equal, gold, wrong)
    for _ in range(25):
        a, b = r.randint(1, 9), r.randint(1, 9)
        if a == b:
            continue
        gold = f"\\frac{{x + {a}}}{{x + {b}}}"
        equal = [f"1 + \\frac{{{a - b}}}{{x+{b}}}", f"\\frac{{(x+{a})^2}}{{(x+{a})(x+{b})}}", f"(x+{a})/(x+{b})", f"\\frac{{2x + {2 * a}}}{{2x+{2 * b}}}", f"(x+{a})(x+{b})^{{-1}}"]
        wrong = [f"x + {a}/x + {b}", f"\\frac{{x + {b}}}{{x + {a}}}", f"\\frac{{x + {a}}}{{x - {b}}}", f"x+\\frac{{{a}}}{{x+{b}}}", f"\\frac{{{a}}}{{{b}}}"]
        both("rational_function", r, equal, gold, wrong)
    for a, b, equal in [("2(2^n-1)", "2^{n+1}-2", True), ("2(2^n-1)", "2^{n+1}-1", False), ("4^n", "2^{2n}", True), ("4^n", "2^{n+2}", False),
                        ("\\frac{n(n+1)}{2}", "\\frac{n^2+n}{2}", True), ("\\frac{n(n+1)}{2}", "\\frac{n(n-1)}{2}", False), ("3 \\cdot 3^{n}", "3^{n+1}", True),
                        ("e^{2x}", "(e^x)^2", True), ("e^{2x}", "e^{x^2}", False), ("\\ln(xy)", "\\ln x + \\ln y", True), ("\\ln(x+y)", "\\ln x + \\ln y", False),
                        ("\\frac{x^2-1}{x-1}", "x+1", True), ("\\frac{x^2-1}{x-1}", "x-1", False), ("6^n", "2^n \\cdot 3^n", True), ("6^n", "2^n + 3^n", False),
                        ("(n-2)2^n+1", "n 2^n - 2^{n+1} + 1", True), ("(n-2)2^{n+1}", "(n-2)2^n+1", False), ("\\sqrt{x^3}", "x\\sqrt{x}", True),
                        ("\\sqrt{x^3}", "x^{2/3}", False), ("x^3 - x", "(x-1)(x-2)(x-3) + x^3 - x", False), ("(a+b)^3", "a^3+3a^2b+3ab^2+b^3", True),
                        ("(a+b)^3", "a^3+b^3", False), ("\\frac{1}{x} + \\frac{1}{y}", "\\frac{x+y}{xy}", True), ("\\frac{1}{x} + \\frac{1}{y}", "\\frac{1}{x+y}", False),
                        ("2x", "x2", True), ("xy", "yx", True), ("2x", "x^2", False), ("3ab", "3a+b", False), ("x(x+1)", "x^2+x", True), ("\\frac12 x", "\\frac{x}{2}", True),
                        ("x(x-1)(x-2)(x-3)(x-4)(x-5)", "0", False), ("x_1 + x_2", "x_2 + x_1", True), ("x_1", "x_2", False), ("(-1)^{n+1}", "-(-1)^n", True)]:
        pair("exponential" if "^n" in a or "e^" in a else "polynomial", a, b, equal)


def equations(r):
    for _ in range(35):
        a, b, c = r.randint(1, 9), r.choice([-7, -5, -3, -2, 2, 3, 4, 5]), r.randint(1, 20)
        bt = f"+ {b}" if b > 0 else f"- {-b}"
        gold = f"{a}x {bt}y = {c}"
        equal = [f"{c} = {a}x {bt}y", f"{2 * a}x + ({2 * b})y = {2 * c}", f"{a}x {bt}y - {c} = 0", f"{-a}x + ({-b})y = {-c}", f"{a}x = {c} - ({b})y",
                 f"y = \\frac{{{c} - {a}x}}{{{b}}}", f"({b})y = {c} - {a}x", f"{a}*x + ({b})*y = {c}"]
        wrong = [f"{a}x {bt}y = {c + 1}", f"{a}x {bt}y", str(c), f"{a + 1}x {bt}y = {c}", f"{a}x + ({-b})y = {c}", f"{a}x {bt}z = {c}", f"{a}x {bt}y \\le {c}"]
        both("equation", r, equal, gold, wrong)
    for a, b, equal in [("x^2 + y^2 = 4", "y^2 = 4 - x^2", True), ("x^2 + y^2 = 4", "x^2 - y^2 = 4", False), ("x^2 + y^2 = 4", "x^2 + y^2 = 2", False),
                        ("\\frac{x^2}{16} - \\frac{y^2}{9} = 1", "9x^2 - 16y^2 = 144", True), ("\\frac{x^2}{16} - \\frac{y^2}{9} = 1", "16x^2 - 9y^2 = 144", False),
                        ("y = 2x + 3", "2x - y + 3 = 0", True), ("y = 2x + 3", "2x + y + 3 = 0", False), ("xy = 1", "y = \\frac{1}{x}", True),
                        ("(x-1)^2 + (y+2)^2 = 9", "x^2 + y^2 - 2x + 4y - 4 = 0", True), ("(x-1)^2 + (y+2)^2 = 9", "x^2 + y^2 - 2x + 4y + 4 = 0", False)]:
        pair("equation", a, b, equal)
    for _ in range(30):
        v, n = r.choice(["x", "k", "n", "m", "b", "y"]), r.randint(-30, 30)
        other = "t" if v != "t" else "s"
        for p, g, equal in [(f"{v} = {n}", str(n), True), (str(n), f"{v} = {n}", True), (f"{v}={n}", f"{v} = {n}.0", True), (f"{n} = {v}", f"{v} = {n}", True),
                            (f"{v} = {n + 1}", str(n), False), (str(n - 1), f"{v} = {n}", False), (f"{other} = {n}", f"{v} = {n}", False),
                            (f"{v} = {n - 2} + 2 = {n}", str(n), True), (f"{v} = {n - 2} + 3", str(n), False)]:
            if r.random() < 0.5:
                pair("assignment", p, g, equal)
    for a, b, equal in [("f(x) = x^2 + 1", "x^2 + 1", True), ("f(x) = x^2 + 1", "f(x) = 1 + x^2", True), ("f(x) = x^2 + 1", "x^2 - 1", False),
                        ("f(x) = 2x", "f(x) = 3x", False), ("k = 2n - 1", "2n - 1", True), ("P(x) = x^3 - x", "x(x^2-1)", True), ("m_{\\max} = 7", "7", True),
                        ("\\angle ABC = 60^\\circ", "60", True), ("AB = 12", "12", True), ("AB = 12", "13", False)]:
        pair("assignment", a, b, equal)


def end_points(r):
    values = [(Fraction(r.randint(-12, 12), r.choice([1, 1, 2, 3]))) for _ in range(2)]
    values.sort()
    return values


def intervals(r):
    for _ in range(45):
        u, v = end_points(r)
        if u == v:
            continue
        left, right = r.choice("(["), r.choice(")]")
        gold = f"{left}{frac(u)}, {frac(v)}{right}"
        lt, rt = ("<" if left == "(" else "\\le"), ("<" if right == ")" else "\\le")
        gt = {"<": ">", "\\le": "\\ge"}
        equal = [f"\\left{left} {frac(u)}, {frac(v)} \\right{right}", f"{frac(u)} {lt} x {rt} {frac(v)}", f"x \\in {gold}", f"{left}{u},{v}{right}",
                 f"{frac(v)} {gt[rt]} x {gt[lt]} {frac(u)}", f"{frac(2 * u)} {lt} 2x {rt} {frac(2 * v)}", f"\\{{x : {frac(u)} {lt} x {rt} {frac(v)}\\}}"]
        flip = {"(": "[", "[": "(", ")": "]", "]": ")"}
        wrong = [f"{flip[left]}{frac(u)}, {frac(v)}{right}", f"{left}{frac(u)}, {frac(v)}{flip[right]}", f"{left}{frac(u)}, {frac(v + 1)}{right}",
                 f"{left}{frac(v)}, {frac(u)}{right}", f"x {rt} {frac(v)}", f"{frac(v)} {lt} x {rt} {frac(u)}", frac(u)]
        both("interval", r, equal, gold, wrong, 2)
    for _ in range(40):
        u = Fraction(r.randint(-12, 12), r.choice([1, 1, 2, 3]))
        rel, other, left, right = r.choice([("<", ">", None, ")"), (">", "<", "(", None), ("\\le", "\\ge", None, "]"), ("\\ge", "\\le", "[", None)])
        t = frac(u)
        gold = f"x {rel} {t}"
        interval = f"(-\\infty, {t}{right}" if right else f"{left}{t}, \\infty)"
        equal = [f"{t} {other} x", f"-x {other} {frac(-u)}", f"2x {rel} {frac(2 * u)}", f"x - ({t}) {rel} 0", interval, f"x \\in {interval}", interval.replace("\\infty)", "+\\infty)"),
                 f"x {({'<': '<', '>': '>', chr(92) + 'le': '≤', chr(92) + 'ge': '≥'})[rel]} {t}", f"x {rel.replace('le', 'leq').replace('ge', 'geq')} {t}"]
        strict = {"<": "\\le", ">": "\\ge", "\\le": "<", "\\ge": ">"}
        wrong = [f"x {other} {t}", f"x {strict[rel]} {t}", f"x {rel} {frac(u + 1)}", f"x = {t}", t, f"-x {rel} {frac(-u)}", f"y {rel} {t}"]
        both("inequality", r, equal, gold, wrong, 2)
    for _ in range(30):
        u, v = end_points(r)
        if u == v:
            continue
        a, b = frac(u), frac(v)
        gold = f"(-\\infty, {a}) \\cup ({b}, \\infty)"
        equal = [f"({b}, \\infty) \\cup (-\\infty, {a})", f"x < {a} \\text{{ or }} x > {b}", f"x < {a} or x > {b}", f"(-∞, {a}) ∪ ({b}, ∞)",
                 f"x \\in (-\\infty, {a}) \\cup ({b}, +\\infty)", f"\\mathbb{{R}} \\setminus [{a}, {b}]", f"\\left(-\\infty, {a}\\right) \\cup \\left({b}, \\infty\\right)"]
        wrong = [f"(-\\infty, {a}] \\cup ({b}, \\infty)", f"({a}, {b})", f"x < {a}", f"x > {a} \\text{{ or }} x < {b}", f"(-\\infty, {a}) \\cup ({frac(v + 1)}, \\infty)",
                 f"(-\\infty, {a}) \\cup ({b}, {frac(v + 9)})", "(-\\infty, \\infty)"]
        both("union", r, equal, gold, wrong, 2)
    for a, b, equal in [("\\mathbb{R}", "(-\\infty, \\infty)", True), ("ℝ", "\\mathbb{R}", True), ("\\text{all real numbers}", "\\mathbb{R}", True),
                        ("\\emptyset", "\\{\\}", True), ("\\varnothing", "\\emptyset", True), ("∅", "\\emptyset", True), ("\\emptyset", "\\{0\\}", False), ("\\emptyset", "0", False),
                        ("\\infty", "+\\infty", True), ("∞", "\\infty", True), ("\\infty", "-\\infty", False), ("x \\neq 2", "(-\\infty,2) \\cup (2,\\infty)", True),
                        ("\\mathbb{R} \\setminus \\{2\\}", "x \\ne 2", True), ("x \\neq 2", "x \\neq 3", False), ("(-\\infty,1) \\cup [1,3)", "(-\\infty,3)", True),
                        ("(-\\infty,1) \\cup (1,3)", "(-\\infty,3)", False)]:
        pair("union" if "cup" in a + b else "special", a, b, equal)


def collections(r):
    def value():
        return r.choice([str(r.randint(-20, 20)), frac(Fraction(r.randint(1, 9), r.choice([2, 3, 5, 7]))), f"\\sqrt{{{squarefree(r)}}}", f"{r.randint(2, 5)}\\sqrt{{{squarefree(r)}}}"])

    for _ in range(50):
        items = []
        while len(items) < r.randint(2, 4):
            v = value()
            if v not in items:
                items.append(v)
        mixed = items[:]
        r.shuffle(mixed)
        gold = ", ".join(items)
        equal = [", ".join(mixed), "\\{" + ", ".join(mixed) + "\\}", " \\text{ and } ".join(mixed), " and ".join(mixed), " or ".join(mixed), "; ".join(mixed),
                 ", ".join(f"x = {v}" for v in mixed), ",\\, ".join(mixed), "x = " + ", ".join(mixed), "\\left\\{ " + ", ".join(mixed) + " \\right\\}"]
        wrong = [", ".join(items[1:]), ", ".join(items + ["99"]), ", ".join(items[:-1] + ["98"]), items[0], ", ".join("-" + v if not v.startswith("-") else v[1:] for v in items)]
        if set(("-" + v if not v.startswith("-") else v[1:]) for v in items) == set(items) or items[0] == "0":
            wrong.pop()
        both("list", r, equal, gold, wrong)
        both("set", r, ["\\{" + ", ".join(mixed) + "\\}", "{" + ", ".join(mixed) + "}", ", ".join(mixed), "\\{" + ", ".join(mixed + mixed[:1]) + "\\}"], "\\{" + gold + "\\}",
             ["\\{" + w + "\\}" for w in wrong])
        equal = [f"\\left( {gold} \\right)", "(" + ",".join(items) + ")", f"({', '.join('xyzw'[: len(items)])}) = ({gold})", "\\begin{pmatrix} " + " \\\\ ".join(items) + " \\end{pmatrix}",
                 "\\langle " + gold + " \\rangle", ", ".join(f"{n} = {v}" for n, v in zip("xyzw" if len(items) < 4 else "abcd", items))]
        wrong = ["(" + ", ".join(items[:-1] + ["97"]) + ")", "(" + ", ".join(items + ["0"]) + ")", "(" + ", ".join(items[::-1]) + ")", "\\{" + gold + "\\}", items[0]]
        both("tuple", r, equal, f"({gold})", wrong)
    for _ in range(25):
        a, n = r.randint(1, 9), squarefree(r)
        gold = f"{a} \\pm \\sqrt{{{n}}}"
        equal = [f"{a} + \\sqrt{{{n}}}, {a} - \\sqrt{{{n}}}", f"{a} - \\sqrt{{{n}}} \\text{{ and }} {a} + \\sqrt{{{n}}}", f"\\{{{a} - \\sqrt{{{n}}}, {a} + \\sqrt{{{n}}}\\}}", f"x = {a} \\pm \\sqrt{{{n}}}", f"{a} ± √{n}"]
        wrong = [f"{a} + \\sqrt{{{n}}}", f"{a} - \\sqrt{{{n}}}", f"{a} \\pm \\sqrt{{{n + 1}}}", f"-{a} \\pm \\sqrt{{{n}}}", f"\\pm {a} + \\sqrt{{{n}}}"]
        both("plus_minus", r, equal, gold, wrong)
        pair("plus_minus", f"\\pm {a}", f"-{a}, {a}", True)
        pair("plus_minus", f"{a}", f"\\pm {a}", False)
    for _ in range(35):
        rows, columns = r.randint(1, 3), r.randint(2, 3)
        m = [[r.choice([str(r.randint(-9, 9)), frac(Fraction(r.randint(1, 8), 3))]) for _ in range(columns)] for _ in range(rows)]

        def show(m, kind):
            return f"\\begin{{{kind}}} " + " \\\\ ".join(" & ".join(row) for row in m) + f" \\end{{{kind}}}"

        gold = show(m, "pmatrix")
        equal = [show(m, "bmatrix"), "\\left( \\begin{array}{" + "c" * columns + "} " + " \\\\ ".join(" & ".join(row) for row in m) + " \\end{array} \\right)", show(m, "pmatrix").replace("\\frac", "\\dfrac"),
                 "[" + ", ".join("[" + ", ".join(row) + "]" for row in m) + "]"]
        other = [row[:] for row in m]
        other[r.randrange(rows)][r.randrange(columns)] = "77"
        wrong = [show(other, "pmatrix"), show(m + [["0"] * columns], "pmatrix"), show([row[:-1] for row in m], "pmatrix")]
        transposed = [list(c) for c in zip(*m)]
        if transposed != m:
            wrong.append(show(transposed, "pmatrix"))
        both("matrix", r, equal, gold, wrong)


def notations(r):
    for _ in range(35):
        base = r.randint(2, 9)
        digits = "".join(str(r.randrange(base)) for _ in range(r.randint(3, 6))).lstrip("0") or "1"
        gold = f"{digits}_{base}" if r.random() < 0.5 else f"{digits}_{{{base}}}"
        equal = [f"{digits}_{{{base}}}", f"{digits}_{base}", f"{digits} \\text{{ base }} {base}" if False else f"{digits}_{{\\text{{{ {2:'two',3:'three',4:'four',5:'five',6:'six',7:'seven',8:'eight',9:'nine'}[base] }}}}}",
                 f"0{digits}_{base}", f"{digits} base {base}"]
        wrong = [f"{digits}_{base + 1}" if base < 9 else f"{digits}_{{11}}", f"{digits}{base}", f"{digits[:-1]}{(int(digits[-1]) + 1) % base}_{base}", str(int(digits, base)) if int(digits, base) != int(digits) else "0"]
        both("base_n", r, equal, gold, wrong)
    for _ in range(35):
        p = r.choice([r.randint(1, 150), Fraction(r.randint(1, 99), 4)])
        q = Fraction(p)
        text = str(int(q)) if q.denominator == 1 else f"{float(q):g}"
        gold = f"{text}\\%"
        equal = [f"{text}%", f"{text} percent", frac(q / 100), f"{text}\\text{{ percent}}", f"{text} \\%", f"\\frac{{{text}}}{{100}}", f"{text}％"]
        wrong = [frac(q / 100 + Fraction(1, 50)), f"{float(q) + 1:g}\\%", frac(q) if q != q / 100 else "0", frac(q / 10), f"{float(q) / 100:g}\\%"]
        both("percent", r, equal, gold, wrong)
    for _ in range(25):
        d = r.randint(1, 359)
        gold = f"{d}^\\circ"
        equal = [str(d), f"{d}°", f"{d}^{{\\circ}}", f"{d} \\text{{ degrees}}", f"{d} degrees", f"\\angle A = {d}^\\circ", f"{d}\\degree"]
        wrong = [f"{d + 1}^\\circ", f"{d}0", f"{360 - d if d != 180 else 90}^\\circ", f"\\frac{{{d}\\pi}}{{180}}", f"{d}x"]
        both("degrees", r, equal, gold, wrong)
    units = [("cm", "\\text{ cm}"), ("square feet", "\\text{ square feet}"), ("m/s", "\\text{ m/s}"), ("hours", "\\text{ hours}"), ("cm^2", "\\text{ cm}^2"), ("cubic inches", "\\text{ cubic inches}"),
             ("kg", "\\mathrm{ kg}"), ("miles", "\\mbox{ miles}"), ("apples", "\\text{ apples}"), ("ways", "\\text{ ways.}"), ("cm^3", "\\text{ cm}^3"), ("people", "\\,\\text{people}")]
    for plain, latex in units:
        for _ in range(3):
            n = r.randint(2, 500)
            value = r.choice([str(n), f"\\frac{{{n}}}{{7}}" if n % 7 else str(n), f"{n}\\sqrt{{3}}"])
            pair("unit", f"{value}{latex}", value, True)
            pair("unit", value, f"{value}{latex}", True)
            if value == str(n):
                pair("unit", f"{n} {plain}", str(n), True)
                pair("unit", f"{n}2{latex}", str(n), False)
                pair("unit", f"{n}^2", f"{n}{latex}", False)
            pair("unit", f"{n + 1}{latex}", value, False)
            pair("unit", f"{n}x", str(n), False)
    for _ in range(25):
        cents = r.randint(100, 999999)
        value = f"{cents // 100}.{cents % 100:02d}"
        gold = f"\\${value}"
        equal = [value, f"${value}", f"\\$ {value}", f"{value} dollars", f"{value}\\text{{ dollars}}", f"€{value}", f"\\${cents // 100:,}.{cents % 100:02d}", f"{value} USD"]
        wrong = [f"\\${cents}", f"{(cents + 1) // 100}.{(cents + 1) % 100:02d}", f"\\${cents // 100}" if cents % 100 else "\\$1", f"{value}\\%"]
        both("currency", r, equal, gold, wrong)


def words(r):
    names = ["east", "Saturday", "ellipse", "odd", "neither", "circle", "parabola", "even", "two lines", "Evelyn", "June 20", "orange", "infinitely many"]
    for name in names:
        other = r.choice([n for n in names if n != name])
        for form in [f"\\text{{{name}}}", f"\\textbf{{{name}}}", name, name.lower(), f"\\mathrm{{{name.replace(' ', '~')}}}", f"\\mbox{{{name}}}", f"{name}."]:
            pair("text", form, f"\\text{{{name}}}", True)
        pair("text", f"\\text{{{other}}}", f"\\text{{{name}}}", False)
        pair("text", other, name, False)
        pair("text", f"\\text{{not {name}}}", f"\\text{{{name}}}", False)
    for letter in "ABCDE":
        other = chr(ord(letter) + 1)
        for form in [letter, f"({letter})", f"\\text{{({letter})}}", f"\\textbf{{{letter}}}", f"\\text{{{letter}}}", f"{letter}.", f"\\mathrm{{{letter}}}", f"\\textbf{{({letter})}}"]:
            pair("letter", form, f"\\text{{({letter})}}" if r.random() < 0.5 else letter, True)
        for form in [other, f"({other})", f"\\text{{({other})}}", f"{letter}, {other}", f"{letter} \\text{{ and }} {other}"]:
            pair("letter", form, letter, False)
    for _ in range(20):
        a, b = r.randint(1, 20), r.randint(1, 20)
        if a == b:
            continue
        pair("ratio", f"{a} : {b}", f"{a}:{b}", True)
        pair("ratio", f"{2 * a}:{2 * b}", f"{a}:{b}", True)
        pair("ratio", f"{b}:{a}", f"{a}:{b}", False)
        pair("ratio", f"{a}:{b + 1}", f"{a}:{b}", False)
        pair("ratio", f"{a}:{b}:1", f"{a}:{b}", False)
    for a, b, equal in [("\\text{A, B}", "A, B", True), ("\\text{B,E,A}", "\\text{A,B,E}", True), ("\\text{A,B}", "\\text{A,B,E}", False), ("\\text{ACF}", "ACF", True), ("CBAD", "\\text{CABD}", False)]:
        pair("letter", a, b, equal)


def spellings(r):
    for a, b, equal in [("√2", "\\sqrt{2}", True), ("2√3", "2\\sqrt{3}", True), ("√(2)/2", "\\frac{\\sqrt{2}}{2}", True), ("π/2", "\\frac{\\pi}{2}", True), ("½", "\\frac{1}{2}", True), ("2½", "\\frac{5}{2}", True),
                        ("x²", "x^2", True), ("x⁸ − 1", "x^8 - 1", True), ("−3", "-3", True), ("3 × 4", "12", True), ("3·4", "12", True), ("1⁄2", "0.5", True), ("90°", "90", True), ("x ≤ 3", "x \\le 3", True),
                        ("x ≥ 3", "x \\le 3", False), ("(−∞, 2) ∪ (3, ∞)", "(-\\infty,2)\\cup(3,\\infty)", True), ("１２３", "123", True), ("（1，2）", "(1,2)", True), ("4\u200b2", "42", True), ("2\u00a0+\u00a03", "5", True),
                        ("10⁻³", "0.001", True), ("10⁻³", "1000", False), ("x₁", "x_1", True), ("x₁", "x_2", False), ("3 ÷ 4", "\\frac{3}{4}", True), ("5 ± √2", "5 \\pm \\sqrt{2}", True), ("∛8", "2", True),
                        ("θ", "\\theta", True), ("α", "\\beta", False), ("2π", "2\\pi", True), ("¾", "\\frac{2}{3}", False), ("√3", "\\sqrt{2}", False), ("x³", "x^2", False), ("∞", "\\infty", True), ("5\u20095", "55", False),
                        ("𝑥 + 1", "x+1", True), ("2 – 3", "-1", True)]:
        pair("unicode", a, b, equal)
    for a, b, equal in [("sqrt(2)/2", "\\frac{\\sqrt{2}}{2}", True), ("2*pi", "2\\pi", True), ("x**2", "x^2", True), ("exp(2)", "e^2", True), ("1e-3", "0.001", True), ("(x+1)/2", "\\frac{x+1}{2}", True),
                        ("x+1/2", "\\frac{x+1}{2}", False), ("sqrt(x+1)", "\\sqrt{x+1}", True), ("sqrt(x)+1", "\\sqrt{x+1}", False), ("2**10", "1024", True), ("log(8)/log(2)", "3", True), ("abs(-3)", "3", True),
                        ("3*x**2 - 2*x + 1", "3x^2 - 2x + 1", True), ("3*x**2 - 2*x - 1", "3x^2 - 2x + 1", False), ("sin(pi/6)", "\\frac{1}{2}", True), ("factorial(5)", "120", True), ("binomial(5, 2)", "10", True),
                        ("sqrt(3)*I", "\\sqrt{3} i", True), ("pi*sqrt(2)/4", "\\frac{\\sqrt{2}\\pi}{4}", True), ("-1/(2*x)", "-\\frac{1}{2x}", True), ("-1/2*x", "-\\frac{1}{2x}", False), ("a*b", "ab", True), ("a/b*c", "\\frac{ac}{b}", True),
                        ("a/(b*c)", "\\frac{ac}{b}", False), ("x^(1/2)", "\\sqrt{x}", True), ("cbrt(27)", "3", True), ("oo", "\\infty", True), ("[1, 2, 3]", "(1,2,3)", True), ("log(x, 2)", "\\log_2 x", True), ("log2(8)", "3", True)]:
        pair("code_style", a, b, equal)
    for a, b, equal in [("\\frac12", "\\frac{1}{2}", True), ("\\frac1{72}", "\\frac{1}{72}", True), ("\\frac{1}2", "\\frac{1}{2}", True), ("\\frac 79", "\\frac{7}{9}", True), ("\\frac 9{20}", "\\frac{9}{20}", True), ("\\sqrt3", "\\sqrt{3}", True),
                        ("\\sqrt12", "2\\sqrt{3}", True), ("2\\sqrt5", "2\\sqrt{5}", True), ("\\frac{\\sqrt3}2", "\\frac{\\sqrt{3}}{2}", True), ("\\!5", "5", True), ("\\, 5 \\,", "5", True), ("~5~", "5", True), ("\\displaystyle\\frac{1}{2}", "\\frac{1}{2}", True),
                        ("\\left. 5 \\right.", "5", True), ("\\dfrac12", "\\frac{1}{3}", False), ("\\frac12", "12", False), ("\\frac{1}{2", "\\frac{1}{2}", False), ("\\sqrt3", "3", False), ("x^10", "x^{10}", True), ("2^10", "1024", True),
                        ("\\left(1,2\\right]", "(1,2]", True), ("\\mathrm{5}", "5", True), ("\\boxed{\\boxed{5}}", "5", True), ("\\frac{1}{2}.", "0.5", True), ("\\cfrac{25}{16}", "\\frac{25}{16}", True), ("\\tfrac{8\\pi}5", "\\frac{8\\pi}{5}", True),
                        ("\\frac\\pi2", "\\frac{\\pi}{2}", True), ("\\frac\\pi3", "\\frac{\\pi}{2}", False), ("{5}", "5", True), ("5 \\quad", "5", True), ("\\textcolor{red}{5}", "5", True), ("\\bigl(1,2\\bigr)", "(1,2)", True), ("\\big|{-3}\\big|", "3", True)]:
        pair("malformed_latex", a, b, equal)


def main():
    for index, generator in enumerate([integers, thousands, decimals, repeating, fractions, radicals, constants, powers, combinatorics, trigonometry, complexes, algebra, equations,
                                       intervals, collections, notations, words, spellings]):
        generator(random.Random(1000 + index))
    for index, entry in enumerate(PAIRS):
        print(json.dumps({"id": f"{entry['kind']}-{index}", **entry}, ensure_ascii=False))


if __name__ == "__main__":
    main()
