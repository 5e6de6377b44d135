# Two commands: `make run` opens the page, `make test` runs all tests. Both install what they need; both may be repeated.
# make run ARGS="--port 7861 --no-browser"     make test ARGS="-k calculator"     make PYTHON=python3.12 run
PYTHON ?= python3
ARGS ?=
SETUP = @command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python is not here as '$(PYTHON)'. Install Python 3.10 or newer (Debian, Ubuntu: sudo apt install python3 python3-venv), then run make again." >&2; exit 1; }; $(PYTHON) -m lottery_chat.bootstrap

.PHONY: run test check bench clean
run:
	$(SETUP) run $(ARGS)

test:
	$(SETUP) test $(ARGS)

check:
	$(SETUP) check $(ARGS)

bench:
	$(SETUP) bench $(ARGS)

# Removes what `make run` made here; conversations, documents and models stay in the data folder.
clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache
