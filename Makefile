# Everything here needs Python 3.11 or newer, pip, make and git, and nothing else.

PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin
SWIFT := .engines/swift
WORKERS ?= auto
ARGS ?=
UPGRADE ?=
NAME ?=
export ASSAY_REQUIRE_ENGINES

COMPILE := $(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(UPGRADE)

.PHONY: help setup demo test lint format ci engines lock migration corpus crash year races millions bench clean
.DELETE_ON_ERROR:

help: ## show this list
	@echo "Assay. Targets:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{printf "%-16s %s\n", $$1, $$2}'

setup: $(VENV)/.ok ## make the environment in .venv from the locked requirements

demo: setup ## serve a seeded, living system on this machine
	$(BIN)/assay demo $(ARGS)

test: setup ## run every test whose engines are here (ARGS="tests/core -k name" narrows it)
	$(BIN)/python -m pytest -v -n $(WORKERS) --dist loadfile $(ARGS)

lint: setup ## style, types and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

ci: ## lint, then every test; a missing engine is a failure
	$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory engines
	$(MAKE) --no-print-directory test ASSAY_REQUIRE_ENGINES=1

engines: $(SWIFT)/.ok ## make the S3-compatible server that the tests start

corpus: setup ## run the hostile-input corpora in full, not only the sample that `test` takes
	ASSAY_CORPUS=full $(BIN)/python -m pytest -v -n $(WORKERS) --dist loadfile -m corpus $(ARGS)

crash: setup ## kill a hand-in, a seal and an award at every system call, not only at a sample
	ASSAY_CRASH=full $(BIN)/python -m pytest -v tests/crash $(ARGS)

year: setup ## live many more random years of routing, on both databases
	ASSAY_YEAR=full $(BIN)/python -m pytest -v tests/review/assignment/test_a_year.py $(ARGS)

races: setup ## have 250 rounds sealed twice at the same moment on PostgreSQL, not only a sample
	ASSAY_RACES=full $(BIN)/python -m pytest -v tests/review/decision/test_races.py $(ARGS)

millions: setup ## fit the scoring model to five million reviews, not only to a sample
	ASSAY_MILLIONS=full $(BIN)/python -m pytest -v -s tests/review/decision/test_consensus_millions.py $(ARGS)

bench: setup ## run the benchmarks (ARGS=pages runs bench/pages.py alone)
	@for name in $(or $(ARGS),$(basename $(notdir $(wildcard bench/[a-z]*.py)))); do \
		echo "== $$name" && $(BIN)/python -m "bench.$$name" || exit 1; done

lock: setup ## renew the lock files (UPGRADE=--upgrade takes newer versions)
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	echo 'uv>=0.13,<0.14' | $(COMPILE) --no-annotate - -o requirements-tools.lock
	echo 'swift>=2.38,<2.39' | $(COMPILE) --no-annotate - -o tests/engines/swift.lock

migration: setup ## write a revision for what changed in the models (NAME="Say what changes")
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && export ASSAY_VAR="$$folder" && \
		$(BIN)/alembic -q upgrade head && \
		$(BIN)/alembic -q revision --autogenerate -m "$(NAME)" \
		--rev-id "$$(printf %04d $$(($$(ls migrations/versions/[0-9]*.py 2>/dev/null | wc -l) + 1)))"
	@sed -i.bak '/# ### /d' migrations/versions/*.py && rm migrations/versions/*.bak
	@$(BIN)/ruff format -q migrations && $(BIN)/ruff check -q --fix migrations

clean: ## remove the environments and caches, never your database or files in var/
	rm -rf $(VENV) .engines .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# uv installs in seconds; plain pip does the same work where uv has no build for the machine.
# A Python without ensurepip makes an empty environment, which the outer pip then fills.
$(VENV)/.ok: requirements-tools.lock requirements-dev.lock
	@test -n "$(PYTHON)" || { echo "Assay needs Python 3.11 or newer. Name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making the environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || $(PYTHON) -m venv --without-pip --clear $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes -r requirements-tools.lock 2>/dev/null \
		|| $(PYTHON) -m pip --python $(BIN)/python install -q --require-hashes -r requirements-tools.lock \
		|| echo "uv cannot be had for this machine; pip goes on alone, which takes longer"
	@$(call install,$(VENV),requirements-dev.lock)
	@$(BIN)/python -c 'import sys, sysconfig; open(sysconfig.get_path("purelib") + "/assay-checkout.pth", "w").write(sys.argv[1] + "\n")' "$(CURDIR)"
	@printf '%s\n' '#!/bin/sh' "'''exec' \"$(CURDIR)/$(BIN)/python\" \"\$$0\" \"\$$@\"" "' '''" \
		'import sys' 'from app.cli import main' 'sys.exit(main())' > $(BIN)/assay
	@chmod +x $(BIN)/assay
	@touch $@

$(SWIFT)/.ok: tests/engines/swift.lock | setup
	@echo "Making the S3-compatible server in $(SWIFT)"
	@test -x $(SWIFT)/bin/python || $(PYTHON) -m venv --without-pip $(SWIFT)
	@$(call install,$(SWIFT),tests/engines/swift.lock)
	@touch $@

# Install a lock into an environment, through the uv of our own environment or through pip.
define install
{ $(BIN)/uv pip install -q --python $(1)/bin/python --require-hashes --only-binary :all: -r $(2) \
	|| $(PYTHON) -m pip --python $(1)/bin/python install -q --require-hashes -r $(2); }
endef
