#!/usr/bin/env bash
# The whole campaign against the examiner: mutants of sealed files, and files that
# a second examiner, with openssl for the signatures, judges as well.
# usage: mutate.sh GO MUTANTS FILES
set -euo pipefail
go=$1 mutants=$2 files=$3
VEDETTE_MUTANTS=$mutants VEDETTE_FILES=$files CGO_ENABLED=0 "$go" test -count=1 -timeout 120m -v \
	-run '^(TestNoMutantReadsIntact|TestSecondExaminerAgrees)$' ./verify | grep -v '^=== RUN'
