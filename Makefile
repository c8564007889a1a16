# Needs Python >= 3.11 and make; the rest is set up by the targets themselves.
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test quality bench requirements clean

VENV ?= .venv
PORT ?= 8000
export VENV PORT
# Where it is set, each of some hundred processes would compile everything again.
unexport PYTHONDONTWRITEBYTECODE
RUN := $(VENV)/bin/python

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

demo: ## run the demo host on http://127.0.0.1:$PORT/ (PORT=8000)
	@sh scripts/python.sh scripts/environment.py demo
	@exec $(RUN) -W ignore -m demo serve

demo-reset: ## run it on new data
	@sh scripts/python.sh scripts/environment.py demo
	@exec $(RUN) -W ignore -m demo reset

test: ## run everything
	@sh scripts/python.sh scripts/services.py
	@sh scripts/python.sh scripts/environment.py test
	@exec $(RUN) scripts/everything.py

quality: ## run the linters, types, layers, migrations, personal data and catalogue checks
	@sh scripts/python.sh scripts/environment.py test
	@exec $(RUN) scripts/quality.py

bench: ## measure; ONLY=attendance for one domain
	@sh scripts/python.sh scripts/environment.py test
	@exec $(RUN) -m bench $(ONLY)

requirements: ## choose the newest versions again
	@sh scripts/python.sh scripts/environment.py test
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 --no-annotate \
		--custom-compile-command "make requirements" --output-file requirements/constraints.txt \
		setup.py requirements/demo.txt requirements/test.txt requirements/mariadb.txt requirements/quality.txt

clean: ## remove what the targets made
	rm -rf $(VENV) .test .tox .demo build dist *.egg-info
