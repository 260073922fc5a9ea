# Each target brings what it needs: a fresh machine has to have python3 (3.11 or newer) and make; `make test` also Java and npm.
STAGE ?= prod
PYTHON := .local/venv/bin/python
# Without bytecode every start would compile everything again.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help run test check bench package deploy clean install

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: ## The whole product on this machine, with a demo, until Ctrl-C (PORT=4720)
	@exec python3 -m infra.local

test: install ## Every test, on fakes, moto, DynamoDB Local and a deployed stack
	$(PYTHON) -m pytest -n 2 --ignore=tests/deployed
	$(PYTHON) -m pytest tests/deployed

check: install ## The gate: style, types, imports, the rules, the template, the documents
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.local/venv/bin/lint-imports
	$(PYTHON) -m chalicelib.procedures rules --brief
	$(PYTHON) -m infra.lint
	$(PYTHON) -m infra.documents
	$(PYTHON) -m infra.locks --check
	$(PYTHON) -m infra.audit

bench: install ## The benchmarks, as ratios
	$(PYTHON) -m tests.bench

package: install ## What is deployed, in out/STAGE (STAGE=prod)
	$(PYTHON) -m infra.package $(STAGE) out/$(STAGE)

deploy: package ## To AWS, by infra/stages/STAGE.json (STAGE=prod)
	$(PYTHON) -m infra.deploy $(STAGE) out/$(STAGE)

clean: ## Forget the demo's state and all that was built; keep what was installed
	rm -rf .local/run .local/deployed .local/out .local/libraries out chalicelib/procedures/compiled
	rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache

install:
	@python3 -m infra.bootstrap > /dev/null
