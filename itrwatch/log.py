"""The log: events in Portuguese, mostly one line each; what becomes of a sound page only at debug level, with its reason in English.

It goes to stderr, where journald adds the time, and to a rotating file if configured. File names may
contain any bytes; callers escape them (`core.filenames.printable`).
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

    The file is created with the rights that ``umask`` and the umask of the process permit.
    Raises `ItrwatchError` if it cannot be written, for example because the disk is full or not mounted.
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
        diagnose=False,  # values of variables may contain text of the papers
    )


def _opened(umask: int, path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666 & ~umask)


def _case_line(record: Record) -> str:
    """The format of a line of processo.log, to which the report refers the fiscal: levels in Portuguese."""
    word = _WORDS.get(record["level"].name, "")
    return "{time:YYYY-MM-DD HH:mm:ss} " + (f"{word}: " if word else "") + "{message}\n{exception}"


@contextmanager
def case_log(path: Path, folder: str) -> Iterator[None]:
    """Inside the context, messages of this thread, and messages bound to ``case=folder``, also go to ``path``."""
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
