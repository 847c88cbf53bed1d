"""Reads YAML as text with places; the only module that imports the ``yaml`` package.

    read(b"processo: 1", "processo.yaml") -> Parsed(node=Mapping(…), findings=(), …)

Only PyYAML's events are used: no type is inferred (``0012`` is not octal, ``no`` is not false,
``12:30`` is not sexagesimal), no object is constructed, and aliases are not followed. The pure Python
parser is used deliberately: the C parser has other messages and places, and recurses. A sidecar takes
milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from itrwatch.core.excerpts import DELETE
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.findings import Finding
from itrwatch.core.text_matching import cited
from itrwatch.core.tree import START, Mapping, Node, Place, Scalar, Sequence, is_empty
from itrwatch.sidecar.reading import repeated_key
from itrwatch.sidecar.text_encoding import MAX_BYTES, Decoded, decode, too_large
from itrwatch.sidecar.yaml_errors import Problem, Remedy, bad_start, explain, in_quotes
from itrwatch.sidecar.yaml_repair import MAX_DEPTH, TOO_DEEP, Repaired, repair

# Chosen: as many nodes as a sidecar of MAX_BYTES with ordinary sections has; more would take too long.
MAX_NODES = 3_000

MOST_ATTEMPTS = 5  # attempts at parsing repaired text; chosen
LONGEST_TRIED = 4_000  # characters; chosen: PyYAML takes about 10 ms for them, and a sidecar may take 100 ms

_DROPPED = re.compile(r"[ \t]*#(?=\w| [0-9])(.*)")
_CURLY = "“”„‟‘’«»"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """``node`` is None if nothing could be read; ``findings`` may have errors in either case.

    ``ready`` is False if the file seems incomplete; ``lines``: the lines of the file.
    """

    node: Node | None
    findings: tuple[Finding, ...]
    ready: bool = True
    lines: tuple[str, ...] = ()


def read(data: bytes, file_name: str) -> Parsed:
    """Bytes of a YAML file called ``file_name`` → its tree and findings."""
    decoded = decode(data, file_name)
    if decoded.text is None:
        return Parsed(None, decoded.findings, decoded.ready)
    parsed = parse(decoded.text, file_name)
    return Parsed(parsed.node, decoded.findings + parsed.findings, lines=parsed.lines)


def parse(text: str, file_name: str) -> Parsed:
    """Text → its tree, and all faults that do not depend on the meaning of the keys."""
    lines = tuple(text.split("\n")) if len(text) <= MAX_BYTES else ()
    collector = FindingCollector(file_name, lines)
    return Parsed(_tree(lines, collector), collector.findings(), lines=lines)


def _tree(lines: tuple[str, ...], collector: FindingCollector) -> Node | None:
    if not lines:
        collector.error(START, f"este arquivo é grande demais; o limite é {MAX_BYTES // 1024} KB")
        return None
    repaired = repair(lines, collector)
    if repaired is None:
        return None
    attempts = MOST_ATTEMPTS if sum(map(len, lines)) <= LONGEST_TRIED else 1
    return _attempted(repaired, collector, attempts)


def _attempted(repaired: Repaired, collector: FindingCollector, attempts: int) -> Node | None:
    """The tree. A line that PyYAML refuses is reported and, if its correction is known, read in that form.

    In this way the faults of the other lines are reported in the same run.
    """
    builder, before = _Builder(repaired, collector), collector.checkpoint()
    try:
        return builder.document()
    except _GivenUpError:
        return None
    except yaml.MarkedYAMLError as fault:
        explained = explain(_problem(fault), repaired.lines)
    except (yaml.YAMLError, ValueError, OverflowError, LookupError, RecursionError):
        # PyYAML does not catch some of these itself, such as the one for "\UFFFFFFFF" between double quotes.
        advice = "tire barras invertidas e sinais especiais"
        explained = Remedy(builder.reached, f"não entendi o que vem depois daqui; {advice}")
    if repaired.guessed and explained.place.line >= repaired.guessed:  # perhaps an effect of the guess
        return None
    if explained.place.line <= repaired.mended:  # the correction was wrong
        return None
    if not (isinstance(explained.fix, str) and explained.fix and explained.sure) or attempts == 1:
        collector.error(repaired.written(explained.place), explained.message, fix=explained.fix)
        return None
    collector.roll_back(before)  # the next attempt finds these again
    collector.error(repaired.written(explained.place), explained.message, fix=explained.fix)
    repaired.mend(explained.place.line, explained.fix)
    return _attempted(repaired, collector, attempts - 1)


def _problem(fault: yaml.MarkedYAMLError) -> Problem:
    opened = fault.context_mark or fault.problem_mark
    return Problem(fault.context or "", fault.problem or "", _at(fault.problem_mark), _at(opened))


def _at(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else START


class _GivenUpError(Exception):
    """Reading ends; the reason has been noted."""


class _Builder:
    """Builds nodes from PyYAML's events."""

    def __init__(self, repaired: Repaired, collector: FindingCollector) -> None:
        self.reached = START
        self._repaired = repaired
        self._text = text = "\n".join(repaired.lines)
        self._collector = collector
        self._nodes = 0
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)

    def document(self) -> Node | None:
        """The single document of the text; None, with an error noted, if it is empty."""
        self._next()  # start of the stream
        node = None
        if not isinstance(self._next(), yaml.StreamEndEvent):
            node = self._node(self._next(), 0)
            self._next()  # end of the document
            while not isinstance(self._next(), yaml.StreamEndEvent):
                begins = self.reached
                if not is_empty(self._node(self._next(), 0)):
                    message = "o arquivo tem mais de uma parte; apague a linha “---” e deixe uma parte só"
                    self._collector.error(begins, message, fix=DELETE if self._is_parting(begins) else "")
                    raise _GivenUpError
                self._next()
        if node is None or is_empty(node):
            state = "só tem comentários (linhas com #)" if "#" in self._text else "está vazio"
            self._give_up(START, f"o arquivo {state}; escreva o que falta e salve-o de novo")
        return node

    def _is_parting(self, place: Place) -> bool:
        return self._repaired.lines[place.line - 1].strip() == "---"

    def _next(self) -> yaml.Event:
        event = next(self._events)
        self.reached = self._at(event)
        return event

    def _at(self, event: yaml.Event) -> Place:
        return self._repaired.written(_at(event.start_mark))

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self._nodes += 1
        if self._collector.full():
            raise _GivenUpError
        if depth > MAX_DEPTH:
            self._give_up(self._at(event), TOO_DEEP)
        if self._nodes > MAX_NODES:
            self._give_up(self._at(event), "o arquivo tem itens demais; confira se é mesmo o arquivo certo")
        self._refuse_yaml_signs(event)
        match event:
            case yaml.SequenceStartEvent():
                return Sequence(tuple(self._items(depth)), self._at(event))
            case yaml.MappingStartEvent():
                return Mapping(tuple(self._pairs(depth)), self._at(event))
            case yaml.ScalarEvent():
                return self._scalar(event)
        return Scalar("", self._at(event))  # an alias; the error was noted above

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _pairs(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        lines: dict[str, tuple[int, Node]] = {}
        before = ""
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(self._next(), depth + 1)
            if not isinstance(key, Scalar):
                self._collector.error(
                    key.place, "aqui deve vir uma palavra antes dos dois-pontos; tire os colchetes ou chaves"
                )
            elif key.text in lines:
                first, (line, had) = before == key.text, lines[key.text]
                fault = repeated_key(key, value, line, had if first else None)
                self._collector.error(key.place, fault.message, fix=fault.fix)
            else:
                before, lines[key.text] = key.text, (key.place.line, value)
                yield key, value

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text, place = event.value, self._at(event)
        scalar = Scalar(text, place, quoted=event.style is not None)
        if _UNPRINTABLE.search(text):
            self._collector.error(
                place, "este valor tem caracteres invisíveis; tire as barras invertidas (\\) ou use aspas simples"
            )
            return Scalar(_UNPRINTABLE.sub("", text), place, quoted=True)
        if scalar.quoted:
            return scalar
        if text.startswith(tuple(_CURLY)):
            straight = text.translate(dict.fromkeys(map(ord, _CURLY)))
            message = f"as aspas curvas não servem aqui; apague-as e escreva só {cited(straight)}"
            self._collector.error(place, message, fix=(text, straight))
            scalar = Scalar(straight, place, quoted=True)  # so that the rest is checked as well
        dropped = _DROPPED.match(self._text, event.end_mark.index) if event.end_mark else None
        if dropped:
            lost = cited(dropped[0].strip())
            whole = f'"{(text + dropped[0]).strip()}"'
            advice = f"se faz parte do valor, escreva tudo entre aspas: {cited(whole)}"
            message = f"o que vem depois de # foi deixado de fora como comentário: {lost}; {advice}"
            self._collector.warning(place, message, fix=(text + dropped[0].rstrip(), whole))
        return scalar

    def _refuse_yaml_signs(self, event: yaml.Event) -> None:
        """Notes an error for YAML's ``*alias``, ``&anchor`` and ``!tag``, which a sidecar never needs."""
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&" if getattr(event, "anchor", None) else "!"
        if sign != "!" or getattr(event, "tag", None):
            mark: Any = event.start_mark
            fixed = in_quotes(self._repaired.lines[mark.line], mark.column + 1)
            self._collector.error(self._at(event), bad_start(sign), fix=fixed)

    def _give_up(self, place: Place, message: str) -> NoReturn:
        self._collector.error(place, message)
        raise _GivenUpError


__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "Decoded", "Parsed", "decode", "parse", "read", "too_large"]
