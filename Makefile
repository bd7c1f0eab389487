# Chatlane needs Go and a C compiler (SQLite is C). Everything else is fetched by the targets that need it.

# FTS5 is compiled into SQLite only with this tag, so every build, test and lint run has to have it.
TAGS := sqlite_fts5
# The commit this is built from. Sources without git (an archive, an image build) say VERSION=… themselves.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

# STATIC=1 links everything into the binary, so that it runs on an empty file system (see Dockerfile).
ifdef STATIC
TAGS := $(TAGS),netgo,osusergo,sqlite_omit_load_extension
LDFLAGS += -linkmode external -extldflags "-static"
endif

# In CI results are never taken from the cache of an earlier run.
TESTFLAGS ?= $(if $(CI),-count=1)
FUZZTIME ?= 30s
BENCH ?= .
BENCHCOUNT ?= 5

export CGO_ENABLED := 1
# Without its account of the memory that it uses, SQLite's connections do not wait for each other whenever one takes some.
export CGO_CFLAGS ?= -O2 -g -DSQLITE_DEFAULT_MEMSTATUS=0
GO := go
SQLC := $(GO) tool -modfile=tools/go.mod sqlc
GOLANGCI := $(GO) tool -modfile=tools/go.mod golangci-lint
TEMPL := $(GO) tool templ
ESBUILD := $(GO) tool -modfile=tools/go.mod esbuild

.DEFAULT_GOAL := help
.PHONY: help run demo dev generate build test test-browser bench bench-packages fuzz lint check inspect generated tidy vet race history pairs FORCE

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: build ## Serve a board for the Chatwoot named in the environment
	bin/chatlane serve

demo: build ## Try it: a simulated Chatwoot and its board, nothing to set up
	bin/chatlane demo

dev: ## Serve the demo and reload the browser on every change of a template or a Go file
	$(TEMPL) generate --watch --proxy="http://$(or $(CHATLANE_LISTEN),127.0.0.1:8080)" --cmd="$(GO) run -tags $(TAGS) ./cmd/chatlane demo"

generate: ## Write the Go code of templates and queries, and what browsers load, anew
	$(TEMPL) generate
	$(ESBUILD) static/js/app.js static/js/panel.js static/js/find.js static/js/select.js static/js/swipe.js static/js/presence.js static/js/palette.js static/js/page.js static/js/embed.js static/js/settings.js static/js/list.js static/js/report.js static/js/wall.js static/css/app.css static/css/embed.css static/css/settings.css static/css/list.css static/css/report.css --bundle --external:./app.js --external:./panel.js --external:./find.js --external:./select.js --external:./swipe.js --external:./presence.js --external:./palette.js --minify --format=esm --legal-comments=none \
		--target=chrome123,firefox121,safari17.5 --outdir=static/dist --entry-names=[name] --log-level=warning
	$(SQLC) generate -f store/sqlc.yaml

build: bin/chatlane ## Build bin/chatlane

bin/chatlane: FORCE # go build itself knows what is up to date
	$(GO) build -trimpath -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/chatlane

test: ## Run all tests, those in a browser too (fetches Chromium where it may)
	@CHATLANE_BROWSER="$$(.ci/browser)" || exit 1; export CHATLANE_BROWSER; \
	echo '$(GO) test -tags $(TAGS) $(TESTFLAGS) ./...'; $(GO) test -tags $(TAGS) $(TESTFLAGS) ./...; status=$$?; \
	[ -n "$$CHATLANE_BROWSER" ] || echo "SKIPPED: the browser tests, as said above." >&2; \
	exit $$status

test-browser: ## Run only the tests in a browser
	@CHATLANE_BROWSER="$$(CI=true .ci/browser)" || exit 1; export CHATLANE_BROWSER; set -x; \
	$(GO) test -tags $(TAGS) $(TESTFLAGS) -run '^TestBrowser' ./web/... ./cmd/...

bench: ## Measure the program beside what the machine can do, BENCHCOUNT rounds each (BENCH=P4 chooses)
	$(GO) test -c -tags $(TAGS) -o bin/bench ./cmd/chatlane
	@CHATLANE_BROWSER="$$(.ci/browser)" || exit 1; export CHATLANE_BROWSER; set -x; \
	cd cmd/chatlane && CHATLANE_BENCH=1 CHATLANE_BENCH_ROUNDS=$(BENCHCOUNT) ../../bin/bench -test.run '^TestBench.*$(BENCH)' -test.timeout 60m

bench-packages: ## Run the benchmarks beside the packages, BENCHCOUNT times (BENCH=pattern chooses)
	$(GO) test -tags $(TAGS) -run '^$$' -bench '$(BENCH)' -benchmem -count $(BENCHCOUNT) $$($(GO) list -tags $(TAGS) ./... | grep -v /cmd/)

fuzz: ## Fuzz every parser of foreign bytes for FUZZTIME each
	@for package in $$($(GO) list -tags $(TAGS) ./...); do \
		for target in $$($(GO) test -tags $(TAGS) -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

lint: ## Look for mistakes and for departures from the house's style
	$(TEMPL) fmt -fail .
	$(GOLANGCI) run

check: inspect race test history ## Do all that must hold before a change is submitted

inspect: generated tidy vet lint build

# Compares the generated files with themselves before and after, so that it says the same with uncommitted work as in CI.
generated:
	@before="$$(.ci/generated)"; $(MAKE) --no-print-directory generate || exit 1; \
	[ "$$before" = "$$(.ci/generated)" ] || { \
		echo "Generated files were out of date: 'make generate' has just renewed them, commit the result." >&2; exit 1; }

tidy:
	$(GO) mod tidy -diff
	cd tools && $(GO) mod tidy -diff

vet:
	$(GO) vet -tags $(TAGS) ./...

# Without a browser: what the race detector watches is our process, and it makes that one slow enough already.
# CI is blanked because there a missing browser is a failure, and this run wants none.
# CHATLANE_KILLS is how often a server under load is killed; a plain test run does it less often.
race:
	CI= CHATLANE_BROWSER= CHATLANE_KILLS=$(or $(CHATLANE_KILLS),100) $(GO) test -race -tags $(TAGS) $(TESTFLAGS) ./...

# The tests that invent histories, with a long one. A failure prints the seed that replays it.
history:
	CHATLANE_EVENTS=$(or $(CHATLANE_EVENTS),1000000) $(GO) test -count=1 -timeout 30m -tags $(TAGS) -run '^Test(CacheEqualsChatwootAfterSilence|NothingIsLostAmongWriters)$$' ./kanban

pairs: ## Have 10 000 random live events meet whatever a person may be doing in a browser (CHATLANE_PAIRS says how many)
	@CHATLANE_BROWSER="$$(CI=true .ci/browser)" || exit 1; export CHATLANE_BROWSER; set -x; \
	CHATLANE_PAIRS=$(or $(CHATLANE_PAIRS),10000) $(GO) test -count=1 -timeout 90m -tags $(TAGS) -run '^TestBrowserNobodyIsDisturbed$$' ./cmd/chatlane
