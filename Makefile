# Everything starts here, on a machine with nothing but Python 3.11+.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo-workspace
PORT ?= 8000

.PHONY: bench-forecast run test test-engines test-stories check format fuzz-api client security setup setup-dev browser bench fuzz test-faults docs wheel lock clean
.DELETE_ON_ERROR:

run: setup ## the sample company on http://127.0.0.1:8000
	$(BIN)/jalon demo $(DEMO) --port $(PORT)

test: setup-dev browser ## every test; installs what it needs first
	$(BIN)/python -m pytest -n 2 --dist loadscope

test-engines: setup-dev .setup/engines ## every figure on PostgreSQL, ClickHouse, Sail and a Spark cluster, a worker killed; a real MariaDB
	JALON_ENGINES=postgresql,chdb,sail,spark $(BIN)/python -m pytest tests/warehouse/engines tests/records tests/connectors/test_mariadb.py -q -W default

.setup/engines: .setup/dev requirements/engines.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/engines.txt
	touch $@

check: setup-dev browser ## format, lint, types, import contracts, templates, messages, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src/jalon --check --lint --quiet
	$(BIN)/bandit --quiet --recursive src/jalon --configfile pyproject.toml
	$(BIN)/python -m pytest -n 2 --dist loadscope

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint src/jalon --reformat --quiet

setup: .setup/run
setup-dev: .setup/dev

.setup/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Jalon needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	mkdir -p .setup && touch $@

.setup/run: .setup/uv requirements/run.txt pyproject.toml $(wildcard src/jalon/locale/*/*.po)
	[ -f .setup/dev ] || $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/run.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	$(BIN)/python -m jalon.locale
	$(BIN)/python -m jalon.web.explorer.bundle
	touch $@

.setup/dev: .setup/uv requirements/dev.txt pyproject.toml $(wildcard src/jalon/locale/*/*.po)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	$(BIN)/python -m jalon.locale
	$(BIN)/python -m jalon.web.explorer.bundle
	touch .setup/run $@

browser: setup-dev ## an installed Chromium, else Debian's, else Playwright's
	$(BIN)/python tests/browser_setup.py

fuzz-api: setup-dev ## the API asked at random, 200 questions of each operation
	JALON_FUZZ=200 $(BIN)/python -m pytest tests/api/test_fuzzed.py -q

client: setup ## build/client/jalon_client.py, written from the OpenAPI document
	$(BIN)/python -m jalon.api.client build/client/jalon_client.py

security: setup-dev ## bandit on the sources; `check --deploy` is a test
	$(BIN)/bandit --quiet --recursive src/jalon --configfile pyproject.toml

bench: setup-dev ## every promise of speed beside a peer, in less than half an hour
	$(BIN)/python -m benchmarks $(BENCH)

bench-forecast: setup-dev ## landings beside every peer of the shared bench, into docs/method/forecast.md
	$(BIN)/python -m benchmarks.attainment --keep

bench-compare: ## the last bench against that of a commit: make bench-compare BEFORE=abc123
	$(BIN)/python -m benchmarks.compare $(or $(BEFORE),HEAD)

test-stories: setup-dev browser ## the article's two stories in a browser; secrets looked for at every address
	JALON_STORIES=1 $(BIN)/python -m pytest tests/journeys/test_two_stories.py tests/web/test_secret_words.py

FAULT_KILLS ?= 250
FAULT_MINUTES ?= 30
test-faults: setup-dev ## kill -9 on both databases, disks, clocks, damage, doubles: docs/faults.md
	$(BIN)/python -m tests.faults --kills $(FAULT_KILLS) --minutes $(FAULT_MINUTES)

FILES ?= 100000
MINUTES ?= 30
fuzz: setup-dev ## 100,000 bad files and every command in MINUTES at most, giants, then 6,000 odd questions to the pages
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES) --files $(FILES)
	JALON_FUZZ=1 $(BIN)/python -m pytest -q tests/fuzz/test_giants.py
	JALON_FUZZ_QUESTIONS=2000 JALON_FUZZ_SEED=$$(date +%s) $(BIN)/python -m pytest -q tests/web/test_any_words.py

docs: setup-dev browser .setup/docs ## build/site: the guides, with pictures taken and commands told anew
	$(BIN)/python -m jalon.cli.reference build/reference
	$(BIN)/python docs/site/pictures.py
	.setup/docs-venv/bin/mkdocs build --quiet

.setup/docs: .setup/uv requirements/docs.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .setup/docs-venv
	$(BIN)/uv pip sync --quiet --python .setup/docs-venv/bin/python --require-hashes requirements/docs.txt
	touch $@

wheel: setup-dev ## dist/jalon-*.whl, with its sentences and assets built in
	rm -rf build dist
	$(BIN)/uv build --quiet --wheel --out-dir dist
	rm -rf build

lock: .setup/uv ## resolve requirements anew
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header requirements/run.in -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -c requirements/run.txt requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -c requirements/dev.txt requirements/engines.in -o requirements/engines.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header requirements/docs.in -o requirements/docs.txt

clean:
	rm -rf $(VENV) .setup demo-workspace
