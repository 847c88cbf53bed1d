"""A person with a browser, as far as this machine has Chromium and playwright."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)

needs_browser = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None, reason="chromium or playwright is not installed"
)
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm install --no-save axe-core")


class Reader:
    """Somebody with a browser; whatever is loaded from elsewhere, alerts or complains is written down."""

    def __init__(self, browser, **options):
        self.context = browser.new_context(offline=True, **{"viewport": {"width": 1366, "height": 768}, **options})
        self.page = self.context.new_page()
        self.trouble, self.requests = [], []
        self.page.on("console", lambda said: self.trouble.append(said.text))
        self.page.on("pageerror", lambda wrong: self.trouble.append(str(wrong)))
        self.page.on("dialog", lambda dialog: self.trouble.append(dialog.message) or dialog.dismiss())
        self.context.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path):
        self.page.goto(path.as_uri())
        return self.page


def serious_faults(page) -> list[str]:
    """What axe finds on ``page`` that keeps people from reading it, each with its place."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
