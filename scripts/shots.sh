#!/usr/bin/env bash
# Takes the pictures of docs/screens/ in a real window under Xvfb.
# usage: shots.sh SAMPLE OUT
set -euo pipefail
sample=$1 out=$2
. scripts/display.sh
mkdir -p "$out"
trace=$(mktemp)
trap 'kill ${pid:-} 2>/dev/null || true; stop_display; rm -rf "$trace" "${data:-}"' EXIT

# shot NAME SIZE THEME KEYS FILE... takes one picture after everything has settled.
# KEYS are names of keys, click:X,Y, right:X,Y, move:X,Y, down:X,Y and drag:X,Y, wheel:TIMES and
# window:WORD:X,Y, which moves the window of that name and gives it the keys. With NAMED empty
# no trust pack is named, so that those in DATA are used.
data=$(mktemp -d)
named=(--trust "$sample/trust")
shot() {
	local name=$1 size=$2 theme=$3 keys=$4
	shift 4
	if [ -n "${ONLY:-}" ] && [[ ! "$name" =~ $ONLY ]]; then return; fi
	start_display "$size"
	: >"$trace"
	VEDETTE_DATA=$data bin/vedette --trace --theme "$theme" --size "$size" "${named[@]}" "$@" 2>"$trace" &
	pid=$!
	if [ $# -gt 0 ]; then wait_trace "$trace" settled 60; else wait_trace "$trace" 'probe' 60; fi
	sleep 1.5
	if [ -n "$keys" ]; then
		xdotool search --sync --onlyvisible --name '^Vedette$' windowfocus
		for k in $keys; do
			case $k in
			click:*) xdotool mousemove $(echo "${k#click:}" | tr , ' ') click 1 ;;
			move:*) xdotool mousemove $(echo "${k#move:}" | tr , ' ') ;;
			down:*) xdotool mousemove $(echo "${k#down:}" | tr , ' ') mousedown 1 ;;
			drag:*) xdotool mousemove $(echo "${k#drag:}" | tr , ' ') ;;
			right:*) xdotool mousemove $(echo "${k#right:}" | tr , ' ') click 3 ;;
			wheel:*) xdotool click --repeat "${k#wheel:}" --delay 60 4 ;;
			window:*)
				IFS=: read -r _ word at <<<"$k"
				xdotool search --sync --onlyvisible --name "$word" windowmove ${at/,/ } windowfocus
				;;
			*) xdotool key "$k" ;;
			esac
			sleep 0.3
		done
		sleep 1.5
	fi
	import -window root -depth 8 -define png:compression-level=9 "$out/$name.png"
	kill "$pid"
	wait "$pid" 2>/dev/null || true
	stop_display
	echo "$out/$name.png"
}

red="ctrl+Right" # ten seconds on, the red coat stands before the crossing
shot workspace-dark-1600x1000 1600x1000 dark "$red" "$sample/street-west.mp4"
shot workspace-light-1600x1000 1600x1000 light "$red" "$sample/street-west.mp4"
shot workspace-dark-1366x768 1366x768 dark "$red" "$sample/street-west.mp4"
shot workspace-light-1366x768 1366x768 light "$red" "$sample/street-west.mp4"
shot workspace-dark-2560x1440 2560x1440 dark "$red" "$sample/street-west.mp4"
shot workspace-light-2560x1440 2560x1440 light "$red" "$sample/street-west.mp4"
shot several-1600x1000 1600x1000 dark "$red" "$sample/street-west.mp4" "$sample/street-east.mp4" "$sample/clock-error.mp4" "$sample/platform-north.mp4"
four="$sample/street-west.mp4 $sample/street-east.mp4 $sample/clock-error.mp4 $sample/platform-north.mp4"
nine="$four $sample/square.mp4 $sample/shop.mp4 $sample/platform-south-1.mp4 $sample/platform-south-2.mp4 $sample/broken.mp4"
sixteen="$nine $sample/unsigned.mp4 $sample/unknown-signer.mp4 $sample/camera-missing.mp4 $sample/camera-altered.mp4 $sample/index-later.mp4 $sample/revoked-signer.mp4 $sample/expired-signer.mp4"
shot tiles-4-dark-1366x768 1366x768 dark "$red" $four
shot tiles-4-light-1600x1000 1600x1000 light "$red" $four
shot tiles-9-dark-1600x1000 1600x1000 dark "$red" $nine
shot tiles-9-light-1366x768 1366x768 light "$red" $nine
shot tiles-16-dark-1366x768 1366x768 dark "$red" $sixteen
shot tiles-16-light-1366x768 1366x768 light "$red" $sixteen
shot tiles-16-dark-2560x1440 2560x1440 dark "$red" $sixteen
shot tiles-16-light-2560x1440 2560x1440 light "$red" $sixteen
shot tiles-empty-dark-1366x768 1366x768 dark "3 $red" $four
shot zoomed-dark-1600x1000 1600x1000 dark "$red move:811,377 wheel:14 move:820,384" "$sample/street-west.mp4"
shot zoomed-light-1366x768 1366x768 light "$red move:625,283 wheel:9 move:630,290" "$sample/street-west.mp4"
shot zoomed-dark-2560x1440 2560x1440 dark "$red move:1175,545 wheel:15 x move:1180,550" "$sample/street-west.mp4"
shot zoomed-second-dark-1600x1000 1600x1000 dark "$red shift+f window:second:420,180 z move:800,560" "$sample/street-west.mp4" "$sample/street-east.mp4"
shot zoomed-full-light-1366x768 1366x768 light "$red f plus plus" "$sample/street-west.mp4"
shot adjusted-dark-1600x1000 1600x1000 dark "$red a click:1436,390 click:1437,450 h" "$sample/street-west.mp4"
shot adjusted-light-1366x768 1366x768 light "$red a click:1215,390 r" "$sample/street-west.mp4"
shot adjusted-light-2560x1440 2560x1440 light "$red 2 r a click:2440,420" "$sample/street-west.mp4" "$sample/street-east.mp4"
town="$sample/street-west.mp4 $sample/street-east.mp4 $sample/square.mp4 $sample/shop.mp4 $sample/platform-north.mp4 $sample/town.csv"
map="click:366,56" # the button in the header
shot map-dark-1600x1000 1600x1000 dark "$map Prior Prior Prior" $town
shot map-light-1366x768 1366x768 light "$map" $town
shot verdict-intact 1600x1000 dark v "$sample/street-east.mp4"
shot verdict-untrusted 1600x1000 dark v "$sample/unknown-signer.mp4"
shot verdict-broken 1600x1000 light v "$sample/broken.mp4"
shot verdict-incomplete 1600x1000 dark v "$sample/index-later.mp4"
shot verdict-unsigned 1600x1000 light v "$sample/unsigned.mp4"
shot verdict-camera-missing 1600x1000 dark v "$sample/camera-missing.mp4"
shot verdict-camera-altered 1600x1000 light v "$sample/camera-altered.mp4"
shot verdict-set 1600x1000 dark v "$sample/platform-south-1.mp4" "$sample/platform-south-2.mp4"
shot band-dark-1600x1000 1600x1000 dark "move:1000,878 move:1010,880" "$sample/camera-missing.mp4" "$sample/camera-altered.mp4"
shot band-light-1600x1000 1600x1000 light "move:1000,915 move:943,916" "$sample/camera-missing.mp4" "$sample/camera-altered.mp4"
shot conformance-dark 1600x1000 dark shift+v "$sample/street-west.mp4"
shot conformance-light-1366x768 1366x768 light shift+v "$sample/unsigned.mp4"
named=()
shot trust-preview-light 1600x1000 light "" "$sample/street-west.mp4" "$sample/trust-pack.zip"
VEDETTE_DATA=$data bin/vedettectl trust import "$sample/trust-pack.zip" --confirm "$(sha256sum "$sample/trust-pack/pack.json" | cut -c1-8)" >/dev/null
shot trust-dark 1600x1000 dark t "$sample/street-west.mp4" "$sample/street-east.mp4" "$sample/unknown-signer.mp4"
shot trust-light-1366x768 1366x768 light t "$sample/street-west.mp4"
shot first-start 1600x1000 dark ""
