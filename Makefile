# han-native: `make run` indexes your transcripts, `make test` passes every test. The rest is listed by `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build

CARGO ?= cargo
NPM ?= npm
NODE ?= node
PYTHON ?= python3
PREFIX ?= /usr/local

# With another HOME, rustup still finds the toolchain beside the cargo in use.
CARGO_FOLDER := $(patsubst %/,%,$(dir $(patsubst %/,%,$(dir $(shell command -v $(CARGO))))))
ifeq ($(wildcard $(HOME)/.rustup),)
ifneq ($(wildcard $(dir $(CARGO_FOLDER)).rustup),)
export RUSTUP_HOME ?= $(dir $(CARGO_FOLDER)).rustup
export CARGO_HOME ?= $(CARGO_FOLDER)
endif
endif

RUST_SOURCES := $(shell find han-native han-ffi bindings -name target -prune -o -name node_modules -prune -o \
    \( -name '*.rs' -o -name '*.sql' -o -name Cargo.toml \) -print) Cargo.toml Cargo.lock
SHELL_SOURCES := $(shell find node/src -name '*.ts') node/package.json node/tsconfig.json bindings/index.d.ts
STAMPS := build/stamps
SAMPLE := build/sample

.PHONY: build run check test test-long bench lint generate install wheel clean help tools
.PHONY: test-rust test-c test-node test-cli test-parity produce

help:
	@echo 'make run      build what is needed and index your transcripts'
	@echo 'make check    what to run while working: formats, types, unit tests, the rules of the sources'
	@echo 'make test     every test, at small size: Rust, C, C++, Python, Node, Bun, the command'
	@echo 'make test-long   the same with the release build, at the promised sizes and times; up to two hours'
	@echo 'make produce  compare with transcripts written here by the real program (VERSION=2.1.145, or its newest)'
	@echo 'make bench    the measurements, as ratios of one run (HAN_CORPUS=DIR for real transcripts)'
	@echo 'make lint     formats, lints, types and documentation'
	@echo 'make generate the files generated from the table of operations: include/han.h, index.d.ts, Python'
	@echo 'make install  the C library, below PREFIX'
	@echo 'make wheel    the Python package, in build/wheel/'

# --- build -------------------------------------------------------------------------------------------------------------

build: $(STAMPS)/addon-release $(STAMPS)/shell $(STAMPS)/c-library

$(STAMPS):
	@mkdir -p $@

# The tools that a bare machine may lack; only root can add them.
$(STAMPS)/tools: | $(STAMPS)
	@missing=""; \
	command -v pkg-config > /dev/null || missing="$$missing pkg-config"; \
	command -v g++ > /dev/null || missing="$$missing g++"; \
	$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || missing="$$missing python3-venv"; \
	if [ -n "$$missing" ]; then \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	        apt-get update -qq && apt-get install -y -qq $$missing; \
	    else echo "please install:$$missing" >&2; exit 1; fi; \
	fi
	@touch $@

$(STAMPS)/addon-packages: bindings/package.json bindings/package-lock.json | $(STAMPS)
	$(NPM) --prefix bindings ci --no-fund --no-audit --loglevel=error
	@touch $@

# There is one addon at a time.
$(STAMPS)/addon-release: $(RUST_SOURCES) $(STAMPS)/addon-packages
	$(NPM) --prefix bindings run build --silent
	@rm -f $(STAMPS)/addon-dev
	@touch $@

$(STAMPS)/addon-dev: $(RUST_SOURCES) $(STAMPS)/addon-packages
	$(NPM) --prefix bindings run build:debug --silent
	@rm -f $(STAMPS)/addon-release
	@touch $@

$(STAMPS)/shell-packages: node/package.json node/package-lock.json | $(STAMPS)
	$(NPM) --prefix node ci --no-fund --no-audit --loglevel=error
	@touch $@

$(STAMPS)/shell: $(SHELL_SOURCES) $(STAMPS)/shell-packages
	$(NPM) --prefix node run build --silent
	@touch $@

$(STAMPS)/c-library: $(RUST_SOURCES) han-ffi/Makefile $(STAMPS)/tools
	$(MAKE) --no-print-directory -C han-ffi build
	@touch $@

install: $(STAMPS)/c-library
	$(MAKE) --no-print-directory -C han-ffi install PREFIX="$$(realpath -ms -- '$(PREFIX)')"

wheel: $(STAMPS)/c-library
	$(MAKE) --no-print-directory -C han-ffi wheel WHEELS=$(abspath build/wheel)

# --- run ---------------------------------------------------------------------------------------------------------------

run: $(STAMPS)/addon-release $(STAMPS)/shell
	@$(PYTHON) --version > /dev/null
	@bash node/scripts/run.sh "$(SAMPLE)"

$(SAMPLE)/projects:
	$(CARGO) run --quiet --release -p han-benches --bin generate-transcripts -- --seed 1 --bytes 4M $(SAMPLE)

.PHONY: sample
sample: $(SAMPLE)/projects

# --- test --------------------------------------------------------------------------------------------------------------

# Always the whole workspace: other package sets would mean other features of their dependencies, and another build of these.
CARGO_TEST := $(CARGO) test --workspace

check: $(STAMPS)/shell-packages
	$(CARGO) fmt --all --check
	$(NPM) --prefix node run typecheck --silent
	$(CARGO_TEST) --quiet --lib
	$(CARGO_TEST) --quiet --test house

# The profile that everything is tested in. In `dev` one build serves the tests of all languages, with overflow checks;
# the release build is tested by test-long.
TEST_PROFILE ?= dev

test: test-rust test-c test-node test-cli test-parity

test-long:
	HAN_LONG_TESTS=1 $(MAKE) --no-print-directory test TEST_PROFILE=release
	$(MAKE) --no-print-directory produce

# Only VERSION on the command line counts: the environment may have one for something else.
produce: $(STAMPS)/addon-release $(STAMPS)/shell
	$(PYTHON) -B tests/produce/run.py $(if $(filter command,$(origin VERSION)),'$(VERSION)')

test-rust: $(STAMPS)/tools
	$(CARGO_TEST)

test-c: $(STAMPS)/tools
	$(MAKE) --no-print-directory -C han-ffi test-installed PROFILE=$(TEST_PROFILE)

$(STAMPS)/node-test-packages: tests/node/package.json tests/node/package-lock.json $(STAMPS)/addon-packages | $(STAMPS)
	$(NPM) --prefix tests/node ci --no-fund --no-audit --loglevel=error
	@touch $@

test-node: $(STAMPS)/addon-$(TEST_PROFILE) $(STAMPS)/node-test-packages
	$(NPM) --prefix tests/node test --silent

test-cli: $(STAMPS)/addon-$(TEST_PROFILE) $(STAMPS)/shell
	$(NPM) --prefix node test --silent

test-parity: $(STAMPS)/addon-$(TEST_PROFILE) $(STAMPS)/tools $(STAMPS)/node-test-packages
	$(MAKE) --no-print-directory -C han-ffi parity PROFILE=$(TEST_PROFILE)
	$(PYTHON) tests/parity/run.py

# --- bench, lint, generate ---------------------------------------------------------------------------------------------

# The comparison for queries of a large database. Its install script would look for a binary first.
$(STAMPS)/bench-packages: benches/node/package.json benches/node/package-lock.json $(STAMPS)/tools
	$(NPM) --prefix benches/node ci --no-fund --no-audit --loglevel=error --ignore-scripts
	npm_config_build_from_source=true npm_config_nodedir="$$($(NODE) -p 'path.resolve(process.execPath, "../..")')" \
	    $(NPM) --prefix benches/node rebuild better-sqlite3 --loglevel=error
	@touch $@

bench: $(STAMPS)/addon-release $(if $(findstring --large,$(BENCH))$(findstring --messages,$(BENCH)),$(STAMPS)/bench-packages)
	$(CARGO) run --release -p han-benches --bin bench -- $(BENCH)

lint: $(STAMPS)/addon-packages $(STAMPS)/shell-packages
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --quiet
	$(NPM) --prefix node run typecheck --silent
	$(NPM) --prefix node run lint --silent

generate:
	$(CARGO) run --quiet -p han-generate
	$(MAKE) --no-print-directory -C han-ffi generate

clean:
	rm -rf build target node/dist node/node_modules bindings/node_modules bindings/*.node tests/node/node_modules \
	    benches/node/node_modules
