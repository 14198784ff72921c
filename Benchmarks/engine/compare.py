"""Runs `step-srpo bench` and each peer in turn on this machine and prints one Markdown table."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

from shapes import SHAPES, SIZES, operations

FOLDER = os.path.dirname(os.path.abspath(__file__))

# Freed memory is kept instead of returned: what an arena allocator gains.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "17179869184",
               "MALLOC_TOP_PAD_": "268435456"}

# workload -> peers as (name in the table, script and argument, environment)
PEERS = {
    "rollout": [("transformers.generate", ("peer.py", "generate"), {}),
                ("PyTorch loop by hand", ("peer.py", "loop"), {}), ("llama.cpp", ("llama.py", "f32"), {})],
    "train": [("PyTorch eager", ("peer.py", "train"), {}),
              ("PyTorch eager, memory kept", ("peer.py", "train"), KEEP_MEMORY),
              ("torch.compile", ("peer.py", "train-compiled"), {})],
    "step": [("TRL GRPOTrainer", ("peer.py", "grpo"), {}),
             ("TRL GRPOTrainer, memory kept", ("peer.py", "grpo"), KEEP_MEMORY)],
    "load": [("safetensors", ("peer.py", "load"), {}),
             ("safetensors, memory kept", ("peer.py", "load"), KEEP_MEMORY)],
}

# Where smaller weights are measured too: ours by `--weights`, beside llama.cpp's 16 bits.
SMALL_WEIGHTS = {("half-b", "rollout")}
HALF_PEER = ("llama.cpp f16", ("llama.py", "f16"), {})

# (shape, workload) -> peer -> how many times as fast ours is to be
GOALS = {
    ("nano", "rollout"): {"transformers.generate": 6},
    ("micro", "rollout"): {"transformers.generate": 2.5, "llama.cpp": 2},
    ("half-b", "rollout"): {"transformers.generate": 2, "llama.cpp": 1.3, "llama.cpp f16": 1.3},
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


def peak(threads):
    """GFLOP/s of multiply-adds in registers, or None where there is no C compiler."""
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "peak")
        compiler = os.environ.get("CC", "cc")
        try:
            subprocess.run([compiler, "-O3", "-march=native", "-ffp-contract=fast", "-pthread",
                            os.path.join(FOLDER, "peak.c"), "-o", program], check=True, capture_output=True)
            return float(subprocess.run([program, str(threads)], check=True, capture_output=True, text=True).stdout)
        except (OSError, subprocess.CalledProcessError):
            return None


def processor_name():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def ours(program, shape, workload, threads, repetitions, *more):
    found, note = run([program, "bench", workload, "--shape", shape, "--threads", str(threads),
                       "--repetitions", str(repetitions), "--json", *more])
    if found:
        processor = re.search(r"([0-9.]+) s of processors", note)
        found["processor_seconds"] = float(processor.group(1)) if processor else None
    return found, note


def peer(script, argument, shape, threads, repetitions, environment):
    return run([sys.executable, os.path.join(FOLDER, script), argument, "--shape", shape,
                "--threads", str(threads), "--repetitions", str(repetitions)], environment)


def share(found, shape, workload, limits, weight_bytes):
    """Of the machine's limit: of its arithmetic, and where every new token reads all weights, of its memory."""
    if workload == "load" or limits is None:
        return ""
    arithmetic = operations(shape, workload) / found["seconds"] / 1e9 / limits["gflops"]
    text = f"{100 * arithmetic:.0f} %"
    if workload == "rollout" and shape == "half-b":
        c = SHAPES[shape]
        key_width = c["hidden_size"] // c["num_attention_heads"] * c["num_key_value_heads"]
        layer = c["hidden_size"] * (2 * c["hidden_size"] + 2 * key_width + 3 * c["intermediate_size"])
        weights = weight_bytes * (c["num_hidden_layers"] * layer + c["hidden_size"] * c["vocab_size"])
        read = weights * SIZES[shape][2] / found["seconds"]
        text += f", memory {100 * read / limits['bandwidth']:.0f} %"
    return text


def row(shape, workload, name, found, note, limits, mine=None, weight_bytes=4):
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
    return f"{title} {speed} | {cost} | {share(found, shape, workload, limits, weight_bytes)} | {memory} | {ratio} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--shapes", default="nano,micro,half-b")
    parser.add_argument("--workloads", default="rollout,train,step,load")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    limits, why = run([sys.executable, os.path.join(FOLDER, "peer.py"), "limits", "--threads", str(options.threads)],
                      {"OPENBLAS_NUM_THREADS": str(options.threads)})
    if limits:
        multiply_adds = peak(options.threads)
        limit = f"multiply-adds in registers {multiply_adds:.0f} GFLOP/s" if multiply_adds else "no C compiler"
        sgemm = limits["gflops"]
        limits["gflops"] = multiply_adds or sgemm
        print(f"Machine: {processor_name()}, {options.threads} threads, {limit}, best sgemm {sgemm:.0f} GFLOP/s, "
              f"read {limits['bandwidth'] / 1e9:.1f} GB/s; load average {os.getloadavg()[0]:.1f}.\n")
    else:
        print(f"The machine's limits could not be measured: {why}\n")
    print("| workload | program | speed | wall / processor | of the machine | peak memory "
          "| ours is, by wall; by processor time |")
    print("|---|---|---|---|---|---|---|")
    for shape in options.shapes.split(","):
        for workload in options.workloads.split(","):
            if (shape, workload) not in GOALS:
                continue
            mine, note = ours(options.program, shape, workload, options.threads, options.repetitions)
            print(row(shape, workload, "step-srpo", mine, note, limits), flush=True)
            against = [(*entry, mine) for entry in PEERS[workload]]
            if (shape, workload) in SMALL_WEIGHTS:
                small = []
                for weights, size in (("bf16", 2), ("int8", 1)):
                    found, note = ours(options.program, shape, workload, options.threads, options.repetitions,
                                       "--weights", weights)
                    print(row(shape, workload, f"step-srpo {weights}", found, note, limits, weight_bytes=size),
                          flush=True)
                    small += [found] if found else []
                against.append((*HALF_PEER, min(small, key=lambda found: found["seconds"]) if small else None))
            for name, (script, argument), environment, faster in against:
                found, note = peer(script, argument, shape, options.threads, options.repetitions, environment)
                size = 2 if argument == "f16" else 4
                print(row(shape, workload, name, found, note, limits, faster, size), flush=True)
    print("\nWall time is what a user waits for; where other programs have the processors too, processor time is what "
          "can be compared. llama.cpp f16 stands against the faster of bf16 and int8.")


main()
