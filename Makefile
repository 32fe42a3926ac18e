# What can be done here. Every target sets up what it needs, may be run again at any moment, and needs no root.
SHELL := /bin/sh
PYTHON ?= python3
PY := .venv/bin/python
SET_UP := $(PYTHON) tools/set_up.py
# the built-in servers and nothing of the caller's: only `make run` may be pointed at servers of your own
ALONE := env -u DATABASE_URL -u DATABASE_OWNER_URL -u REDIS_URL
unexport DJANGO_SETTINGS_MODULE PYTHONPATH PYTHONHOME VIRTUAL_ENV
MAKEFLAGS += --no-print-directory

.PHONY: help demo test lint run down shots pictures bench bench-engine bench-ledger bench-queue bench-payroll bench-night bench-fairness \
	stateful hammer storm planted lock fmt clean-run
.NOTPARALLEL:

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 16

demo: ## a whole week of the neighbourhood, then the site (SERVE=0 ends there, FRESH=1 starts anew)
	@$(SET_UP) base pages kernels
	@$(ALONE) SANDBOX=1 $(PY) -m tools.demo

run: ## the site with empty books, without the sandbox
	@$(SET_UP) base pages kernels
	@$(PY) -m tools.site up

down: ## stop what `make run` started
	@test ! -x $(PY) || $(PY) -m tools.site down

test: ## every test, on a real PostgreSQL, broker, worker and browser (T="tests/bank -k camt" for some)
	@$(SET_UP) dev pages browser kernels
	@$(ALONE) $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(or $(T),tests)

lint: ## formatting, style, types, import contracts, templates, migrations, rules of the house
	@$(SET_UP) dev
	$(PY) -m ruff format --check -q .
	$(PY) -m ruff check -q .
	$(PY) -m mypy .
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(PY) -m djlint --lint --quiet web/templates
	$(ALONE) $(PY) manage.py makemigrations --check --dry-run
	$(ALONE) $(PY) -m pytest -q -n 0 tests/architecture

shots: ## a picture of every page the tests look at, for people to look at (shots/)
	@$(SET_UP) dev pages browser kernels
	@$(ALONE) SHOTS=1 $(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/browser

pictures: ## the pictures of the README, taken by a browser test (docs/pictures)
	@$(SET_UP) dev pages browser kernels
	@$(ALONE) PICTURES=1 $(PY) -m pytest -q -n 0 tests/browser/test_pictures.py

bench: bench-engine bench-ledger bench-payroll bench-queue bench-night bench-fairness ## every figure that is promised

bench-engine: ## the engine on the public weeks (SECONDS=1,10,60 SEEDS=5 WEEKS=folder SHORT=1 PEERS=0)
	@$(SET_UP) dev kernels
	@$(PY) -m benchmarks.engine

bench-night: ## 50 neighbourhoods planned in one night by real workers; no lock while searching, a sick call goes first (NEIGHBOURHOODS=50 SECONDS=8 SHORT=1)
	@$(SET_UP) dev kernels
	@$(ALONE) $(PY) -m benchmarks.night

bench-fairness: ## 13 weeks with and without a memory of earlier weeks: how far apart do people end? (NEIGHBOURHOODS=5 SHORT=1)
	@$(SET_UP) dev kernels
	@$(PY) -m benchmarks.fairness

bench-payroll: ## the months of a town: pay, claim, reconcile (WORKERS=1000 MONTHS=12 SLIPS=20)
	@$(SET_UP) dev
	@$(ALONE) $(PY) -m benchmarks.payroll

bench-ledger: ## redemptions a second beside the floor of this machine and two peers (RUNS=5 EACH=3 SHORT=1)
	@$(SET_UP) dev
	@$(PY) -m uv pip install -q -r requirements/bench.txt
	@$(ALONE) $(PY) -m benchmarks.ledger

bench-queue: ## the queue of unmatched bank lines worked away by keyboard in a browser (LINES=300)
	@$(SET_UP) dev pages browser
	@$(ALONE) $(PY) -m benchmarks.queue_by_keyboard

stateful: ## any order of buying, keeping, using, refunding, expiring, beside a plain model (STEPS=5000)
	@$(SET_UP) dev
	@STEPS=$(or $(STEPS),5000) $(ALONE) $(PY) -m pytest -q -n 0 tests/cheques/test_stateful.py

hammer: ## tries to spend twice, 16 writers on one wallet (TRIES=50000)
	@$(SET_UP) dev
	@$(ALONE) $(PY) -m benchmarks.hammer

storm: ## webhooks five-fold, shuffled, a tenth lost, false ones between; then one poll (WEBHOOKS=10000)
	@$(SET_UP) dev
	@$(ALONE) $(PY) -m benchmarks.storm

planted: ## twelve bugs planted one by one: each is caught by the three above
	@$(SET_UP) dev
	@$(ALONE) $(PY) -m benchmarks.planted

COMPILE := $(PY) -m uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate
lock: ## write the lock files anew from requirements/*.in
	@$(SET_UP) dev
	$(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(COMPILE) -c requirements/dev.txt requirements/base.in -o requirements/base.txt
	$(COMPILE) -c requirements/dev.txt requirements/bench.in -o requirements/bench.txt

fmt: ## format and mend what can be mended
	@$(SET_UP) dev
	$(PY) -m ruff format -q .
	$(PY) -m ruff check -q --fix .

clean-run: down ## stop this checkout's servers and forget its data
	@test ! -x $(PY) || $(PY) -m tools.embedded forget
	rm -rf .run
