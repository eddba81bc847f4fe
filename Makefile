# Everything here sets itself up: a virtual environment in .cache/venv, Debian packages, the image of the local hosts.
# Nothing has to be installed by hand on Debian 12.
SHELL := /bin/bash
.DEFAULT_GOAL := help

ARCHITECTURE ?= encrypted_web

.PHONY: help setup demo demo-down test test-unit test-cloud test-integration test-crash test-molecule test-cores lint sanity bench docs clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

setup:  ## Set up the virtual environment, Debian packages and the image of the local hosts
	@scripts/setup.sh

demo: setup  ## Build an architecture on the local cloud: make demo ARCHITECTURE=encrypted_web
	@scripts/demo.sh up $(ARCHITECTURE)

demo-down:  ## Stop the demonstration and leave nothing of it behind
	@scripts/demo.sh down

test: setup  ## Everything that CI runs
	@scripts/test.sh

lint: setup  ## ansible-lint, ruff, mypy, shellcheck
	@scripts/lint.sh

sanity: setup  ## ansible-test sanity
	@scripts/sanity.sh

test-unit: setup  ## Plans, models and the core: under a minute, no cloud
	@scripts/test.sh unit

test-cloud: setup  ## The local cloud itself, API and hosts
	@scripts/test.sh cloud

test-integration: setup  ## Modules, roles and playbooks on the local cloud
	@scripts/test.sh integration

test-crash: setup  ## Fail at every API call, run again, compare with a clean run
	@scripts/test.sh crash

test-molecule: setup  ## The molecule scenarios: make test-molecule SCENARIO=httpd for one
	@scripts/test.sh molecule

test-cores: setup  ## The modules under the oldest and the newest ansible-core; others: make test-cores CORES=2.18
	@scripts/test.sh cores

bench: setup  ## The figures of the README
	@scripts/test.sh bench

docs: setup  ## Write the generated parts of the documentation
	@scripts/test.sh docs

clean: demo-down  ## Remove the virtual environment, images and caches too
	@rm -rf .cache .mypy_cache .pytest_cache .ruff_cache .ansible tests/output
