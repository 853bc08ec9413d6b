# Sourced: start_display WxH starts a virtual display and sets DISPLAY; it ends with the script.
start_display() {
	local pipe
	pipe=$(mktemp -u)
	mkfifo "$pipe"
	Xvfb -displayfd 3 -screen 0 "${1}x24" -nolisten tcp >/dev/null 2>&1 3>"$pipe" &
	xvfb_pid=$!
	read -r -t 20 number <"$pipe" || { echo "Xvfb did not start" >&2; return 1; }
	rm -f "$pipe"
	export DISPLAY=:$number
	export LIBGL_ALWAYS_SOFTWARE=1 FYNE_SCALE=1
}

stop_display() { [ -n "${xvfb_pid:-}" ] && kill "$xvfb_pid" 2>/dev/null || true; }

# wait_trace FILE PATTERN SECONDS waits until a line of the program's trace matches.
wait_trace() {
	local end=$((SECONDS + $3))
	until grep -qE "$2" "$1" 2>/dev/null; do
		if [ $SECONDS -ge $end ]; then
			echo "no line matching /$2/ within $3 s; the trace ends:" >&2
			tail -n 15 "$1" >&2
			return 1
		fi
		sleep 0.1
	done
}
