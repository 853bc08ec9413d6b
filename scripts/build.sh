#!/usr/bin/env bash
# Builds the four programs into bin/. usage: build.sh GO LDFLAGS
set -euo pipefail
go=$1 ldflags=$2
mkdir -p bin
start=$SECONDS
cache=$("$go" env GOCACHE)
if [ ! -f "$cache/vedette-built" ]; then
	echo "Building. The first time takes a few minutes: the toolkit's OpenGL bindings are compiled once."
fi
CGO_ENABLED=0 "$go" build -ldflags "$ldflags" -o bin/vedettectl ./cmd/vedettectl
CGO_ENABLED=0 "$go" build -ldflags "$ldflags" -o bin/lowervms ./cmd/lowervms
CGO_ENABLED=1 "$go" build -ldflags "$ldflags" -o bin/vedette-decoder ./cmd/vedette-decoder
CGO_ENABLED=1 "$go" build -ldflags "$ldflags" -o bin/vedette ./cmd/vedette
touch "$cache/vedette-built" 2>/dev/null || true
echo "Built bin/vedette, bin/vedettectl, bin/vedette-decoder and bin/lowervms in $((SECONDS - start)) s."
