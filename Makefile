# `make help` says what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8501
# Each framework in a process of its own: torch and TensorFlow share one badly, and beside either the tests of the pages
# take three times as long, since every collection of garbage goes over a framework's objects.
KERAS_TESTS := tests/architectures/test_keras_models.py $(wildcard tests/training/keras_backend/test_*.py)
TORCH_TESTS := tests/architectures/test_fastai_models.py tests/architectures/test_torchvision_operators.py \
	tests/architectures/test_backbones.py $(wildcard tests/training/probe_backend/test_*.py) \
	$(wildcard tests/training/fastai_backend/test_*.py)
# Parts whose tests need neither a framework, a browser, the app's pages nor a process.
QUICK_TESTS := tests/test_*.py tests/charts tests/data tests/ecology tests/evaluation tests/exports tests/profile tests/serving

.PHONY: help run quick fix check test docs screenshots format lint types imports bench constraints studies demo-models field-models

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/ready ## Set up if need be, make the demo data set if there is none, start the app (PORT=8501, HOST=127.0.0.1)
	@$(BIN)/python -m wildcam demo --if-missing
	@$(BIN)/python -m wildcam serve --host $(HOST) --port $(PORT)

quick: format lint imports types ## Format, lint, imports, types and the quick unit tests
	$(BIN)/pytest $(QUICK_TESTS) -m "not slow and not browser" --numprocesses=2 --quiet

fix: .venv/ready-for-tests ## Format every file and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: format lint imports types docs test ## Everything: format, lint, imports, types, documents, every test

test: .venv/ready-for-tests ## Every test, the browser tests included
	@sh tests/bring_browser.sh
	@sh tests/bring_proxies.sh
	$(BIN)/pytest --numprocesses=2 --dist=loadfile $(addprefix --ignore=,$(KERAS_TESTS) $(TORCH_TESTS))
	@$(BIN)/pytest $(KERAS_TESTS) & keras=$$!; $(BIN)/pytest $(TORCH_TESTS); torch=$$?; wait $$keras && exit $$torch

docs: .venv/ready-for-tests ## The documents as a site in site/; a broken link fails
	NO_MKDOCS_2_WARNING=1 PYTHONPATH=. $(BIN)/mkdocs build --strict --quiet

screenshots: .venv/ready-for-tests ## A screenshot of every page into docs/screenshots, from the running app
	@sh tests/bring_browser.sh
	PYTHONPATH=. $(BIN)/python docs/_generate/screenshots.py

format: .venv/ready-for-tests
	$(BIN)/ruff format --check .

lint: .venv/ready-for-tests
	$(BIN)/ruff check .

imports: .venv/ready-for-tests
	PYTHONPATH=. $(BIN)/lint-imports --no-logo

types: .venv/ready-for-tests
	$(BIN)/mypy

bench: .venv/ready-for-tests ## The measured comparisons
	$(BIN)/python -m bench

studies: .venv/ready ## Run the studies on the demo data set (but those that want real photos and pretrained weights); results in docs/studies
	$(BIN)/python -m wildcam demo --if-missing
	for study in $$($(BIN)/python -c "from wildcam.studies.catalog import STUDIES; print(*STUDIES)" | sed "s/look_closer//; s/pixels//"); do \
		$(BIN)/python -m wildcam study $$study --output docs/studies || exit 1; done

demo-models: .venv/ready ## Train and promote the two committed demo models anew
	sh models/remake.sh demo

field-models: .venv/ready ## The same of the field pair, from the photos in $$WILDCAM_PHOTOS whose licence permits it
	sh models/remake.sh field

constraints: .venv/ready-for-tests ## Write down the versions that are installed
	(echo "# The whole set as it was installed and tested together; remade by \`make constraints\`."; \
		$(BIN)/pip freeze --exclude-editable | grep -viE '^(torch|certifi|setuptools)==') > constraints.txt

.venv/ready: requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 12) else f"Python 3.11 or 3.12 is needed; {sys.executable} is {sys.version.split()[0]}. Name one: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/ready-for-tests: .venv/ready requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@
