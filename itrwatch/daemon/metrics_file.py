"""Writes the file of the setting ``metrics_file`` atomically, so that the collector never reads a partial file."""

from __future__ import annotations

from pathlib import Path

from loguru import logger

from itrwatch.errors import reason_with_path
from itrwatch.store.atomic import replace_file

_failed: set[Path] = set()
"""The files for which a failure was logged."""


def replace_metrics(path: Path, text: str) -> None:
    """Replace the file; a failure is logged once and not raised.

    The file is world-readable: the collector runs as another user, and the file has only counts.
    """
    try:
        replace_file(path, text.encode(), 0o644)
    except OSError as wrong:
        if path not in _failed:
            logger.warning("os números do serviço (metrics_file) não puderam ser salvos: {}", reason_with_path(wrong))
            _failed.add(path)
    else:
        _failed.discard(path)
