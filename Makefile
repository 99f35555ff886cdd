# `make run` and `make test` do all set-up themselves on a bare Debian 12 with python3.11 and make.
# With no display both work offscreen. Second runs touch no network.

SHELL := /bin/sh
python := .venv/bin/python
workers ?= 2

# Without a screen Qt would abort the process.
ifeq ($(DISPLAY)$(WAYLAND_DISPLAY),)
export QT_QPA_PLATFORM ?= offscreen
endif
# Where Qt and the embedded PostgreSQL keep sockets and locks; private to the user.
ifeq ($(and $(XDG_RUNTIME_DIR),$(wildcard $(XDG_RUNTIME_DIR)/.)),)
export XDG_RUNTIME_DIR := $(CURDIR)/.run/xdg
endif
export PYTHONUTF8 := 1

.PHONY: help setup run test server package smoke bench bench-storage bench-sync bench-forms fuzz-forms kill-test fault-test feed-gap soak screens lock clean
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile

setup:  ## system libraries and .venv; the others call it
	@sh setup.sh
	@mkdir -p -m 700 .run "$$XDG_RUNTIME_DIR"

run: setup  ## the main job from key to print into out/, then the app (DEMO=once: no app)
	@$(python) -m fieldapp demo --out out

# A process that died is not begun anew: its file would kill the next one, and the run would hang.
test: setup  ## style, types, import contracts, every test
	@sh setup.sh test
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports
	QT_QPA_PLATFORM=offscreen $(python) -m pytest -n $(workers) --dist loadfile --no-loadscope-reorder --max-worker-restart=0 $(ARGS)

server: setup  ## a server of your own with an embedded PostgreSQL; Ctrl+C stops it
	@$(python) -m fieldapp demo-server

package: setup  ## the one-folder bundle for this system, in dist/fieldapp
	@sh setup.sh package
	$(python) -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build build.spec

smoke: setup  ## that bundle started on a screen in memory: one form by keys, one page printed
	FIELDAPP_BUNDLE=dist/fieldapp $(python) -m pytest tests/bundle

bench: setup  ## the bars of bench/, each beside its floor
	@QT_QPA_PLATFORM=offscreen $(python) -m bench $(ARGS)

bench-storage: setup  ## the store's bars: saves, search at three sizes, 500,000 records in 2 GB
	@QT_QPA_PLATFORM=offscreen $(python) -m bench storage search large_store

bench-sync: setup  ## push and pull beside a bare floor and PouchDB, ARGS="5000 50000" (npm where it is)
	@$(python) bench/bench_sync.py $(ARGS)

bench-forms: setup  ## our form engine beside the field's own two (node, npm and java where they are)
	@$(python) bench/bench_forms.py $(ARGS)

fuzz-forms: setup  ## forms and expressions that are nearly right, SECONDS=600 of each
	@$(python) -m tests.fuzz lists --seconds 60
	@$(python) -m tests.fuzz expressions --seconds $(or $(SECONDS),600)
	@$(python) -m tests.fuzz forms --seconds $(or $(SECONDS),600)

kill-test: setup  ## kill -9 at every named place of the store, KILLS=1000; the three figures come last
	@$(python) -m tests.faults.kill_test --kills $(or $(KILLS),1000)

fault-test: setup  ## kill -9 at every pass of every place of an exchange, both sides; figures last
	@FIELDAPP_STOPS=10 $(python) -m pytest -q tests/faults/test_stopped_database.py
	@$(python) -m tests.faults.kill_sync --every-pass

feed-gap: setup  ## no cursor passes an open transaction: BATCHES=400 of each of six writers
	@FIELDAPP_FEED_BATCHES=$(or $(BATCHES),400) $(python) -m pytest -q tests/server/test_feed_gap.py

soak: setup  ## thirty laptops, two servers, 1 % faults for SOAK_MINUTES=30; the figures come last
	@$(python) -m tests.sync.soak --minutes $(or $(SOAK_MINUTES),30)

screens: setup  ## every screen as a picture into docs/screens
	@QT_QPA_PLATFORM=offscreen $(python) -m fieldapp screens --out docs/screens

lock: setup  ## refresh requirements.lock: all extras, Linux, Windows and macOS, hashes, no addresses
	@$(python) -m uv --version >/dev/null 2>&1 || $(python) -m pip install --quiet 'uv>=0.13.8'
	$(python) -m uv --no-config --system-certs pip compile pyproject.toml --all-extras --universal --upgrade \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --quiet --output-file requirements.lock

clean:  ## everything that is made: .venv, caches, out, build
	rm -rf .venv .run .mypy_cache .ruff_cache .hypothesis .import_linter_cache out build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
