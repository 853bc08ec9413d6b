#!/usr/bin/env bash
# Examines a sealed file that is almost all a hole and tells how much memory that
# took at most. usage: sparse.sh GO [GB]; 100 GB take a few minutes and no disk.
set -euo pipefail
go=$1 gb=${2:-100}
VEDETTE_SPARSE_GB=$gb CGO_ENABLED=0 "$go" test -count=1 -timeout 60m -v -run '^TestMemoryOfALargeFileIsBounded$' ./cmd/vedettectl
