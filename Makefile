# The hotline in a few words. `make help` prints them.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
STAMPS := .make
CATALOGUES := $(wildcard console/translations/*/*/LC_MESSAGES/messages.po)
.DEFAULT_GOAL := help
.PHONY: help run test test-quick test-switch sure format lint types contracts bench setup setup-dev browser translations lock clean

help: ## print this
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: setup ## bring up the whole hotline with a demonstration city at http://127.0.0.1:12345
	@DEMO=$${DEMO:-1} exec $(BIN)/python -m config.embedded.supervisor

test: setup-dev browser ## run every test against real PostgreSQL, Redis and Chromium
	@$(BIN)/python scripts/run_tests.py $(ARGS)

test-quick: setup-dev ## run the tests that need no browser and kill nothing
	@$(BIN)/python -m pytest -q -n 2 -m "not browser and not kill and not switch" $(ARGS)

test-switch: setup-dev ## run the tests with a real Asterisk, real telephones and Chromium
	@sh scripts/install_switch.sh
	@sh scripts/install_browser.sh
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m switch --durations=5 $(ARGS)

sure: lint types contracts test ## format, lint, types, import contracts, tests: is the tree sound?

format: setup-dev ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: setup-dev ## is the code formatted, and clean to ruff?
	@echo "== format and lint" && $(BIN)/ruff format --check . && $(BIN)/ruff check .

types: setup-dev ## do the types agree (mypy)?
	@echo "== types" && $(BIN)/mypy

contracts: setup-dev ## does each floor import only the floors below it?
	@echo "== import contracts" && $(BIN)/lint-imports

bench: setup-dev ## measure: telephony, calls, cases, knowledge, memory, starts; BENCH="switch faults" with a real switch
	@$(BIN)/python -m bench $(BENCH)

setup: $(STAMPS)/packages $(STAMPS)/assets $(STAMPS)/translations ## everything that `make run` and ./manage need, and no more

setup-dev: $(STAMPS)/packages-dev $(STAMPS)/assets-dev $(STAMPS)/translations ## the same with what tests and checks need

$(STAMPS)/venv:
	@PYTHON="$(PYTHON)" sh scripts/make_venv.sh
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: $(STAMPS)/venv requirements.txt
	@echo "== installing Python packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(STAMPS)/packages-dev: $(STAMPS)/packages requirements-dev.txt
	@echo "== installing Python packages for development"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/assets: $(STAMPS)/packages package.json package-lock.json console/assets.py
	@echo "== fetching front-end assets"
	@sh scripts/npm.sh ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(BIN)/python -m console.assets
	@touch $@

$(STAMPS)/assets-dev: $(STAMPS)/assets
	@sh scripts/npm.sh ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/translations: $(STAMPS)/packages $(CATALOGUES)
	@$(BIN)/python scripts/compile_translations.py
	@touch $@

translations: setup-dev ## list messages that lack a Chinese translation
	@$(BIN)/python scripts/compile_translations.py --check

browser: ## Chromium and CJK fonts for the browser tests (Debian's packages, with sudo where needed)
	@sh scripts/install_browser.sh

lock: setup-dev ## pin requirements.txt and requirements-dev.txt anew from pyproject.toml
	@sh scripts/lock.sh

clean: ## forget the environment and the built files; data in var/ stays
	@rm -rf .venv $(STAMPS) node_modules console/static/vendor
