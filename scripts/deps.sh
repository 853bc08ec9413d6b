#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that are missing, group by group.
# usage: deps.sh build|run|headless|bench|vectors...
set -euo pipefail

build=(gcc libc6-dev pkg-config libx11-dev libgl-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev
	libavcodec-dev libavutil-dev libswscale-dev libswresample-dev)
run=(ffmpeg openssl libgl1 libgl1-mesa-dri libxcursor1 libxrandr2 libxinerama1 libxi6)
headless=(xvfb xdotool imagemagick procps)
bench=(mpv)

want=() vectors=
for group in "$@"; do
	case $group in
	build) want+=("${build[@]}") ;;
	run) want+=("${run[@]}") ;;
	headless) want+=("${headless[@]}") ;;
	bench) want+=("${bench[@]}") ;;
	vectors) vectors=yes ;;
	*) echo "deps.sh: unknown group $group" >&2; exit 2 ;;
	esac
done

if ! command -v go >/dev/null; then
	echo "Go is not installed. Vedette needs Go 1.26 (or 1.21 and later, which fetches it)." >&2
	exit 1
fi
# Before 1.21 Go could not fetch a newer toolchain by itself.
version=$(GOTOOLCHAIN=local go env GOVERSION | sed 's/^go//')
if [ "$(printf '%s\n' 1.21 "$version" | sort -V | head -n1)" != 1.21 ]; then
	echo "Go $version is too old: Vedette needs Go 1.26 (or 1.21 and later, which fetches it)." >&2
	exit 1
fi
# Published vectors of signatures: data alone, pinned by testdata/wycheproof/go.sum.
if [ -n "$vectors" ] && ! (cd testdata/wycheproof && GOFLAGS= go mod download); then
	echo "The vectors of signatures could not be fetched; run 'go mod download' in testdata/wycheproof with a network." >&2
	exit 1
fi
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	echo "This is not Debian or Ubuntu: nothing was installed. Needed are the packages that these Debian ones stand for:" >&2
	echo "  ${want[*]}" >&2
	exit 0
fi

missing=()
for p in "${want[@]}"; do
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "Installing ${#missing[@]} packages: ${missing[*]}"
sudo=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "Please run as root: apt-get install --no-install-recommends ${missing[*]}" >&2; exit 1; }
	sudo=sudo
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "The packages could not be installed; the lines above say why." >&2
	exit 1
fi
