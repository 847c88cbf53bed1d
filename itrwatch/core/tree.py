"""A YAML file as text with places, without YAML's types.

Every scalar is text as written (``0012345`` is not octal, ``no`` is not false). Every node has its line and
column, so that each fault can be reported at its place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text file; both count from 1."""

    line: int
    column: int


START = Place(1, 1)
"""The place of a fault of the whole file."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as text; ``quoted`` distinguishes ``""`` from an empty value."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether no value was written, as after ``contribuinte:``."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, block or in brackets."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Pairs in file order; all keys differ."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place


Node = Scalar | Sequence | Mapping


def is_empty(node: Node) -> bool:
    """Whether the node is the missing value of a key."""
    return isinstance(node, Scalar) and node.empty
