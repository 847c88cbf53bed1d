"""Writes the file of the setting ``metrics_file`` atomically, so that the collector never reads a partial file."""

from __future__ import annotations

import os
from pathlib import Path

from loguru import logger

from itrwatch.errors import reason_with_path

_failed: set[Path] = set()
"""The files for which a failure was logged."""


def replace_metrics(path: Path, text: str) -> None:
    """Write ``text`` beside ``path`` and rename it over the old file; a failure is logged once and not raised.

    The file is world-readable: the collector runs as another user, and the file has only counts.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o644)
            file.write(text)
        temporary.replace(path)
    except OSError as wrong:
        if path not in _failed:
            logger.warning("os números do serviço (metrics_file) não puderam ser salvos: {}", reason_with_path(wrong))
            _failed.add(path)
    else:
        _failed.discard(path)
