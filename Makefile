# Muster. `make help` lists the targets. POSIX sh and GNU make 3.81 suffice.

SHELL = /bin/sh
VENV = .venv
OUT = out
EXAMPLE = pingshan-fire-stations
PYTHON =
TEST =

BIN = $(VENV)/bin
MUSTER = $(BIN)/muster
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
RULES = pyproject.toml constraints.txt

export PYTHONUTF8 = 1
# Compiled modules are kept whatever the surroundings say: a service imports some hundreds of ours.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help run serve test test-long check types tests bench bench-full smoke-bench chaos fuzz bundle clean

help:
	@echo 'make run          solve the Pingshan scenario; plan, map and reports go to $(OUT)/'
	@echo 'make serve        the service and its page, at http://127.0.0.1:8000 (PORT=8000); Ctrl-C ends it'
	@echo 'make test         set up and run every check, up to the longest tests'
	@echo 'make test-long    the same with the longest tests'
	@echo 'make check        every check in the environment as it is'
	@echo 'make bench        measure, and compare with peers (make smoke-bench: timing off); a few'
	@echo '                  instances of every location family, with table and plots, go to $(OUT)/'
	@echo 'make bench-full   the same with the longest, and the location searches on all tables (hours)'
	@echo 'make chaos        kill processes over a stream of jobs (SECONDS=300 for each database, LEASE=6)'
	@echo 'make fuzz         ask a service all that its description allows, and more (SECONDS=300)'
	@echo 'make bundle       pack Muster and all it needs, to install where there is no network'
	@echo 'make clean        remove the environment and all that was written'
	@echo
	@echo 'PYTHON=...        the Python to use (else python3.13, 3.12 or 3.11, the newest found)'
	@echo 'JOBS=...          test processes at a time (else two more than cores)'
	@echo 'TEST=...          tests to run instead of all: make check TEST=tests/api'

# The environment is made once, and anew when another PYTHON is asked for; a stamp per set of
# extras remembers that they are there.
ifneq ($(PYTHON),)
$(shell [ "$$(cat $(VENV)/made 2>/dev/null)" = '$(PYTHON)' ] || rm -f $(VENV)/made)
endif

$(VENV)/made:
	@PYTHON='$(PYTHON)' VENV='$(VENV)' sh -c "$$MAKE_VENV"
	@echo '$(PYTHON)' > $@

$(VENV)/can-run: $(VENV)/made $(RULES)
	$(PIP) install -c constraints.txt -e '.[report,geography,documents]'
	@touch $@

$(VENV)/can-test: $(VENV)/made $(RULES)
	$(PIP) install -c constraints.txt -e '.[report,geography,documents,test,dev]'
	@touch $@ $(VENV)/can-run

$(VENV)/can-bench: $(VENV)/made $(RULES)
	$(PIP) install -c constraints.txt -e '.[report,geography,documents,bench,peers,test]'
	@touch $@ $(VENV)/can-run

run: $(VENV)/can-run
	@mkdir -p $(OUT)
	$(MUSTER) example $(EXAMPLE) --out $(OUT)/request.json
	$(MUSTER) solve $(OUT)/request.json --out $(OUT)/plan.json --lang en
	@echo
	@$(MUSTER) report $(OUT)/request.json $(OUT)/plan.json --format text --lang zh
	$(MUSTER) report $(OUT)/request.json $(OUT)/plan.json --out $(OUT)/map.geojson
	$(MUSTER) report $(OUT)/request.json $(OUT)/plan.json --out $(OUT)/report-en.html --lang en
	$(MUSTER) report $(OUT)/request.json $(OUT)/plan.json --out $(OUT)/report-zh.html --lang zh
	@echo 'Written: $(OUT)/plan.json $(OUT)/map.geojson $(OUT)/report-en.html $(OUT)/report-zh.html'

PORT = 8000

serve: $(VENV)/can-run
	$(MUSTER) serve --port $(PORT)

test: $(VENV)/can-test
	@$(MAKE) --no-print-directory check

test-long: $(VENV)/can-test
	@$(MAKE) --no-print-directory check SELECT=

JOBS = auto
SECONDS = 300
LEASE = 6
SELECT = -m 'not slow'
SMOKED = benchmarks/test_*.py
# Begun first, so that no core waits for them in the end.
LONGEST = tests/api/jobs tests/api
PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder --benchmark-disable

# The types are checked while the tests run: alone they would leave every core but one idle.
check:
	@[ -x $(BIN)/python ] || { echo 'No environment in $(VENV) yet: make test sets it up.' >&2; exit 1; }
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory -j2 types tests

types:
	$(BIN)/mypy

tests:
	$(PYTEST) $(SELECT) $(or $(TEST),$(SMOKED) $(LONGEST) tests models optimizer instances api)

# What misses its target fails in the end; the rest is measured all the same.
MEASURED = -m 'not slow'
SERVICE = --calls 60 --moments 10 --cuts 20 --bodies 0
SITING = --first 3 --limit 10 --out $(OUT)
COMPARED =

bench: $(VENV)/can-bench
	@mkdir -p $(OUT)
	@failed=0; measure() { echo "$$@"; "$$@" || failed=1; }; \
	measure $(BIN)/python -m pytest $(MEASURED) benchmarks/test_*.py --benchmark-only --benchmark-json=$(OUT)/timings.json; \
	measure $(BIN)/python -m benchmarks.report $(OUT)/timings.json; \
	measure $(BIN)/python -m benchmarks.compare $(COMPARED); \
	measure $(BIN)/python -m benchmarks.service $(SERVICE); \
	measure $(BIN)/python -m benchmarks.siting $(SITING); \
	exit $$failed

bench-full:
	@$(MAKE) --no-print-directory bench MEASURED= SERVICE= SITING= COMPARED='--every-peer --limit 300'
	$(BIN)/python -m benchmarks.report

smoke-bench: $(VENV)/can-bench
	$(PYTEST) -m 'not slow' $(SMOKED)

chaos: $(VENV)/can-test
	MUSTER_CHAOS_S=$(SECONDS) MUSTER_CHAOS_LEASE_S=$(LEASE) $(BIN)/python -m pytest -rP tests/api/jobs/test_chaos.py

fuzz: $(VENV)/can-test
	MUSTER_FUZZ_S=$(SECONDS) $(BIN)/python -m pytest tests/api/jobs/test_description.py -k thousand

bundle: $(VENV)/made
	@sh deploy/bundle.sh $(BIN)/python $(OUT)

clean:
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks

# Finds a Python that is new enough and can make environments, or says what to type.
define MAKE_VENV
no_venv=
if [ -n "$$PYTHON" ]; then set -- "$$PYTHON"; else set -- python3.13 python3.12 python3.11 python3; fi
for python; do
    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "Setting up $$VENV with $$("$$python" --version)"
        exec "$$python" -m venv --clear "$$VENV"
    fi
    no_venv=$${no_venv:-$$python}
done
if [ -n "$$no_venv" ]; then
    name=$$("$$no_venv" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    echo "$$no_venv has no venv module. To install it:" >&2
else
    name=python3.11
    echo "Muster needs Python 3.11, 3.12 or 3.13; found none$${PYTHON:+ at $$PYTHON}. To install it:" >&2
fi
echo "    Debian, Ubuntu:  sudo apt-get install $$name $$name-venv" >&2
echo "    macOS:           brew install python@3.12" >&2
exit 1
endef
export MAKE_VENV
