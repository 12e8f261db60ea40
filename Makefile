# `make help` says what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501
# In a process of their own: torch and TensorFlow share one badly.
TORCH_TESTS := tests/architectures/test_fastai_models.py tests/architectures/test_torchvision_operators.py \
	$(wildcard tests/training/fastai_backend/test_*.py)

.PHONY: help run test check bench format lint types constraints studies demo-models

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/ready ## Set up if need be, make the demo data set if there is none, start the app
	@$(BIN)/python -m wildcam demo --if-missing
	@$(BIN)/python -m wildcam serve --port $(PORT)

test: .venv/ready-for-tests ## Every test, the browser tests included
	@sh tests/bring_browser.sh
	$(BIN)/pytest --numprocesses=2 --dist=loadfile --ignore-glob='*fastai*' --ignore-glob='*torchvision*'
	$(BIN)/pytest $(TORCH_TESTS)

check: format lint types test ## Format, lint, types, tests

bench: .venv/ready-for-tests ## The measured comparisons
	$(BIN)/python -m bench

format: .venv/ready-for-tests ## Is every file formatted?
	$(BIN)/ruff format --check .

lint: .venv/ready-for-tests ## Does ruff find anything?
	$(BIN)/ruff check .

types: .venv/ready-for-tests ## Does mypy find anything?
	$(BIN)/mypy

studies: .venv/ready ## Ask the experiments' open questions on the demo data set; results in docs/studies
	$(BIN)/python -m wildcam demo --if-missing
	for study in loss_gap tta two_stage pixels split imbalance; do $(BIN)/python -m wildcam study $$study --output docs/studies || exit 1; done

demo-models: .venv/ready ## Train and promote the two committed demo models anew
	sh models/remake.sh

constraints: .venv/ready-for-tests ## Write down the versions that are installed
	$(BIN)/pip freeze --exclude-editable | grep -viE '^(torch|certifi)==' > constraints.txt

.venv/ready: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 12) else f"Python 3.11 or 3.12 is needed; {sys.executable} is {sys.version.split()[0]}. Name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

.venv/ready-for-tests: .venv/ready requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@
