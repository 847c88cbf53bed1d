"""What every reader of a tree needs: a place to put faults, and keys looked up by the words they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.ranges import Pages, parse_pages
from itrwatch.core.text_matching import cited, match, nearest, suggestion
from itrwatch.core.tree import Mapping, Node, Place, Scalar, is_empty

_GLUED = re.compile(r"(\w+):(\S.*)", re.DOTALL)


def keyed(
    pairs: Iterable[tuple[Scalar, Node]], words: tuple[str, ...], notes: FindingCollector
) -> dict[str, tuple[Scalar, Node]]:
    """The pairs by the word that each key means; unknown and repeated keys are noted as errors."""
    found: dict[str, tuple[Scalar, Node]] = {}
    for key, value in (_unglued(key, value, words, notes) for key, value in pairs):
        if notes.full():
            break
        word = match(key.text, words)
        if word is None:
            notes.error(key.place, unknown_key(key, words), fix=(key.text, nearest(key.text, words) or ""))
        elif word in found:
            notes.error(key.place, repeated_key(key.text, found[word][0].place.line, key.place.line))
        else:
            found[word] = key, value
    return found


def _unglued(key: Scalar, value: Node, words: tuple[str, ...], notes: FindingCollector) -> tuple[Scalar, Node]:
    """``{modo:postal}``, which YAML takes for a word without value, as ``{modo: postal}``."""
    glued = _GLUED.fullmatch(key.text)
    if not glued or not is_empty(value) or not match(glued[1], words):
        return key, value
    fixed = f"{glued[1]}: {glued[2]}"
    message = f"{cited(key.text)} entendido como {cited(fixed)}; prefira pôr um espaço depois dos dois-pontos"
    notes.reminder(key.place, message, fix=(key.text, fixed))
    return Scalar(glued[1], key.place), Scalar(glued[2], Place(key.place.line, key.place.column + len(glued[1]) + 1))


def repeated_key(text: str, first_line: int, second_line: int) -> str:
    """The sentence about a key that stands twice in one block."""
    lines = f"na linha {first_line}" if first_line == second_line else f"nas linhas {first_line} e {second_line}"
    return f"{cited(text)} aparece duas vezes, {lines}; deixe só uma, ou comece cada item com um traço se for uma lista"


def unknown_key(key: Scalar, words: tuple[str, ...]) -> str:
    """The sentence about a key that is no known word, after the slips that look like one."""
    if isinstance(parse_pages(key.text), Pages):
        return (
            f'{cited(key.text)} ficou separado por uma vírgula; ponha todas as páginas entre aspas, por exemplo "1-3,8"'
        )
    return f"palavra desconhecida {cited(key.text)}; {suggestion(key.text, words)}"


def text_of(entry: tuple[Scalar, Node] | None, notes: FindingCollector) -> Scalar | None:
    """The single text of an optional key, on one line; None if it is missing, empty or (noted) a list."""
    if entry is None or is_empty(entry[1]):
        return None
    key, value = entry
    if not isinstance(value, Scalar):
        notes.error(value.place, f"{cited(key.text)} leva um valor só; escreva o texto depois dos dois-pontos")
        return None
    return Scalar(" ".join(value.text.split()), value.place, quoted=value.quoted)


def word_of(entry: tuple[Scalar, Node] | None, words: tuple[str, ...], notes: FindingCollector) -> str | None:
    """The known word that an optional key holds; an unknown one is noted as an error."""
    value = text_of(entry, notes)
    if entry is None or value is None:
        return None
    word = match(value.text, words)
    if word is None:
        where = cited(entry[0].text)
        message = f"valor desconhecido {cited(value.text)} em {where}; {suggestion(value.text, words)}"
        notes.error(value.place, message, fix=(value.text, nearest(value.text, words) or ""))
    return word


def mapping_of(entry: tuple[Scalar, Node] | None, example: str, notes: FindingCollector) -> Mapping | None:
    """The block of an optional key; another kind of value is noted as an error with ``example``."""
    if entry is None or is_empty(entry[1]):
        return None
    key, value = entry
    if isinstance(value, Mapping):
        return value
    notes.error(value.place, f"não entendi o valor de {cited(key.text)}; escreva, por exemplo, {example}")
    return None
