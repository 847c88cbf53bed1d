"""Parses the instructions of a content stream (ISO 32000-2, 7.8.2) strictly.

list(steps(parsed(page))) -> [("q", []), ("cm", [595, 0, 0, 842, 0, 0]), ("Do", [/Im0]), ("Q", [])]
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

INLINE_IMAGE = "BI"
"""The operator with which `steps` yields an inline image; its only operand is the `pikepdf.ContentStreamInlineImage`."""


def parsed(content: Any, only: str = "") -> list[Any]:
    """The instructions of a page or a form; ``only``: the operators to return, separated by spaces; "": all.

    Raises `UserWarning` for damage, of which qpdf only warns; also errors of pikepdf, `RuntimeError`, `ValueError`, `TypeError`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return list(pikepdf.parse_content_stream(content, only))


def steps(instructions: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yields the operator and operands of each instruction; lazily, because there may be a million."""
    for instruction in instructions:
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            yield INLINE_IMAGE, [instruction]
        else:
            yield _name(instruction.operator), list(instruction.operands)


def _name(operator: pikepdf.Operator) -> str:
    try:
        return str(operator)
    except UnicodeDecodeError:  # no operator of PDF, so that any text will do that is none, either
        return operator.unparse().decode("latin-1")
