# Tact's commands. Nothing else is needed than Python 3.11 or later, make and git.
SHELL := /bin/bash
PYTHON ?= python3
# A clone under a path with spaces: everything is run as `.venv/bin/python -m …`, from this folder.
RUN := .venv/bin/python
# One more than two cores: what waits for a page or a program leaves the processor to another.
JOBS ?= 3
# Tests start a hundred programs: where nothing compiled is kept, each of them would compile Django again, a second of processor.
TESTED := env -u PYTHONDONTWRITEBYTECODE $(RUN)
# What `check --deploy` looks at is what a production would be; none of it is used, and no database is reached.
PRODUCTION := TACT_ENV=production TACT_DEBUG= PORT= DATABASE_URL=postgres://tact_app:none@localhost/tact REDIS_URL=redis://localhost/0 \
	SECRET_KEY=a-long-enough-key-that-signs-nothing-and-opens-nothing-2026-abcdefghijkl \
	ALLOWED_HOSTS=tact.example SITE_URL=https://tact.example EMAIL_HOST=localhost DEFAULT_FROM_EMAIL=tact@tact.example TACT_RECEIPT_KEY=/nowhere/receipt.pem

.PHONY: help run install test a11y core mutants check bench soak grow lock messages backup restore stop clean-var

help: ## What can be asked
	@grep -hE '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

install: ## Install into .venv what requirements.lock lists, where it is not done
	@$(PYTHON) config/install.py

run: install ## Bring up the whole house on http://127.0.0.1:8000 (PORT= changes it)
	@exec $(RUN) -m config.launcher

test: install ## Every test, browser tests included (ARGS= for pytest)
	@command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null || \
		{ echo "No browser for the browser tests. Install one: sudo apt-get install -y chromium" >&2; exit 2; }
	@for one in curl jq; do command -v $$one >/dev/null || { echo "The examples of docs/api.md need $$one: sudo apt-get install -y curl jq" >&2; exit 2; }; done
	@exec $(TESTED) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

a11y: install ## Every page × persona × language × width through axe; make test asks each page once, in rotation
	@A11Y=grid exec $(TESTED) -m pytest -n $(JOBS) --dist loadfile tests/browser/test_every_page*.py $(ARGS)

core: install ## The decision core's tests alone, and that they take every branch of it
	@exec $(RUN) -m pytest -q tests/core --cov --cov-config=tests/core/coverage.ini --cov-report=term-missing $(ARGS)

mutants: install ## 60 small faults put into the core one at a time: how many its tests notice (SEED= MUTANTS= JOBS=)
	@SEED=$(or $(SEED),1) MUTANTS=$(or $(MUTANTS),60) JOBS=$(JOBS) $(RUN) -m bench.mutants

check: install ## Style, types, import contracts, migrations, deployment, documents in step, known weaknesses
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m djlint --lint --quiet templates
	@$(RUN) -m mypy
	@$(RUN) -c "from importlinter.cli import lint_imports_command as lint; lint()"
	@$(RUN) manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING
	@$(RUN) manage.py catalogue --check
	@$(RUN) manage.py write_rules --check
	@$(RUN) manage.py draw_states --check
	@$(RUN) -m config.documents
	@$(RUN) -m config.weaknesses

bench: install ## The figures that the README quotes
	@exec $(RUN) -m bench

soak: install ## Fifty people on 20 000 cases: errors, p50 and p95 of each page, memory (MINUTES=10)
	@$(RUN) bench/soak.py --minutes $(or $(MINUTES),10)

grow: install ## How it grows: webs, a standby, partitions, what sharing out by case would cross (a quarter of an hour)
	@exec $(RUN) -m bench.grow

lock: install ## Make requirements.lock again from requirements.txt (needs uv)
	@uv pip compile requirements.txt --generate-hashes --python-version 3.11 --no-header --annotation-style line -q -o requirements.lock
	@sed -i '1i # Every package Tact runs on, with its hashes. Made from requirements.txt by: make lock' requirements.lock

messages: install ## Gather the texts of the pages into locale/en, then compile them
	@$(RUN) manage.py catalogue

backup: install ## Save the database, then each key apart, encrypted (TO= RECIPIENTS=)
	@$(RUN) manage.py backup $(if $(TO),--to "$(TO)") $(if $(RECIPIENTS),--recipients "$(RECIPIENTS)")
	@for key in receipt seal; do $(RUN) manage.py backup_key $$key --if-made $(if $(TO),--to "$(TO)/$$key") $(if $(RECIPIENTS),--recipients "$(RECIPIENTS)") || exit $$?; done

restore: install ## Put a backup back into an EMPTY database and verify the trail (FROM= SHA256= IDENTITY= SHREDDED= SINCE= SUPERUSER= WITHOUT_SUPERUSER=)
	@[ -n "$(FROM)" ] || { echo "Say which backup: make restore FROM=file.age IDENTITY=identity.txt" >&2; exit 2; }
	@$(RUN) manage.py restore "$(FROM)" $(if $(SHA256),--sha256 "$(SHA256)") $(if $(IDENTITY),--identity "$(IDENTITY)") $(if $(SHREDDED),--shredded "$(SHREDDED)") \
		$(if $(NOTHING_WAS_ERASED),--nothing-was-erased) $(if $(SINCE),--since "$(SINCE)") $(if $(SUPERUSER),--superuser "$(SUPERUSER)") $(if $(WITHOUT_SUPERUSER),--without-superuser)

stop: ## Stop the bundled PostgreSQL and Redis, whoever started them
	@$(RUN) -m config.embedded stop

clean-var: ## Stop the bundled servers and ERASE everything that running made: databases, secrets, mail
	@$(RUN) -m config.embedded erase
