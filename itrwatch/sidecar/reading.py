"""Common functions of all readers of a YAML tree: look up keys by their words, read single values, note faults.

keyed(block.pairs, ("modo", "data"), collector) -> {"modo": (Scalar("Modo", …), Scalar("postal", …))}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from itrwatch.core.excerpts import DELETE, Fix
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.ranges import Pages, parse_pages
from itrwatch.core.text_matching import cited, match, nearest, suggestion
from itrwatch.core.tree import Mapping, Node, Place, Scalar, Sequence, is_empty

_HEAD = re.compile(r"(\w+)(?:\s*[=;]?\s+(?=[{\[\w])|(?=[{\[]))")
_COUNT = re.compile(r"0*([1-9][0-9]{0,3})[ªa]?(?: *(?:folhas?|fls?\.?|páginas?|paginas?|juntadas?))?", re.IGNORECASE)
_GLUED = re.compile(r"(\w+):(\S.*)", re.DOTALL)


def keyed(
    pairs: Iterable[tuple[Scalar, Node]], words: tuple[str, ...], collector: FindingCollector
) -> dict[str, tuple[Scalar, Node]]:
    """The pairs by the word of each key; unknown and repeated keys are noted as errors, up to the limit of ``collector``."""
    found: dict[str, tuple[Scalar, Node]] = {}
    before = ""
    for key, value in (_unglued(key, value, words, collector) for key, value in pairs):
        if collector.full():
            break
        word = match(key.text, words)
        if word is None:
            _note_unknown(key, value, words, collector)
        elif word in found:
            had = found[word][1] if before == word else None
            fault = repeated_key(key, value, found[word][0].place.line, had)
            collector.error(key.place, fault.message, fix=fault.fix)
        else:
            found[word] = key, value
            before = word
    return found


def _note_unknown(key: Scalar, value: Node, words: tuple[str, ...], collector: FindingCollector) -> None:
    """Notes an unknown key with its remedy: the missing colon, the nearest word, or how to remove the line."""
    message = unknown_key(key, words)
    head = _HEAD.match(key.text)
    # “girar {3: 90}” lacks the colon after “girar”.
    if head and match(head[1], words) and (line := collector.line(key.place)):
        rest = line[key.place.column - 1 + head.end() :]
        fixed = f"{head[1]}: {rest}"
        message = f"faltam os dois-pontos depois de {cited(head[1])}; escreva {cited(fixed)}"
        collector.error(key.place, message, fix=line[: key.place.column - 1] + fixed)
    elif near := nearest(key.text, words):
        collector.error(key.place, message, fix=(key.text, near))
    elif collector.is_line_of(key, value):
        advice = "se a linha não faz falta, ponha # na frente dela"
        collector.error(key.place, f"{message}; {advice}", fix=collector.commented(key.place))
    else:
        collector.error(key.place, message)


def _unglued(key: Scalar, value: Node, words: tuple[str, ...], collector: FindingCollector) -> tuple[Scalar, Node]:
    """``{modo:postal}``, which YAML reads as a key without value, as ``{modo: postal}``."""
    glued = _GLUED.fullmatch(key.text)
    if not glued or not is_empty(value) or not match(glued[1], words):
        return key, value
    fixed = f"{glued[1]}: {glued[2]}"
    message = f"{cited(key.text)} entendido como {cited(fixed)}; prefira pôr um espaço depois dos dois-pontos"
    collector.reminder(key.place, message, fix=(key.text, fixed))
    return Scalar(glued[1], key.place), Scalar(glued[2], Place(key.place.line, key.place.column + len(glued[1]) + 1))


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence, and the correction of the line if known."""

    message: str
    fix: Fix = ""


def repeated_key(key: Scalar, value: Node, first_line: int, had: Node | None) -> Fault:
    """The fault of a key that occurs twice in one block; ``had``: its first value, if the two are adjacent.

    If both values are lists, the proposal deletes the second key, so that they form one list.
    """
    second = key.place.line
    lines = f"na linha {first_line}" if first_line == second else f"nas linhas {first_line} e {second}"
    said = f"{cited(key.text)} aparece duas vezes, {lines}"
    if isinstance(value, Sequence) and value.place.line > second:
        if isinstance(had, Sequence) and had.place.column == value.place.column and had.place.line > first_line:
            return Fault(f"{said}; apague a linha {second}: os itens abaixo dela já continuam a lista", DELETE)
        return Fault(
            f"{said}; passe os itens que estão abaixo da linha {second} para a lista da linha {first_line}, e apague a linha {second}"
        )
    return Fault(f"{said}; deixe só uma, ou comece cada item com um traço se for uma lista")


def unknown_key(key: Scalar, words: tuple[str, ...]) -> str:
    """The sentence about an unknown key, with a hint for common errors."""
    if isinstance(parse_pages(key.text), Pages):
        return (
            f'{cited(key.text)} ficou separado por uma vírgula; ponha todas as páginas entre aspas, por exemplo "1-3,8"'
        )
    return f"palavra desconhecida {cited(key.text)}; {suggestion(key.text, words)}"


def text_of(entry: tuple[Scalar, Node] | None, collector: FindingCollector) -> Scalar | None:
    """The single text of an optional key, on one line; None if it is missing, empty, or a list (which is noted)."""
    if entry is None or is_empty(entry[1]):
        return None
    key, value = entry
    if not isinstance(value, Scalar):
        only = value.items[0] if isinstance(value, Sequence) and len(value.items) == 1 else None
        fix = (f"[{only.text}]", only.text) if isinstance(only, Scalar) else ""
        message = f"{cited(key.text)} leva um valor só; escreva o texto depois dos dois-pontos"
        collector.error(value.place, message, fix=fix)
        return None
    return Scalar(" ".join(value.text.split()), value.place, quoted=value.quoted)


@dataclass(frozen=True, slots=True)
class Counted:
    """A whole number from 1 on, with its ``text`` and place."""

    number: int
    text: str
    place: Place


def count_of(entry: tuple[Scalar, Node] | None, wanted: str, collector: FindingCollector) -> Counted | None:
    """``folhas: 26``, ``folhas: 26 folhas`` → 26; anything else is noted as an error that asks for ``wanted``."""
    text = text_of(entry, collector)
    if entry is None or text is None:
        return None
    number = _COUNT.fullmatch(text.text)
    if number is None:
        collector.error(text.place, f"não entendi {cited(text.text)} em {cited(entry[0].text)}; escreva {wanted}")
        return None
    return Counted(int(number[1]), text.text, text.place)


def word_of(entry: tuple[Scalar, Node] | None, words: tuple[str, ...], collector: FindingCollector) -> str | None:
    """The word of an optional key, one of ``words``; an unknown one is noted as an error."""
    value = text_of(entry, collector)
    if entry is None or value is None:
        return None
    word = match(value.text, words)
    if word is None:
        where = cited(entry[0].text)
        message = f"valor desconhecido {cited(value.text)} em {where}; {suggestion(value.text, words)}"
        collector.error(value.place, message, fix=(value.text, nearest(value.text, words) or ""))
    return word


def mapping_of(entry: tuple[Scalar, Node] | None, example: str, collector: FindingCollector) -> Mapping | None:
    """The block of an optional key; another kind of value is noted as an error with ``example``."""
    if entry is None or is_empty(entry[1]):
        return None
    key, value = entry
    if isinstance(value, Mapping):
        return value
    collector.error(value.place, f"não entendi o valor de {cited(key.text)}; escreva, por exemplo, {example}")
    return None
