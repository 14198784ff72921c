#!/bin/sh
# Installs the peers from PyPI into an environment of their own and prints the table of the engine's numbers.
# usage: Benchmarks/engine/run.sh [--shapes nano,micro,half-b] [--workloads rollout,train,step,load] [--repetitions N]
# PEERS names the environment's folder (default: .build/peers); TORCH the requirement for PyTorch's CPU build.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
peers=${PEERS:-$root/.build/peers}
# sh has no array: the loop below installs one package at a time, so that one that cannot be had leaves the others.
[ -x "$peers/bin/python" ] || python3 -m venv "$peers"
# llama-cpp-python is built from source, for this processor (several minutes; needs a C++ compiler).
export CMAKE_ARGS="${CMAKE_ARGS:--DGGML_NATIVE=ON -DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF}"
for package in "${TORCH:-torch}" numpy safetensors transformers trl gguf llama-cpp-python; do
  "$peers/bin/pip" install -q "$package" || echo "run.sh: $package cannot be installed; its rows will say so" >&2
done
program=${STEP_SRPO:-$root/.build/release/step-srpo}
[ -x "$program" ] || (cd "$root" && swift build -c release --product step-srpo)
exec "$peers/bin/python" "$root/Benchmarks/engine/compare.py" --program "$program" "$@"
