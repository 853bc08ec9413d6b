#!/usr/bin/env bash
# Installs what is missing, builds, makes sample evidence and opens it.
# usage: demo.sh GO LDFLAGS SAMPLE
#
# Without a display the same is done under a virtual one: screenshots are left
# in out/demo/ and the program ends.
set -euo pipefail
go=$1 ldflags=$2 sample=$3
headless=
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || headless=yes

scripts/deps.sh build run ${headless:+headless}
scripts/build.sh "$go" "$ldflags"
bin/lowervms export --out "$sample"

if [ -z "$headless" ]; then
	echo "Opening $sample. The guide is docs/guide/README.md."
	exec bin/vedette --trust "$sample/trust" "$sample"
fi

echo "There is no display: opening $sample under Xvfb."
. scripts/display.sh
out=out/demo
mkdir -p "$out"
trap 'kill ${vedette_pid:-} 2>/dev/null || true; stop_display' EXIT
start_display 1600x1000
bin/vedette --trace --size 1600x1000 --trust "$sample/trust" "$sample" 2>"$out/trace.txt" &
vedette_pid=$!
wait_trace "$out/trace.txt" 'first-picture' 60
wait_trace "$out/trace.txt" 'settled' 120
sleep 1 # one more repaint after the last line of the trace
import -window root "$out/workspace.png"
window=$(xdotool search --onlyvisible --pid "$vedette_pid" | tail -n1 || true)
[ -n "$window" ] && xdotool windowfocus "$window" || true
xdotool key v
wait_trace "$out/trace.txt" 'verdict-panel open' 20
sleep 1
import -window root "$out/verdict.png"
echo "Screenshots: $PWD/$out/workspace.png and $PWD/$out/verdict.png"
