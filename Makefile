# Vedette. `make demo` and `make test` are all a fresh machine needs; `make help` lists the rest.

SHELL   := /bin/bash
GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# One set of flags everywhere: the toolkit's bindings take minutes to compile and are built once per set.
TAGS    := migrated_fynedo
GOFLAGS := -trimpath -tags=$(TAGS)
LDFLAGS := -X main.version=$(VERSION)
FUZZTIME ?= 60s
MUTANTS ?= 300000
FILES   ?= 2000
WALK    ?= 10000
SAMPLE  ?= sample
export GOFLAGS

.DEFAULT_GOAL := help
.PHONY: help deps build demo sample test race stills walk damage fuzz mutate sparse bench shots lint clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install what is missing with apt (needs root or sudo)
	@scripts/deps.sh build run headless vectors

build: ## build the four programs into bin/
	@scripts/deps.sh build
	@scripts/build.sh '$(GO)' '$(LDFLAGS)'

sample: build ## make the sample evidence in sample/
	@scripts/deps.sh run
	@bin/lowervms export --out $(SAMPLE)

demo: ## install, build, make sample evidence and open it
	@scripts/demo.sh '$(GO)' '$(LDFLAGS)' '$(SAMPLE)'

test: ## install what the tests need and run them all
	@scripts/deps.sh build run headless vectors
	@scripts/test.sh '$(GO)' '$(LDFLAGS)'

walk: ## go WALK (10000) random steps through footage of every kind and compare each picture
	@scripts/deps.sh build run
	@scripts/build.sh '$(GO)' '$(LDFLAGS)'
	@VEDETTE_WALK=$(WALK) $(GO) test ./player -run RandomWalk -count=1 -v -timeout 60m

stills: build ## take 1000 stills, compare each with the displayed picture and with its export
	@scripts/deps.sh run
	@VEDETTE_STILLS=1000 VEDETTE_DECODER=$$PWD/bin/vedette-decoder $(GO) test -count=1 -v -timeout 10m -run '^TestSavedStills' ./session

race: ## run the tests of everything but the window with the race detector
	@scripts/deps.sh build run
	@$(GO) test -race $$($(GO) list ./... | grep -v -e /cmd/vedette$$)

fuzz: ## fuzz every parser for FUZZTIME (60s) each
	@scripts/fuzz.sh '$(GO)' '$(FUZZTIME)'

mutate: ## judge MUTANTS (300000) changed files, and FILES (2000) by a second examiner
	@scripts/deps.sh run
	@scripts/mutate.sh '$(GO)' '$(MUTANTS)' '$(FILES)'

sparse: ## examine a sealed file of GB (100) and measure the memory it takes
	@scripts/sparse.sh '$(GO)' $(GB)

bench: ## measure speed as ratios against ffmpeg, mpv and crypto/sha256 in one run
	@scripts/deps.sh build run headless bench
	@scripts/build.sh '$(GO)' '$(LDFLAGS)'
	@$(GO) build -o bin/bench ./internal/bench && bin/bench

damage: ## damage films in many ways and print how much of it is marked
	@scripts/deps.sh build run
	@scripts/build.sh '$(GO)' '$(LDFLAGS)'
	@VEDETTE_DAMAGE=full VEDETTE_DECODER=$(CURDIR)/bin/vedette-decoder $(GO) test -count=1 -timeout 60m -run '^TestDamageIsMarked$$' -v ./player/decode

shots: ## take the pictures of docs/screens/ in a real window under Xvfb
	@scripts/deps.sh build run headless
	@scripts/build.sh '$(GO)' '$(LDFLAGS)'
	@bin/lowervms export --out $(SAMPLE)
	@scripts/shots.sh '$(SAMPLE)' docs/screens

lint: ## vet, gofmt and, where installed, golangci-lint
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	@$(GO) vet ./...
	@if command -v golangci-lint >/dev/null; then golangci-lint run; else echo "golangci-lint is not installed: skipped"; fi

clean: ## remove what was built; sample evidence stays
	@rm -rf bin out
