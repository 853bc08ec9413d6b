#!/usr/bin/env bash
# Runs every fuzz target of the tree for a while. usage: fuzz.sh GO TIME
set -euo pipefail
go=$1 time=$2
failed=0
while IFS=: read -r file name; do
	dir=./$(dirname "$file")
	echo "== $dir $name ($time)"
	CGO_ENABLED=0 "$go" test "$dir" -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 20x || failed=1
done < <(grep -rnoE '^func (Fuzz[A-Za-z0-9_]+)' --include='*_test.go' . | sed -E 's#^\./##; s#:[0-9]+:func #:#')
exit $failed
