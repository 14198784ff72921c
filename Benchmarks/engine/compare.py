"""Runs `step-srpo bench` and each peer in turn on this machine and prints one Markdown table."""

import argparse
import json
import os
import re
import subprocess
import sys

from shapes import SHAPES, SIZES, operations

FOLDER = os.path.dirname(os.path.abspath(__file__))

# Freed memory is kept instead of returned: what an arena allocator gains.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "17179869184",
               "MALLOC_TOP_PAD_": "268435456"}

# workload -> peers as (name in the table, argument of peer.py, environment)
PEERS = {
    "rollout": [("transformers.generate", "generate", {}), ("PyTorch loop by hand", "loop", {})],
    "train": [("PyTorch eager", "train", {}), ("PyTorch eager, memory kept", "train", KEEP_MEMORY),
              ("torch.compile", "train-compiled", {})],
    "step": [("TRL GRPOTrainer", "grpo", {}), ("TRL GRPOTrainer, memory kept", "grpo", KEEP_MEMORY)],
    "load": [("safetensors", "load", {})],
}

# (shape, workload) -> peer -> how many times as fast ours is to be
GOALS = {
    ("nano", "rollout"): {"transformers.generate": 6},
    ("micro", "rollout"): {"transformers.generate": 2.5},
    ("half-b", "rollout"): {"transformers.generate": 2},
    ("nano", "train"): {"torch.compile": 1.4, "PyTorch eager": 1.7},
    ("micro", "train"): {"PyTorch eager, memory kept": 1.25},
    ("half-b", "train"): {"PyTorch eager, memory kept": 1.05, "PyTorch eager": 1.25},
    ("nano", "step"): {"TRL GRPOTrainer": 5, "TRL GRPOTrainer, memory kept": 3.5},
    ("half-b", "load"): {"safetensors": 1},
}


def run(words, environment=None, limit=1800):
    """The JSON of a process and its notes, or None and why."""
    try:
        result = subprocess.run(words, capture_output=True, text=True, timeout=limit,
                                env={**os.environ, **(environment or {})})
    except subprocess.TimeoutExpired:
        return None, f"took more than {limit} s"
    if result.returncode != 0:
        lines = result.stderr.strip().splitlines() or ["no message"]
        return None, f"failed: {lines[-1][:120]}"
    return json.loads(result.stdout.strip().splitlines()[-1]), result.stderr


def processor_name():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def ours(program, shape, workload, threads, repetitions):
    found, note = run([program, "bench", workload, "--shape", shape, "--threads", str(threads),
                       "--repetitions", str(repetitions), "--json"])
    if found:
        processor = re.search(r"([0-9.]+) s of processors", note)
        found["processor_seconds"] = float(processor.group(1)) if processor else None
    return found, note


def peer(name, shape, threads, repetitions, environment):
    return run([sys.executable, os.path.join(FOLDER, "peer.py"), name, "--shape", shape,
                "--threads", str(threads), "--repetitions", str(repetitions)], environment)


def share(found, shape, workload, limits):
    """Of the machine's limit: of its arithmetic, and where every new token reads all weights, of its memory."""
    if workload == "load" or limits is None:
        return ""
    arithmetic = operations(shape, workload) / found["seconds"] / 1e9 / limits["gflops"]
    text = f"{100 * arithmetic:.0f} %"
    if workload == "rollout" and shape == "half-b":
        c = SHAPES[shape]
        key_width = c["hidden_size"] // c["num_attention_heads"] * c["num_key_value_heads"]
        layer = c["hidden_size"] * (2 * c["hidden_size"] + 2 * key_width + 3 * c["intermediate_size"])
        weights = 4 * (c["num_hidden_layers"] * layer + c["hidden_size"] * c["vocab_size"])
        read = weights * SIZES[shape][2] / found["seconds"]
        text += f", memory {100 * read / limits['bandwidth']:.0f} %"
    return text


def row(shape, workload, name, found, note, limits, mine=None):
    title = f"| {shape} {workload} | {name} |"
    if found is None:
        return f"{title} {note} | | | | |"
    speed = f"{found['tokens'] / found['seconds']:,.0f} tok/s" if found["tokens"] else f"{found['seconds']:.3f} s"
    ratio = ""
    if mine is not None:
        times = found["seconds"] / mine["seconds"]
        goal = GOALS.get((shape, workload), {}).get(name)
        ratio = f"{times:.2f} x" + (f" (goal {goal} x{'' if times >= goal else ', missed'})" if goal else "")
        if found.get("processor_seconds") and mine.get("processor_seconds"):
            ratio += f"; {found['processor_seconds'] / mine['processor_seconds']:.2f} x"
    processor = found.get("processor_seconds")
    cost = f"{found['seconds']:.2f} s / {processor:.2f} s" if processor is not None else f"{found['seconds']:.2f} s"
    memory = f"{found['peak_rss_bytes'] / (1 << 20):,.0f} MiB"
    return f"{title} {speed} | {cost} | {share(found, shape, workload, limits)} | {memory} | {ratio} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--shapes", default="nano,micro,half-b")
    parser.add_argument("--workloads", default="rollout,train,step,load")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    limits, why = run([sys.executable, os.path.join(FOLDER, "peer.py"), "limits", "--threads", str(options.threads)])
    if limits:
        print(f"Machine: {processor_name()}, {options.threads} threads, sgemm {limits['gflops']:.0f} GFLOP/s, "
              f"read {limits['bandwidth'] / 1e9:.1f} GB/s; load average {os.getloadavg()[0]:.1f}.\n")
    else:
        print(f"The machine's limits could not be measured: {why}\n")
    print("| workload | program | speed | wall / processor | of the machine | peak memory | ours is, by wall; by processor time |")
    print("|---|---|---|---|---|---|---|")
    for shape in options.shapes.split(","):
        for workload in options.workloads.split(","):
            if (shape, workload) not in GOALS:
                continue
            mine, note = ours(options.program, shape, workload, options.threads, options.repetitions)
            print(row(shape, workload, "step-srpo", mine, note, limits), flush=True)
            for name, argument, environment in PEERS[workload]:
                found, note = peer(argument, shape, options.threads, options.repetitions, environment)
                print(row(shape, workload, name, found, note, limits, mine), flush=True)
    print("\nWall time is what a user waits for; where other programs have the processors too, processor time is what "
          "can be compared.")
    print("Not run here: llama.cpp (its Python package is built from source and has no adapter in this folder).")


main()
