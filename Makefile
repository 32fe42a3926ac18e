# What can be done here. Every target sets up what it needs, may be run again at any moment, and needs no root.
SHELL := /bin/sh
UV := 0.13.9
PY := .venv/bin/python
export UV_SYSTEM_CERTS := 1
export PYTHONDONTWRITEBYTECODE := 1
unexport DATABASE_URL REDIS_URL DJANGO_SETTINGS_MODULE PYTHONPATH VIRTUAL_ENV

.PHONY: help demo test lint run bench bench-engine lock fmt clean-run

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 16

.venv/.base: requirements/base.txt
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check uv==$(UV)
	$(PY) -m uv pip sync -q --require-hashes requirements/base.txt \
	  || $(PY) -m pip install -q --require-hashes --no-deps -r requirements/base.txt
	rm -f .venv/.dev
	touch $@

.venv/.dev: requirements/dev.txt requirements/base.txt
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install -q --disable-pip-version-check uv==$(UV)
	$(PY) -m uv pip sync -q --require-hashes requirements/dev.txt \
	  || $(PY) -m pip install -q --require-hashes --no-deps -r requirements/dev.txt
	touch $@ .venv/.base

# the stylesheet, type and icons: npm packages by name and version, built into web/built
web/built/.ok: package.json package-lock.json tools/build_css.mjs $(wildcard web/styles/* web/styles/own/*) | .venv/.base
	$(PY) -m tools.node npm ci --no-audit --no-fund --silent
	$(PY) -m tools.node npm run --silent build
	touch $@

locale/.ok: $(wildcard locale/*/LC_MESSAGES/*.po) | .venv/.base
	test ! -f tools/messages.py || $(PY) -m tools.messages compile
	mkdir -p locale && touch $@

demo: .venv/.base web/built/.ok locale/.ok ## a whole week of the neighbourhood, then the site (SERVE=0 ends there, FRESH=1 starts anew)
	SANDBOX=1 $(PY) -m tools.demo

run: .venv/.base web/built/.ok locale/.ok ## the site with empty books, without the sandbox
	$(PY) -m tools.site up

test: .venv/.dev web/built/.ok locale/.ok ## every test, on a real PostgreSQL, broker, worker and browser
	$(PY) -m pytest -n 2 --dist loadfile tests

lint: .venv/.dev ## formatting, style, types, import contracts, migrations
	$(PY) -m ruff format --check -q .
	$(PY) -m ruff check -q .
	$(PY) -m mypy .
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(PY) manage.py makemigrations --check --dry-run

bench: bench-engine ## every figure that is promised

bench-engine: .venv/.dev ## the engine on the public weeks (SECONDS=60 WEEKS=folder)
	$(PY) -m benchmarks.engine

lock: .venv/.dev ## write the lock files anew from requirements/*.in
	$(PY) -m uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate requirements/dev.in -o requirements/dev.txt
	$(PY) -m uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate -c requirements/dev.txt requirements/base.in -o requirements/base.txt

fmt: .venv/.dev ## format and mend what can be mended
	$(PY) -m ruff format -q .
	$(PY) -m ruff check -q --fix .

clean-run: ## stop this checkout's servers and forget its data
	test ! -x $(PY) || $(PY) -m tools.embedded down
	rm -rf .run
