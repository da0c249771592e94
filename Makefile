# `make run` and `make test` need only make and Python 3.11 or newer: each sets up .venv once and says so.

PYTHON ?= python3
BIN := .venv/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format docs bench fuzz soak clean help

help:
	@echo "make run     open the inspector on sample_data (make run DIR=... for another directory)"
	@echo "make test    run the tests, several processes at once"
	@echo "make check   linters, types, layers, docs in step"
	@echo "make format  format the code"
	@echo "make docs    render docs/{rules,formats,keys}.md and the pictures in docs/screens from the code"
	@echo "make bench   benchmarks, as ratios within one run"
	@echo "make fuzz    long property tests;  make soak  long live tests"
	@echo "make clean   remove .venv and caches"

run: .venv/.installed
	@$(BIN)/teleloupe $(or $(DIR),sample_data)

test: .venv/.developing
	$(BIN)/python tests/parallel.py

check: .venv/.developing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy core tui
	$(BIN)/mypy tests --exclude tests/tui/
	$(BIN)/mypy tests/tui
	MYPYPATH=tests/tui:tests/live:tests/core/bootloader:tests/core/weftend $(BIN)/mypy benchmarks
	$(BIN)/lint-imports --no-logo
	$(BIN)/python docs/render.py --check

format: .venv/.developing
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/.developing
	$(BIN)/python docs/render.py
	$(BIN)/python docs/screens.py

bench: .venv/.developing
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

fuzz: .venv/.developing
	TELELOUPE_EXAMPLES=5000 $(BIN)/pytest -m "not soak" tests/core tests/conformance/test_mutated_corpora.py

soak: .venv/.developing
	$(BIN)/pytest -m soak tests

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: .venv/.made pyproject.toml constraints.txt
	@echo "Installing Teleloupe into .venv ..."
	@$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/.developing: .venv/.installed
	@echo "Installing the development tools into .venv ..."
	@$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@
