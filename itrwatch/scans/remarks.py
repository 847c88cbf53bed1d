"""Collects remarks of decoders about a page that was read completely.

>>> with collected() as remarks:
...     remark("As últimas linhas saíram em branco.")
>>> remarks
['As últimas linhas saíram em branco.']

Decoders are called through many functions, and few have remarks; a collector spares a field in all their results.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_collecting: ContextVar[list[str] | None] = ContextVar("_collecting", default=None)


def remark(sentence: str) -> None:
    """Add ``sentence`` (Portuguese) to the remarks about the page being read; ignored outside `collected`."""
    remarks = _collecting.get()
    if remarks is not None and sentence not in remarks:
        remarks.append(sentence)


@contextmanager
def collected() -> Iterator[list[str]]:
    """The remarks made inside the context, without duplicates."""
    remarks: list[str] = []
    token = _collecting.set(remarks)
    try:
        yield remarks
    finally:
        _collecting.reset(token)
