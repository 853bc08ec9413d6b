#!/usr/bin/env bash
# Runs all tests. usage: test.sh GO LDFLAGS
#
# The pure half is tested with the race detector and built without cgo; what
# draws is tested with the toolkit's own driver; what decodes needs the decoder
# program, which is built first.
set -euo pipefail
go=$1 ldflags=$2
say() { printf '\n== %s\n' "$*"; }

say "formatting and vet"
unformatted=$(gofmt -l $(git ls-files '*.go'))
[ -z "$unformatted" ] || { echo "gofmt would change: $unformatted" >&2; exit 1; }
# Everything but what links C builds and vets without a C compiler.
CGO_ENABLED=0 "$go" vet $("$go" list ./... | grep -vE '/(cmd/vedette|cmd/vedette-decoder|player/ffmpeg)$')

say "programs"
scripts/build.sh "$go" "$ldflags"

say "tests"
# The window's own packages are left out of the race build: it would compile the OpenGL bindings a second time.
pure=$("$go" list ./... | grep -vE '/(cmd/vedette|ui|ui/.*)$')
drawn=$("$go" list ./... | grep -E '/(ui|ui/.*)$')
VEDETTE_VECTORS=required VEDETTE_DECODER=$PWD/bin/vedette-decoder CGO_ENABLED=1 "$go" test -race -timeout 12m $pure
VEDETTE_DECODER=$PWD/bin/vedette-decoder CGO_ENABLED=0 "$go" test -timeout 8m $drawn

say "memory"
CGO_ENABLED=0 "$go" test -timeout 8m -run '^TestMemoryOfALargeFileIsBounded$' ./cmd/vedettectl

say "the window"
VEDETTE_BIN=$PWD/bin CGO_ENABLED=1 "$go" test -timeout 10m ./cmd/vedette
