"""Writes LEIA-ME.html for the top level of the outbox: the fiscal's guide with the name of this office's inbox.

    guide_html(config) -> the page, UTF-8

The text is generated from ``docs/guia-do-fiscal.md`` (`python -m docs`).
"""

from __future__ import annotations

from itrwatch.core.settings import Config
from itrwatch.report.rendering import render


def inbox_name(config: Config) -> str:
    """The name of the inbox in Windows (``share_name``), or its path on the server."""
    return config.share_name or str(config.inbox)


def guide_html(config: Config) -> bytes:
    """The guide as one self-contained HTML page."""
    return render("leia-me.html", "leia-me.js", inbox=inbox_name(config))
