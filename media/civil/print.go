package civil

import (
	"fmt"
	"strings"
	"time"

	"vedette/media"
)

// Print returns date and time to the millisecond with the offset, the zone and,
// in a repeated hour, the pass: "2026-10-25 02:30:00.120 +02:00 (Europe/Paris,
// 1st pass)". UTC reads "2026-10-25 00:30:00.120 UTC". What is finer is cut off.
func Print(u media.UTC, loc *time.Location) string {
	return date(u, loc) + " " + Clock(u, loc)
}

// Clock is Print without the date.
func Clock(u media.UTC, loc *time.Location) string {
	return u.Time().In(loc).Format("15:04:05.000") + place(u, loc)
}

// Exact is Print with as many decimals as the instant has, at least three.
// ParseTime reads it back to the same instant.
func Exact(u media.UTC, loc *time.Location) string {
	f := strings.TrimRight(u.Time().Format(".0000000"), "0")
	f += ".000"[min(len(f), 4):]
	return date(u, loc) + u.Time().In(loc).Format(" 15:04:05") + f + place(u, loc)
}

func date(u media.UTC, loc *time.Location) string { return u.Time().In(loc).Format("2006-01-02") }

// place tells where such a time is shown: offset, zone and pass.
func place(u media.UTC, loc *time.Location) string {
	if loc == time.UTC {
		return " UTC"
	}
	abbreviation, off := u.Time().In(loc).Zone()
	var in []string
	switch name := loc.String(); {
	case loc == time.Local:
		in = append(in, abbreviation, here)
	case name != "":
		in = append(in, name)
	}
	if n, of := Pass(u, loc); of > 1 {
		in = append(in, passText(n))
	}
	s := " " + offsetText(off)
	if len(in) > 0 {
		s += " (" + strings.Join(in, ", ") + ")"
	}
	return s
}

// offsetText prints an offset; before standard time they had seconds.
func offsetText(off int) string {
	sign := '+'
	if off < 0 {
		sign, off = '-', -off
	}
	s := fmt.Sprintf("%c%02d:%02d", sign, off/3600, off/60%60)
	if off%60 != 0 {
		s += fmt.Sprintf(":%02d", off%60)
	}
	return s
}
