"""Compares `step-srpo verify math` with Math-Verify on labelled pairs. Called by run.sh: compare.py BINARY PAIRS COUNT."""
import json
import logging
import math
import subprocess
import sys
import time


def quantile(values, q):
    """By nearest rank, as the program's own: the 99th percentile of 1 to 100 is 99."""
    rank = max(1, math.ceil(q * len(values) - 1e-9))
    return sorted(values)[rank - 1] if values else 0.0


def ours(binary, pairs, repetitions=20):
    """One process on one thread. The rate is end to end: JSON lines in, JSON lines out, start-up included. The times of
    single checks are round trips through the pipes, one line at a time."""
    command = [binary, "verify", "math", "--threads", "1"]
    lines = [
        json.dumps({"id": str(i), "prediction": p["prediction"], "reference": p["reference"]}) + "\n"
        for i, p in enumerate(pairs)
    ]
    start = time.perf_counter()
    done = subprocess.run(command, input="".join(lines) * repetitions, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - start
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(pairs) * repetitions, (len(rows), len(pairs))
    seconds = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        for line in lines:
            begin = time.perf_counter()
            process.stdin.write(line)
            process.stdin.flush()
            process.stdout.readline()
            seconds.append(time.perf_counter() - begin)
        process.stdin.close()
    return [row.get("score") == 1 for row in rows[: len(pairs)]], seconds, len(rows) / wall


def math_verify(pairs):
    from math_verify import parse, verify

    logging.disable(logging.CRITICAL)
    answers, seconds = [], []
    start = time.perf_counter()
    for pair in pairs:
        begin = time.perf_counter()
        try:
            gold = parse("\\boxed{" + pair["reference"] + "}")
            prediction = parse("\\boxed{" + pair["prediction"] + "}")
            answers.append(bool(verify(gold, prediction)))
        except Exception:
            answers.append(False)
        seconds.append(time.perf_counter() - begin)
    return answers, seconds, len(pairs) / (time.perf_counter() - start)


def line(name, pairs, answers, seconds, rate):
    right = sum(a == p["equal"] for a, p in zip(answers, pairs))
    misses = [a for a, p in zip(answers, pairs) if not p["equal"]]
    hits = [a for a, p in zip(answers, pairs) if p["equal"]]
    print(
        f"{name:12} {right / len(pairs):8.2%} {sum(misses) / max(len(misses), 1):8.2%}"
        f" {1 - sum(hits) / max(len(hits), 1):8.2%} {rate:12,.0f}"
        f" {quantile(seconds, 0.5) * 1e3:10.4f} {quantile(seconds, 0.99) * 1e3:10.4f}"
    )


def load(path, count):
    """The pairs of a file, at most `count`, evenly spread over it."""
    with open(path, encoding="utf-8") as lines:
        pairs = [json.loads(text) for text in lines if text.strip()]
    step = max(1, len(pairs) // count)
    return pairs[::step][:count]


def main():
    binary, path, count = sys.argv[1:4]
    pairs = load(path, int(count))
    print(f"{len(pairs)} pairs, {sum(p['equal'] for p in pairs)} equal; one thread each")
    print(f"{'':12} {'right':>8} {'false +':>8} {'false -':>8} {'checks/s':>12} {'p50 ms':>10} {'p99 ms':>10}")
    line("step-srpo", pairs, *ours(binary, pairs))
    line("Math-Verify", pairs, *math_verify(pairs))


if __name__ == "__main__":
    main()
