# Set-up and the daily commands. `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# The package itself: no build isolation, so that nothing unpinned is fetched.
SELF := $(PIP) --no-deps --no-build-isolation --editable .
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml

.PHONY: demo test outcomes lint wheel lock clean

demo: $(VENV)/.demo ## set up, then run both parties
	$(BIN)/oauthapp demo $(ARGS)

test: $(VENV)/.test ## set up, then run every test
	$(BIN)/python -m pytest -n auto $(ARGS)

outcomes: $(VENV)/.test ## play everything, and write down what came of it
	$(BIN)/oauthapp run --all --markdown >docs/outcomes.md

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

wheel: $(VENV)/.test
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

lock: $(VENV)/.test ## renew all lock files
	$(PIP) uv
	$(LOCK) --upgrade --extra build --output-file requirements.lock
	$(LOCK) --upgrade --extra build --extra serve --extra metrics --extra postgresql \
		--output-file docs/deploy/requirements.lock
	$(LOCK) --upgrade --extra build --extra test --extra lint --extra postgresql \
		--output-file requirements-test.lock

clean:
	rm -rf $(VENV) dist build instance .pytest_cache .mypy_cache .ruff_cache

$(VENV)/.demo: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement requirements.lock
	$(SELF)
	touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement requirements-test.lock
	$(SELF)
	touch $@ $(VENV)/.demo
