#!/bin/sh
# Coverage-guided fuzzing of the math verifier with libFuzzer, which the Swift toolchain brings along.
# Usage: Fuzz/math/run.sh [SECONDS]   (default 60). New inputs go to .build/fuzz/corpus; a crash is written beside it.
set -eu
cd "$(dirname "$0")/../.."
build=.build/fuzz
mkdir -p "$build/corpus"
swiftc -O -wmo -parse-as-library -swift-version 6 -module-name StrictJSON -emit-module \
  -emit-module-path "$build/StrictJSON.swiftmodule" -c Sources/StrictJSON/*.swift -o "$build/StrictJSON.o"
swiftc -O -wmo -parse-as-library -swift-version 6 -sanitize=fuzzer -I "$build" -module-name MathFuzz \
  Sources/Verifiers/Verifier.swift Sources/Verifiers/Verdict.swift Sources/Verifiers/Math/*.swift \
  Fuzz/math/MathVerifierFuzz.swift "$build/StrictJSON.o" -o "$build/math-fuzz"
# Without Swift's own backtrace, which would end the program before libFuzzer has written the input that crashed it.
export SWIFT_BACKTRACE=enable=no
exec "$build/math-fuzz" -max_total_time="${1:-60}" -timeout=5 -rss_limit_mb=512 -max_len=512 \
  -dict=Fuzz/math/latex.dict -artifact_prefix="$build/" "$build/corpus" Fuzz/math/seeds
