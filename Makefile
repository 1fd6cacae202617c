# What a person does with the project, one word each. Needs Python 3.11 or later; see docs/how-to/install.md.

PYTHON ?= python3
BIN := .venv/bin
QUICK := not torture and not corpus
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DJANGO := $(CURDIR)/$(BIN)/python -P -m django
# Where memory has room for them, what the tests write lies there: nobody waits for a disk.
MEMORY = $(shell test "$$(df --output=avail --block-size=G /dev/shm 2>/dev/null | tr -cd 0-9)" -ge 4 2>/dev/null && echo TMPDIR=/dev/shm)
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

# A test run starts a hundred programs; each would compile the whole source anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check lint bench peers corpus torture lock messages reference clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp ## start the demonstration agency, in the browser and on the mail ports
	@exec $(BIN)/congvu run --demonstration

test: .venv/test.stamp ## prove it: every check and every test except the long ones
	@status=0; said=$$(mktemp); \
	$(MAKE) --no-print-directory --keep-going lint > "$$said" 2>&1 & lint=$$!; \
	$(MEMORY) $(BIN)/pytest -n 4 --dist loadscope --no-loadscope-reorder -m "$(QUICK)" || status=1; \
	wait $$lint || { cat "$$said"; status=1; }; rm -f "$$said"; \
	exit $$status

check: lint ## read the code: style, types, borders, the tests about the code
	@$(BIN)/pytest -n 2 --dist loadscope tests/architecture

lint: style types borders

.PHONY: style types borders
style: .venv/test.stamp
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
types: .venv/test.stamp
	@$(BIN)/mypy --no-error-summary src tools bench
borders: .venv/test.stamp
	@$(BIN)/lint-imports --no-cache > .venv/borders.txt || { cat .venv/borders.txt; exit 1; }

bench: .venv/test.stamp ## measure: make bench NAME=ledger_append; without NAME it lists what there is
	@$(BIN)/python -m bench $(NAME)

peers: .venv/test.stamp ## install what the measurements stand beside
	@$(INSTALL) --require-hashes -r requirements/bench.lock

corpus: .venv/test.stamp ## import real archives: CONGVU_CORPUS=<folder> make corpus
	@test -n "$$CONGVU_CORPUS" || { echo "CONGVU_CORPUS names the folder that holds mail/"; exit 2; }
	@$(BIN)/pytest -m corpus --capture=no

torture: .venv/test.stamp ## kill the running server again and again under load (long)
	@$(BIN)/pytest -m torture --capture=no

lock: ## resolve the dependencies anew, with hashes
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && "$$folder/bin/pip" install --quiet --disable-pip-version-check uv && \
	for name in build run test bench; do \
	  "$$folder/bin/"$(COMPILE) --upgrade --output-file requirements/$$name.lock requirements/$$name.in || exit 1; \
	done

messages: .venv/test.stamp ## collect the sentences of the interface anew and compile their translations
	@for package in src/congvu/*/; do \
	  ( cd "$$package" && mkdir -p locale && \
	    $(DJANGO) makemessages --verbosity 0 --locale=vi --locale=kk --locale=ru --no-location --no-obsolete --no-wrap && \
	    for file in locale/*/LC_MESSAGES/django.po; do \
	      test -e "$$file" || continue; \
	      sed -i -e '/^"POT-Creation-Date:/d' -e '/^"Report-Msgid-Bugs-To:/d' "$$file" && \
	      msgfmt --output-file="$${file%.po}.mo" "$$file" || exit 1; \
	    done ) || exit 1; \
	done
	@$(BIN)/python -m tools.borrowed

reference: .venv/test.stamp ## write the pages of docs/reference that follow from the code
	@$(BIN)/python -m tools.reference

clean: ## remove what can be made again; never data
	@rm -rf .venv build dist src/*.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Congvu needs Python 3.11 or later") if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements/build.lock requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the agency runs on …"
	@$(INSTALL) --require-hashes -r requirements/build.lock -r requirements/run.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.stamp: requirements/test.lock .venv/run.stamp
	@echo "Installing what the tests need …"
	@$(INSTALL) --require-hashes -r requirements/test.lock
	@touch $@
