# Everything a person needs, and everything that CI runs. `make` alone lists it.
#
# A fresh machine needs Go, Node with npm, git and make, and for `race` a C
# compiler. The tests install their emulators themselves, the linter is built
# from source at the version below.

GOLANGCI_LINT := v2.15.0
GOVULNCHECK   := v1.9.0

SHELL        := bash
.SHELLFLAGS  := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# What `make run` plays; blank waits for webhooks.
DAY      ?= events/day
FUZZTIME ?= 10s
BENCH    ?= .
# How many simulated companies the drift benchmark watches, and how long.
SEEDS    ?= 50
DAYS     ?= 90
# How many keys the files have that are compared.
SIZES    ?= 10000,100000,1000000,10000000
# How many rows the file has that is loaded while the stack is killed.
ROWS     ?= 100000
# What is deployed, and as which stage.
STAGE    ?= prod
REGISTRY ?= plumbline.yaml

# The same sources give the same bytes, wherever and whenever they are built.
BUILD     := CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid="
FUNCTIONS := $(patsubst functions/%/main.go,%,$(wildcard functions/*/main.go))
LINT      := .tools/golangci-lint-$(GOLANGCI_LINT)
VULN      := .tools/govulncheck-$(GOVULNCHECK)

# with lists the packages that have a test file with a line like this.
with = $(sort $(patsubst %/,%,$(dir $(shell grep -rlE '$(1)' --include=*_test.go .))))

# The race detector makes tests several times slower, so it looks at packages
# that share memory between goroutines, in their code or in their tests. All
# others are single-threaded by construction, and the simulation lets one thing
# go on at a time. So do the walks through every interleaving, which have millions
# of points. The caps of bad inputs are on time and memory, which it takes more of.
WALKS = InEveryInterleaving|InAnyInterleaving
RACE = $(shell go list -f '{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... \
	| awk '/ (sync|sync\/atomic|golang\.org\/x\/sync\/[a-z]+)( |$$)/ && !/^[^ ]*\/(badinput|sim) / {print $$1}')

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: bin/plumbline ## Start everything on this machine and play the recorded day
	@bin/plumbline run $(if $(DAY),--day $(DAY))

.PHONY: build
build: bin/plumbline functions ## Build bin/plumbline and each function's dist/NAME/bootstrap

.PHONY: functions
functions: $(FUNCTIONS:%=dist/%/bootstrap)

.PHONY: always
always:

bin/plumbline: always
	@$(BUILD) -o $@ ./internal/cmd/plumbline

dist/%/bootstrap: always
	@GOOS=linux GOARCH=arm64 $(BUILD) -tags lambda.norpc -o $@ ./functions/$*

# The infrastructure. cdk.json builds the functions and runs the app in infra.
CDK := infra/node_modules/.bin/cdk
ON   = --context stage=$(STAGE) --context registry=$(REGISTRY) $(CDKFLAGS)

.PHONY: synth
synth: $(CDK) ## Check the registry and write the templates to cdk.out, without an account
	@$(CDK) synth --quiet $(ON) --context local-secrets=true

.PHONY: diff
diff: $(CDK) ## Show what a deployment of STAGE (prod) would change
	@$(CDK) diff $(ON)

.PHONY: deploy
deploy: $(CDK) ## Deploy STAGE (prod) with REGISTRY (plumbline.yaml)
	@$(CDK) deploy $(ON)

# No package of the set needs a script, and none may run one.
$(CDK): infra/package-lock.json
	@npm ci --prefix infra --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test
test: ## Run all tests: unit, property, contract, emulator, end to end
	@go test ./...

.PHONY: race
race: ## Run the tests of concurrent packages under the race detector
	@go test -race -timeout 30m -skip '$(WALKS)' $(RACE)

.PHONY: fuzz
fuzz: ## Fuzz each target for FUZZTIME (10s)
	@grep -rHoE '^func Fuzz[A-Za-z0-9_]+' --include=*_test.go . | sed 's/:func / /' | sort | while read -r file target; do \
		echo "$$target in $$(dirname "$$file")"; \
		go test "$$(dirname "$$file")" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) </dev/null; \
	done

.PHONY: mutate
mutate: ## Remove every check of every verifier (or of PLATFORM), one at a time: tests must notice
	@go run ./internal/cmd/mutate $(PLATFORM)

# Which histories are simulated, and for how many hours everything may fail.
SIM_SEEDS := $(if $(filter command line,$(origin SEEDS)),$(SEEDS),1-100)
HOURS     ?= 12

.PHONY: sim
sim: ## Simulate the pipeline with every fault, from SEEDS (1-100) over HOURS (12): docs/reliability.md
	@go test ./internal/sim -run '^TestSimulation$$' -count 1 -timeout 0 -v -sim.seeds=$(SIM_SEEDS) -sim.hours=$(HOURS)

.PHONY: bugs
bugs: ## Seed one bug after the other (or those of BUGS): the simulation must notice each
	@go run ./internal/cmd/bugs $(BUGS)

# How many signed deliveries a second are sent, and for how long.
RATE ?= 500
FOR  ?= 10m

.PHONY: load
load: ## Send RATE (500) deliveries a second for FOR (10m), a burst and a flash sale: docs/performance.md
	@go run ./internal/cmd/stress load -rate $(RATE) -for $(FOR) -out docs/performance.md

# How many rounds of kills and faults there are, and what they are chosen by.
ROUNDS ?= 20
SEED   ?= 1

.PHONY: chaos
chaos: ## Kill the functions' binaries and break their network for ROUNDS (20) of three seconds: docs/reliability.md
	@go run ./internal/cmd/stress chaos -rounds $(ROUNDS) -seed $(SEED)

# How often receive and merge are invoked.
INVOCATIONS ?= 1000000

.PHONY: soak
soak: ## Invoke the binaries of receive and merge INVOCATIONS (1000000) times: their memory must stay flat
	@go run ./internal/cmd/stress soak -invocations $(INVOCATIONS)

.PHONY: golden
golden: ## Rewrite the golden files and signed samples; review the diff like code
	@go test $(call with,Bool."update"|internal/platform/platformtest") -update

.PHONY: tables
tables: ## Measure false alarms and delays again and write them into docs/drift; review the diff
	@go test ./internal/silence ./internal/trend -run FalseAlarms -update

.PHONY: measure
measure: ## Measure verify and normalise of each platform beside SHA-256, in one table
	@go run ./internal/cmd/measure

.PHONY: bench
bench: $(if $(filter .,$(BENCH)),measure) ## Run the benchmarks that match BENCH (all, and measure)
	@go test $(call with,^func Benchmark) -run '^$$' -bench '$(BENCH)' -benchmem

.PHONY: bench-drift
bench-drift: ## Plant faults in SEEDS (50) simulated companies for DAYS (90), and see who finds them: docs/drift/benchmark.md
	@go run ./internal/cmd/driftbench -seeds $(SEEDS) -days $(DAYS) -out docs/drift/benchmark.md
	@cat docs/drift/benchmark.md

.PHONY: bench-compare
bench-compare: bin/plumbline ## Compare files of SIZES keys (10^4 to 10^7), and see how others do: docs/exports/compare.md
	@go run ./internal/cmd/comparebench -sizes $(SIZES) -out docs/exports/compare.md
	@sed -n '/comparebench begin/,/comparebench end/p' docs/exports/compare.md

.PHONY: bench-scale
bench-scale: ## Measure a minute's run, a look and the audit among 10^4 to 10^7 records (needs 4 GB): docs/performance.md
	@go run ./internal/cmd/scalebench -out docs/performance.md
	@sed -n '/scale begin/,/scale end/p' docs/performance.md

.PHONY: bench-peers
bench-peers: ## Measure receiving, cold starts and merging beside Node, Python and the usual Go: docs/performance.md
	@go run ./internal/cmd/peers
	@sed -n '/peers begin/,/peers end/p' docs/performance.md

.PHONY: bench-quick
bench-quick: ## Print how far Plumbline is from the floor, beside what docs/performance.json says
	@go run ./internal/cmd/peers -quick

.PHONY: load-kill
load-kill: KILLS ?= 2
load-kill: ## Load a file of ROWS (100000), kill the stack KILLS times (2) meanwhile, and count: docs/exports/load.md
	@go run ./internal/cmd/loadkill -rows $(ROWS) -kills $(KILLS) -page docs/exports/load.md

.PHONY: cost
cost: ## Measure again what a million webhooks cost: docs/cost.md
	@go test ./internal/bench -run Cost -update
	@cat docs/cost.md

# The command line for all who install it. `make release` on a tag names it by the
# tag; an SBOM is of one binary, as built.
RELEASES := linux-amd64 linux-arm64 darwin-amd64 darwin-arm64 windows-amd64 windows-arm64
VERSION  ?= $(shell git describe --tags --always --dirty)
SBOM     := go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0

.PHONY: sbom
sbom: functions ## Write an SBOM of each function's binary, and the binaries' checksums, to dist/sbom
	@rm -rf dist/sbom && mkdir -p dist/sbom
	@for function in $(FUNCTIONS); do \
		$(SBOM) bin -json -noserial -output "dist/sbom/$$function.cdx.json" -version "$(VERSION)" "dist/$$function/bootstrap" 2>/dev/null; \
	done
	@sha256sum $(FUNCTIONS:%=dist/%/bootstrap) > dist/sbom/SHA256SUMS && cat dist/sbom/SHA256SUMS

.PHONY: release
release: sbom ## Build plumbline for Linux, macOS and Windows as VERSION, with checksums and SBOMs, in dist/release
	@rm -rf dist/release && mkdir -p dist/release
	@for target in $(RELEASES); do \
		os=$${target%-*} arch=$${target#*-}; name=dist/release/plumbline-$(VERSION)-$$target; \
		if [ "$$os" = windows ]; then file=$$name.exe; else file=$$name; fi; \
		GOOS=$$os GOARCH=$$arch $(subst -buildid=,-buildid= -X main.version=$(VERSION),$(BUILD)) -o "$$file" ./internal/cmd/plumbline; \
		$(SBOM) bin -json -noserial -output "$$name.cdx.json" -version "$(VERSION)" "$$file" 2>/dev/null; \
	done
	@for function in $(FUNCTIONS); do cp "dist/sbom/$$function.cdx.json" "dist/release/function-$$function-$(VERSION)-linux-arm64.cdx.json"; done
	@cp dist/sbom/SHA256SUMS "dist/release/functions-$(VERSION)-linux-arm64.sha256"
	@cd dist/release && sha256sum -- * > SHA256SUMS && cat SHA256SUMS

.PHONY: fmt
fmt: $(LINT) ## Format the code
	@$(LINT) fmt

.PHONY: lint
lint: $(LINT) ## Check format, lint and the direction of dependencies
	@$(LINT) run

.PHONY: vet
vet: ## Run go vet
	@go vet ./...

.PHONY: tidy-check
tidy-check: ## Check that go.mod and go.sum are tidy
	@go mod tidy -diff

.PHONY: modules
modules: ## Check every module on this machine against its hash in go.sum
	@go mod verify

# Where known vulnerabilities are listed: a mirror may stand in.
VULNDB ?= https://vuln.go.dev

.PHONY: vuln
vuln: $(VULN) ## Look for known vulnerabilities in what is called; fails where VULNDB cannot be reached
	@status=0; $(VULN) -db "$(VULNDB)" ./... || status=$$?; case $$status in \
		0) ;; \
		3) echo "FOUND: what is called has known vulnerabilities" >&2 ;; \
		*) echo "NOT CHECKED: govulncheck could not do its work. It needs sources that build, and its database, $(VULNDB), or a mirror: make vuln VULNDB=…" >&2 ;; \
	esac; exit $$status

.PHONY: reproducible
reproducible: ## Build two copies of the sources and compare every byte
	@work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; mkdir "$$work/copy"; \
	git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --ignore-failed-read -c | tar -x -C "$$work/copy"; \
	cp -r "$$work/copy" "$$work/copy-elsewhere"; \
	for copy in copy copy-elsewhere; do $(MAKE) -C "$$work/$$copy" --no-print-directory build; done; \
	for built in bin dist; do diff -r "$$work/copy/$$built" "$$work/copy-elsewhere/$$built"; done; \
	echo "two builds, the same bytes"

# What the work tree looked like before anything ran. On CI it was clean.
STATE  = { git status --porcelain; git diff; } | git hash-object --stdin
BEFORE := $(if $(CI),$(shell git hash-object --stdin </dev/null),$(shell ($(STATE)) 2>/dev/null))

.PHONY: leftovers
leftovers: # tests and builds leave nothing behind in the work tree
	@if [ "$$($(STATE))" != "$(BEFORE)" ]; then echo "left behind in the work tree:"; git status --short; exit 1; fi

.PHONY: verify
verify: lint vet tidy-check modules race reproducible leftovers ## Everything of check but the plain tests

.PHONY: check
check: test verify ## Everything a change must pass

$(VULN):
	@GOBIN="$(CURDIR)/.tools/new" go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK)
	@mv .tools/new/govulncheck $@ && rmdir .tools/new

$(LINT):
	@echo "building golangci-lint $(GOLANGCI_LINT), once; this takes some minutes"
	@GOBIN="$(CURDIR)/.tools/new" go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)
	@mv .tools/new/golangci-lint $@ && rmdir .tools/new
