"""LEIA-ME.html at the top of the outbox: the fiscal's guide, with the name that this office's inbox has.

The text is made from ``docs/guia-do-fiscal.md`` (`python -m docs`).
"""

from __future__ import annotations

from itrwatch.core.settings import Config
from itrwatch.report.rendering import render


def inbox_name(config: Config) -> str:
    """The inbox by its name in Windows, or by its path on the server."""
    return config.share_name or str(config.inbox)


def guide_html(config: Config) -> bytes:
    """The guide as one self-contained page."""
    return render("leia-me.html", "leia-me.js", inbox=inbox_name(config))
