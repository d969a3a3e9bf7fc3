# Everything a fresh machine needs is set up by the target that needs it. Python 3.11 or newer, npm and Chromium (installed
# where there is apt) for `make test`, and a Debian or Ubuntu for `make test-tools`, which installs what is missing of TOOLS.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
CORPUS ?= ../shared/laws
PIP = -m pip install --quiet --disable-pip-version-check
# Asked twice where the registry fails once.
NPM_CI = npm ci --ignore-scripts --no-audit --no-fund
TOOLS = libreoffice-calc-nogui omegat raptor2-utils sdcv
AS_ROOT = $(shell [ "$$(id -u)" = 0 ] || echo sudo) env DEBIAN_FRONTEND=noninteractive

.PHONY: serve test soak test-tools check verify bench lighthouse quality examples screenshots requirements clean browser
.DELETE_ON_ERROR:

serve: .venv/run
	.venv/bin/glossary serve --build --host $(HOST) --port $(PORT)

test: .venv/dev .venv-contract/ready tests/contract/node_modules/ready tests/pages/node_modules/ready browser
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m 'not soak and not alone'
	.venv/bin/pytest -m 'alone and not soak'

soak: .venv/dev .venv-contract/ready
	.venv/bin/pytest -m soak -s

test-tools: .venv/dev
	dpkg --status $(TOOLS) > /dev/null 2>&1 || { $(AS_ROOT) apt-get update -qq && \
	  $(AS_ROOT) apt-get install -y -qq --no-install-recommends $(TOOLS) > /dev/null; }
	.venv/bin/pytest tests/tools

check: .venv/run
	.venv/bin/glossary check

verify: .venv/run
	.venv/bin/glossary verify --corpus $(CORPUS)

bench: .venv-bench/ready
	.venv-bench/bin/python -m bench
	.venv-bench/bin/python -m bench.recognition --http
	.venv-bench/bin/python -m bench.exchange

lighthouse: .venv/dev bench/lighthouse/node_modules/ready browser
	.venv/bin/python -m bench.lighthouse

quality: .venv/dev
	.venv/bin/python -m tests.quality

examples: .venv/dev
	.venv/bin/python -m tests.examples

screenshots: .venv/dev browser
	.venv/bin/python -m tests.pages.pictures

browser:
	@command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null \
	  || { $(AS_ROOT) apt-get update -qq && $(AS_ROOT) apt-get install -y -qq chromium fonts-noto-cjk > /dev/null; }

requirements:
	for name in run dev contract bench; do \
	  uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make requirements" requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

.venv/run: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python $(PIP) --require-hashes -r requirements/run.txt
	.venv/bin/python $(PIP) --no-deps --no-build-isolation -e .
	touch $@

.venv/dev: .venv/run requirements/dev.txt
	.venv/bin/python $(PIP) --require-hashes -r requirements/dev.txt
	touch $@

.venv-contract/ready: requirements/contract.txt
	$(PYTHON) -m venv .venv-contract
	.venv-contract/bin/python $(PIP) --require-hashes -r requirements/contract.txt
	touch $@

.venv-bench/ready: requirements/bench.txt pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python $(PIP) --require-hashes -r requirements/bench.txt
	.venv-bench/bin/python $(PIP) --no-deps --no-build-isolation -e .
	touch $@

tests/%/node_modules/ready: tests/%/package-lock.json
	$(NPM_CI) --prefix tests/$* || $(NPM_CI) --prefix tests/$*
	touch $@

bench/lighthouse/node_modules/ready: bench/lighthouse/package-lock.json
	$(NPM_CI) --prefix bench/lighthouse || $(NPM_CI) --prefix bench/lighthouse
	touch $@

clean:
	rm -rf .venv .venv-contract .venv-bench tests/*/node_modules bench/lighthouse/node_modules var build
