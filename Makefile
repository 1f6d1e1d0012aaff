# The commands of this project; `make` lists them. Python 3.11 to 3.13 is all that must be there before.
# Where packages come from is for pip and npm to know (their configuration, their environment), not for this file.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE

HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
# The folder of the node and npm to use stands in the stamp.
WITH_NODE = PATH="$$(cat $(STAMPS)/node):$$PATH"

FRONTEND := $(shell find webapp/frontend -type f 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard webapp/translations/*/LC_MESSAGES/*.po))
BUILT := webapp/static/build/manifest.json
READY := $(STAMPS)/run $(BUILT) $(CATALOGUES)

.PHONY: help run test check format lock messages migration clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## Set everything up, load the demo into a new database, and serve: make run [PORT=8000] [HOST=127.0.0.1]
	@$(BIN)/anliu demo --once
	@exec $(BIN)/anliu serve --host $(HOST) --port $(PORT)

test: $(STAMPS)/dev $(READY) $(STAMPS)/chromium ## Install what the tests need and run them all: make test [T="-k words"]
	@$(BIN)/python -m pytest -n 2 $(T)

check: $(STAMPS)/dev ## Formatting, lint, types, directions of imports, definitions, translations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/anliu check processes forms
	@$(MAKE) --no-print-directory translations

format: $(STAMPS)/dev ## Format the code and mend what lint can mend
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: $(STAMPS)/dev ## Write the lock files anew from pyproject.toml: make lock [UPGRADE=--upgrade]
	@$(COMPILE) pyproject.toml --group build --group dev --output-file requirements-dev.txt
	@$(COMPILE) pyproject.toml --group build --constraint requirements-dev.txt --output-file requirements.txt
	@$(COMPILE) --group node --output-file requirements-node.txt

COMPILE = $(BIN)/uv pip compile $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" --quiet

migration: $(STAMPS)/dev ## Write a draft of the next migration: make migration m="what changes"
	@test -n "$(m)" || { echo 'Say what changes: make migration m="..."' >&2; exit 2; }
	@$(BIN)/python -c 'import sys, engine.system; from engine.store import schema; schema.write_revision(sys.argv[1])' "$(m)"
	@$(BIN)/ruff check --fix-only --quiet engine/store/migrations
	@$(BIN)/ruff format --quiet engine/store/migrations

clean: ## Remove what was installed and built; the data in instance/ stays
	@rm -rf $(VENV) node_modules webapp/static/build build anliu.egg-info test-output
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name '*.mo' -delete
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- Python ---------------------------------------------------------------------------------------------------------

# Runs a command as root when we may, else says what has to be run.
define as_root
	if [ "$$(id -u)" = 0 ]; then bash -c '$(1)' >/dev/null; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n bash -c '$(1)' >/dev/null; \
	else echo '$(2) Please run as root: $(1)' >&2; exit 1; fi
endef

$(BIN)/python:
	@python=; for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
		then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then echo 'Python 3.11, 3.12 or 3.13 is needed; none was found (or name it: make PYTHON=...).' >&2; exit 1; fi; \
	version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
		$(call as_root,apt-get install -y -qq python3-venv,Python cannot make environments: the package python3-venv is missing.); fi; \
	echo "Making .venv with Python $$version"; \
	"$$python" -m venv $(VENV)

$(STAMPS)/run: requirements.txt pyproject.toml | $(BIN)/python
	@echo 'Installing the locked packages'
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/run
	@echo 'Installing the locked packages for tests and checks'
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

# ---- Front end ------------------------------------------------------------------------------------------------------

$(STAMPS)/node: requirements-node.txt | $(STAMPS)/run
	@if command -v npm >/dev/null && node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' 2>/dev/null; then \
		folder=$$(dirname "$$(command -v node)"); \
	else echo 'Installing Node.js from pip'; folder=$(CURDIR)/$(BIN); \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements-node.txt; fi; \
	echo "$$folder" > $@

$(STAMPS)/npm: package.json package-lock.json $(STAMPS)/node
	@echo 'Installing the locked packages of the front end'
	@$(WITH_NODE) npm ci --silent --no-audit --no-fund
	@touch $@

$(BUILT): $(FRONTEND) $(STAMPS)/npm
	@echo 'Building the front end'
	@$(WITH_NODE) node webapp/frontend/build.mjs
	@touch $@

# ---- Translations ---------------------------------------------------------------------------------------------------

POT := test-output/messages.pot
EXTRACT = mkdir -p $(dir $(POT)) && $(BIN)/pybabel --quiet extract --mapping-file webapp/translations/babel.cfg --keyword N_ \
	--keyword lazy_gettext --add-comments Translators: --sort-output --no-location --project anliu \
	--ignore-dirs="node_modules" --ignore-dirs=".*" --output-file $(POT) .
UPDATE = $(BIN)/pybabel --quiet update --input-file $(POT) --output-dir webapp/translations --no-fuzzy-matching \
	--ignore-obsolete --ignore-pot-creation-date

messages: $(STAMPS)/dev ## Bring the catalogues of translations up to date with the code and the templates
	@$(EXTRACT)
	@$(UPDATE)

.PHONY: translations
translations: $(STAMPS)/dev
	@$(EXTRACT)
	@$(UPDATE) --check || { echo 'The catalogues are behind the code: run make messages, then translate.' >&2; exit 1; }
	@for catalogue in webapp/translations/zh*/LC_MESSAGES/messages.po; do \
		$(BIN)/pybabel compile --statistics --input-file $$catalogue --output-file /dev/null 2>&1 \
		| grep ' of [0-9]* messages' | grep -v '(100%)' \
		&& { echo 'There are messages without a translation.' >&2; exit 1; }; done; true

%.mo: %.po | $(STAMPS)/run
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# ---- Chromium -------------------------------------------------------------------------------------------------------

$(STAMPS)/chromium: | $(STAMPS)/run
	@if ! command -v chromium >/dev/null; then \
		echo 'Installing Chromium from the packages of the system'; \
		$(call as_root,apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk,The browser tests need Chromium.); fi
	@touch $@
