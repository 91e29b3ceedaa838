# Two commands, from nothing: `make demo` opens the region of the five documents, `make test` runs every test.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: demo test check fix bench docs messages fuzz release lock ready help

PYTHON ?= python3
BIN := .venv/bin
WEB := src/beffroi/web
UV := $(shell sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements.txt)
# The repository's own commands read the code, never somebody's data
AS_TEST := BEFFROI_MODE=test BEFFROI_DATA=$(or $(TMPDIR),/tmp)/beffroi-check BEFFROI_DATABASE= DJANGO_SETTINGS_MODULE=beffroi.web.settings

demo: ready  ## build the demonstration and serve it (ARGS=--no-serve: build only)
	$(BIN)/beffroi demo $(ARGS)

test: ready  ## every test: pure, on SQLite, on PostgreSQL, in a browser
	$(BIN)/python -m tests.suite $(ARGS)

check: ready  ## format, lint, types, import contracts, sizes, generated files, translations
	$(BIN)/ruff format --check --output-format concise .
	$(BIN)/ruff check --output-format concise .
	$(BIN)/djlint --quiet --lint src/beffroi
	$(AS_TEST) $(BIN)/lint-imports
	$(AS_TEST) $(BIN)/mypy
	$(AS_TEST) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.project.sizes
	$(AS_TEST) $(BIN)/python -m beffroi.web.documentation --check
	$(AS_TEST) $(BIN)/python -m beffroi.web.messages --check

fix: ready  ## format and repair what can be
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: ready  ## write the generated pages of docs/reference
	$(AS_TEST) $(BIN)/python -m beffroi.web.documentation

messages: ready  ## collect the French texts, update and compile their English translations
	$(AS_TEST) $(BIN)/python -m beffroi.web.messages

bench: ready  ## measure pages, the import engine and search (table)
	$(BIN)/python -m benchmarks $(ARGS)

fuzz: ready  ## the long campaign of generated inputs
	$(BIN)/python -m tests.suite --only fuzz $(ARGS)

release: ready  ## a wheel with its assets and translations, in dist/
	$(BIN)/python -m hatchling build -t wheel

lock: .venv/.uv  ## choose the versions again: requirements.txt, requirements-spark.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-header --no-annotate --extra dev pyproject.toml -o requirements.txt
	echo pyspark | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --no-annotate -c requirements.txt - -o requirements-spark.txt

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

# What each command needs, made once and again when its source changes
ready: .venv/.installed $(WEB)/static/vendor/.copied $(WEB)/locale/.compiled

.venv/.uv: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet '$(UV)'
	touch $@

.venv/.installed: .venv/.uv requirements.txt pyproject.toml
	$(BIN)/uv pip sync --quiet requirements.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

node_modules/.installed: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(WEB)/static/vendor/.copied: node_modules/.installed $(WEB)/vendor.py | .venv/.installed
	$(BIN)/python -m beffroi.web.vendor
	touch $@

$(WEB)/locale/.compiled: $(wildcard $(WEB)/locale/*/LC_MESSAGES/django.po) | .venv/.installed
	$(AS_TEST) $(BIN)/python -m beffroi.web.messages --compile
	touch $@
