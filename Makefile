# Two commands matter: `make run` and `make test`. `make help` lists the others.

.DEFAULT_GOAL := help
.PHONY: help run test check bench fuzz backup restore screenshots browser lock install format clean

PYTHON_HERE := .venv/bin/python
SETUP := sh specapp/local/environment.sh
LOCK := pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --no-header --quiet
WORKERS ?= 2
ARGS ?=
FUZZ_SECONDS ?= 20

help: ## List what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  \1\t/' | expand -t 16

run: ## Start everything: database, broker, web, worker, beat
	@$(SETUP) requirements.txt
	@exec $(PYTHON_HERE) -m specapp.local

install: ## Make the environment with everything for developing
	@$(SETUP) requirements-dev.txt

browser: install ## Find a Chromium, or get one
	@$(PYTHON_HERE) -m tests.chromium

test: browser ## Run all tests; ARGS="tests/text -k diff" runs some
	@$(PYTHON_HERE) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: install ## Format, lint, types, imports, migrations, templates, deployment
	@$(PYTHON_HERE) -m tests.house

format: install ## Bring the code into its format
	@$(PYTHON_HERE) -m ruff format
	@$(PYTHON_HERE) -m ruff check --fix

bench: install ## Measure speed and size; the table is printed, JSON goes to var/bench
	@$(PYTHON_HERE) -m tests.bench $(ARGS)

fuzz: install ## Look for input that breaks the text engine, FUZZ_SECONDS for each
	@$(PYTHON_HERE) -m tests.fuzz $(FUZZ_SECONDS)

screenshots: browser ## Pictures of every page, in both schemes and both widths
	@$(PYTHON_HERE) -m pytest tests/journeys/screenshots.py $(ARGS)

backup: ## Write the whole database to one file under var/backup
	@$(SETUP) requirements.txt
	@$(PYTHON_HERE) -m specapp.local.backup backup

restore: ## Replace the whole database by a backup: FILE=var/backup/….dump
	@$(SETUP) requirements.txt
	@$(PYTHON_HERE) -m specapp.local.backup restore $(FILE)

lock: install ## Resolve the requirements anew and write both lock files
	@.venv/bin/uv $(LOCK) --upgrade requirements.in -o requirements.txt
	@.venv/bin/uv $(LOCK) --upgrade requirements-dev.in -o requirements-dev.txt

clean: ## Remove what can be made again; the data under var/ stay
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/test var/chromium var/bench
	@find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
