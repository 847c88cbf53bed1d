"""``itrwatch new FOLDER``: a draft of the sidecar; its issue is still open."""

from __future__ import annotations

import argparse

from itrwatch.errors import Exit, UsageError


def new(options: argparse.Namespace) -> Exit:
    """Not yet there, and says so."""
    raise UsageError(
        f"o comando «{options.command}» ainda está em preparação", "por enquanto use run, once, check ou status"
    )
