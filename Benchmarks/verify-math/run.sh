#!/bin/sh
# The math verifier beside Math-Verify on the same pairs, in one go: accuracy, false positives and negatives, speed.
# Usage: Benchmarks/verify-math/run.sh [PAIRS.jsonl [COUNT]]   (default: 1000 pairs of the committed corpus; a line is
# {"id", "prediction", "reference", "equal"}). Needs python3 with venv and the network for the first installation.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
pairs="${1:-$root/Tests/VerifiersTests/Fixtures/math/pairs.jsonl}"
work="$root/.build/verify-math-benchmark"
mkdir -p "$work"
cd "$root"
swift build -c release --product step-srpo >&2
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet math-verify >&2
fi
exec "$work/venv/bin/python" "$here/compare.py" "$root/.build/release/step-srpo" "$pairs" "${2:-1000}"
