"""The log: one line per thing that matters, in Portuguese; pages only at debug.

To stderr, where journald keeps and dates it, and to a rotating file when configured. Names of
files can hold anything; they are escaped before they get here (`core.filenames.printable`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from itrwatch.core.settings import LogConfig
from itrwatch.errors import ItrwatchError, reason

if TYPE_CHECKING:
    from loguru import Record

_TERMINAL = "<green>{time:HH:mm:ss}</green> <level>{message}</level>"
_JOURNAL = "{level.name}: {message}"
_FILE = "{time:YYYY-MM-DD HH:mm:ss} {level.name}: {message}"
_WORDS = {"DEBUG": "detalhe", "WARNING": "aviso", "ERROR": "erro", "CRITICAL": "erro"}


def open_log(config: LogConfig, umask: int, *, quiet: bool = False) -> None:
    """Send the log to stderr and to the configured file; call it after daemonising (failures R17).

    The file has the rights that ``umask`` leaves from its first moment, whatever the umask of who called.
    `ItrwatchError` when it cannot be written: the disk may only be full, or away.
    """
    logger.remove()
    style = _TERMINAL if sys.stderr.isatty() else _JOURNAL
    logger.add(sys.stderr, format=style, level="ERROR" if quiet else config.level, backtrace=False, diagnose=False)
    if config.file:
        try:
            _add_file(config.file, config, umask)
        except OSError as fault:
            raise ItrwatchError(
                f"não consegui salvar o registro “{config.file}”: {reason(fault)}",
                "crie a pasta e dê-a ao usuário do itrwatch, ou escolha outra em “log: file:” na configuração",
            ) from fault


def _add_file(path: Path, config: LogConfig, umask: int) -> None:
    logger.add(
        path,
        format=_FILE,
        level=config.level,
        rotation=config.rotation,
        retention=config.retention,
        encoding="utf-8",
        errors="backslashreplace",
        opener=partial(_opened, umask),
        backtrace=False,
        diagnose=False,  # values of variables may hold what is on the papers
    )


def _opened(umask: int, path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666 & ~umask)


def _case_line(record: Record) -> str:
    """The form of a line of processo.log, which the report leads the fiscal to: levels in Portuguese."""
    word = _WORDS.get(record["level"].name, "")
    return "{time:YYYY-MM-DD HH:mm:ss} " + (f"{word}: " if word else "") + "{message}\n{exception}"


@contextmanager
def case_log(path: Path, folder: str) -> Iterator[None]:
    """While it lasts, what this thread logs goes to ``path`` as well, and what is bound to ``case=folder`` elsewhere."""
    sink = logger.add(
        path,
        format=_case_line,
        level="DEBUG",
        filter=lambda record: record["extra"].get("case") == folder,
        encoding="utf-8",
        errors="backslashreplace",
        backtrace=False,
        diagnose=False,
    )
    try:
        with logger.contextualize(case=folder):
            yield
    finally:
        logger.remove(sink)
