"""What decoders have to say of a page that they read whole all the same.

>>> with collected() as remarks:
...     remark("As últimas linhas saíram em branco.")
>>> remarks
['As últimas linhas saíram em branco.']

A decoder lies deep below the reader of a page, and few have anything to say; so their results need no place for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_collecting: ContextVar[list[str] | None] = ContextVar("_collecting", default=None)


def remark(sentence: str) -> None:
    """Add ``sentence`` (Portuguese) to the notes of the page that is being read; ignored if none is."""
    remarks = _collecting.get()
    if remarks is not None and sentence not in remarks:
        remarks.append(sentence)


@contextmanager
def collected() -> Iterator[list[str]]:
    """The remarks that are made within, each once."""
    remarks: list[str] = []
    token = _collecting.set(remarks)
    try:
        yield remarks
    finally:
        _collecting.reset(token)
