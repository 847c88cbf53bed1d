# What is handed out, made from nothing but Python, git and (for the package) dpkg-deb: `make deb`.
# The same commit gives the same bytes: the build tools are pinned with hashes, times are the commit's.

export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)
ARCH ?= amd64
TOOLS = build/tools

.PHONY: deb deb-test clean

deb: $(TOOLS)  ## dist/itrwatch_X_ARCH.deb for Debian 12 and 13, the wheel, and an SBOM beside each
	$(TOOLS)/bin/python -m release --arch $(ARCH)

deb-test: deb  ## the package on bare Debian 12 and 13 without a network; as root, with debootstrap
	$(TOOLS)/bin/python -m release.chroots
	.venv/bin/python -m pytest -q -n 1 tests/project/test_debian_package.py

$(TOOLS): requirements-build.lock
	python3 -m venv --clear $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --require-hashes -r requirements-build.lock
	touch $(TOOLS)

clean:
	rm -rf build dist
