// Package session holds one opened export ready for a window or a script:
// what it says about itself, its events on the clock, and the card of any of
// its pictures. A still is a picture saved with its card (TakeStill, Save); it
// is found again and compared with its export by a Rechecker. The package
// judges no seal itself and draws nothing.
package session
