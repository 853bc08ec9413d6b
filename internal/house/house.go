// Package house holds no code: its test is the plan of the house. It fails on
// any import between our packages, of the toolkit, of cgo or of the network
// that the plan does not allow. A new package or edge changes the table in the
// test together with a decision record; the table is never edited merely to
// make a build pass.
package house
