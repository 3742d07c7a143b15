# Everything runs in .venv, made from requirements.lock: names, versions and hashes, nothing else.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
export DO_NOT_TRACK := 1
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

.PHONY: run test check quality faults bench lock clean

run: $(READY)  ## bring outputs/ up to date with seeds/
	@$(BIN)/dateline run

test: $(READY)  ## all tests
	@$(BIN)/python -m pytest

check: $(READY)  ## lint, format, types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

quality: $(READY)  ## how good the extraction is, beside its peers
	@$(BIN)/python -m bench.quality

faults: $(READY)  ## kill, fill, damage, flood: is anything lost?
	@$(BIN)/python -m tests.faults

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

bench: $(READY)  ## how fast it is, as ratios to a plain script
	@$(BIN)/python -m bench.run --write

lock:  ## resolve the dependencies of pyproject.toml anew
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --group dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv outputs/versions outputs/current outputs/.work
