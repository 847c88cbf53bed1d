"""``itrwatch doctor``: examines the installation."""

from __future__ import annotations

import argparse

from itrwatch.errors import Exit


def doctor(options: argparse.Namespace) -> Exit:
    """Placeholder until the next commit."""
    del options
    return Exit.OK
