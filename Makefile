# Two commands do everything: `make check` for users, `make test` for developers.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# Many tests start the command: what Python compiles once is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: check test slow docs explore format golden bench bench-serve bench-audit fuzz clean

check: $(VENV)/.user
	$(BIN)/fazhi check fixtures/reports --fail-on never

test: $(VENV)/.dev
	$(BIN)/ruff format --check validator tests benchmarks reference
	$(BIN)/ruff check validator tests benchmarks reference
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/fazhi rules lint
	$(BIN)/python -m pytest -n auto

slow: $(VENV)/.dev docs
	$(BIN)/python -m pytest -m slow

docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

explore: $(VENV)/.dev
	FAZHI_EXPLORE=1 $(BIN)/python -m pytest -n 0 tests/test_editor.py tests/test_html.py tests/test_invariance.py tests/test_nlp.py tests/test_normalise.py tests/test_outline.py

format: $(VENV)/.dev
	$(BIN)/ruff format validator tests benchmarks reference
	$(BIN)/ruff check --fix validator tests benchmarks reference

golden: $(VENV)/.dev
	FAZHI_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -m 'slow or not slow' tests/test_golden.py tests/test_applicability.py tests/test_docs_examples.py

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmark

REPORTS ?= build/benchmark

bench-serve: $(VENV)/.dev
	$(BIN)/python -m benchmarks.serve

bench-audit: $(VENV)/.dev
	rm -rf $(REPORTS)
	$(BIN)/python -m benchmarks.generate $(REPORTS) --count $(COUNT) --seed 1 --corrupt 0.01
	$(BIN)/python -m benchmarks.audit $(REPORTS)/reports $(REPORTS)/audit --roster $(REPORTS)/roster.csv
	$(BIN)/python -m benchmarks.verify $(REPORTS) $(REPORTS)/audit

FORMAT ?= docx
COUNT ?= 20000

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz $(FORMAT) $(COUNT)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本，可用 make PYTHON=python3.12 指定。"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.user: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,docs]'
	@touch $(VENV)/.user $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
