// The vectors of Project Wycheproof, which are data without any Go package. A
// module of its own, so that the main one stays tidy: `go mod download` here
// fetches them once, go.sum pins them, and tests read them in the module cache.
module vedette/testdata/wycheproof

go 1.26

require github.com/google/wycheproof v0.0.0-20191219022705-2196000605e4
