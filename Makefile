# Everything runs in .venv, made from locks of names, versions and hashes: requirements.lock has what a run needs,
# requirements-dev.lock in addition what tests need, all extras among it. They are complete: pip has nothing to resolve.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
DEV := .venv/dev
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
export DO_NOT_TRACK := 1
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.PHONY: run test check quality faults bench lock clean

run: $(READY)  ## bring outputs/ up to date with seeds/
	@$(BIN)/dateline run

test: $(DEV)  ## all tests
	@$(BIN)/python -m pytest

check: $(DEV)  ## lint, format, types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

quality: $(DEV)  ## how good the extraction is, beside its peers
	@$(BIN)/python -m bench.quality

faults: $(DEV)  ## kill, fill, damage, flood: is anything lost?
	@$(BIN)/python -m tests.faults

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements.lock
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(DEV): $(READY) requirements-dev.lock
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

bench: $(DEV)  ## how fast it is, as ratios to a plain script
	@$(BIN)/python -m bench.run --write

lock:  ## resolve the dependencies of pyproject.toml anew
	$(LOCK) --all-extras --group dev pyproject.toml --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv outputs/versions outputs/current outputs/.work
