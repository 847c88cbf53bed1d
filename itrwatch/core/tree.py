"""Text with places: what is left of a YAML file when its types are not trusted.

Every scalar is text, as written (``0012345`` is not octal, ``no`` is not false), and every node
knows its line and column, so that each fault can be reported where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text file; both count from 1."""

    line: int
    column: int


START = Place(1, 1)
"""Where a fault of the whole file is reported."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as text; ``quoted`` distinguishes ``""`` from an empty value."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was written here, as after ``contribuinte:``."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, block or in brackets."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Pairs in the order of the file; no key stands twice with the same letters."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Sequence | Mapping


def is_empty(node: Node) -> bool:
    """Whether a key was written without a value."""
    return isinstance(node, Scalar) and node.empty
