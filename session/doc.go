// Package session holds one opened export ready for a window or a script:
// what it says about itself, its events on the clock, and the card of any of
// its pictures. It judges nothing itself and draws nothing.
package session
