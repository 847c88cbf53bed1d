"""The browser that reports, panel and composing are looked at with: started once, a fresh reader for each test."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser import CHROMIUM, QUIET, Reader


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  its tests skip where it is missing

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def reader(browser):
    """A function that makes a `Reader`; at the end nothing had complained, and nothing came from elsewhere."""
    readers = []

    def new(**options):
        readers.append(Reader(browser, **options))
        return readers[-1]

    yield new
    for each in readers:
        assert each.trouble == []
        assert {urlsplit(url).scheme for url in each.requests} <= {"file", "data", "blob"}
        each.context.close()
