"""Orders for single pages of a scan (``girar``, ``manter``, ``remover``), and page ranges of a key.

    page_orders(fields, "", spans, collector) -> PageOrders(turns=((3, 90),), keep=(), remove=(5,))

An order for a page that the item does not use is refused: probably a wrong number.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from itrwatch.core.case_description import Source
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.pages import Turn
from itrwatch.core.ranges import LAST, LAST_PAGE, BadPages, Pages, Span, parse_pages
from itrwatch.core.text_matching import cited, fold, match
from itrwatch.core.tree import Mapping, Node, Scalar, Sequence, is_empty
from itrwatch.sidecar.keys import DEGREES

_LONGEST_DEGREES = 20  # characters; chosen
_MOST_ORDERED = 999  # single pages of one key; chosen: more is a typing error and would cost time and memory
_TURN_EXAMPLE = "girar: {3: 90}"

Fields = dict[str, tuple[Scalar, Node]]
"""The keys of a block by word, each with its value."""


@dataclass(frozen=True, slots=True)
class PageOrders:
    """The orders for single pages, as in `Source`."""

    turns: tuple[tuple[int, Turn], ...]
    keep: tuple[int, ...]
    remove: tuple[int, ...]

    def __add__(self, other: PageOrders) -> PageOrders:
        return PageOrders(self.turns + other.turns, self.keep + other.keep, self.remove + other.remove)

    def of(self, source: Source) -> Source:
        """The source with these orders."""
        return replace(source, turns=self.turns, keep=self.keep, remove=self.remove)


def page_orders(fields: Fields, suffix: str, spans: tuple[Span, ...], collector: FindingCollector) -> PageOrders:
    """The orders for single pages of a scan; an order for a page outside ``spans`` is noted as an error."""
    turns = tuple(_turns(fields.get(f"girar{suffix}"), collector))
    keep = _pages(fields.get(f"manter{suffix}"), collector)
    remove = _pages(fields.get(f"remover{suffix}"), collector)
    if both := set(keep) & set(remove):
        message = f"a página {min(both)} está em “manter{suffix}” e em “remover{suffix}”; deixe-a em um só"
        collector.error(fields[f"remover{suffix}"][0].place, message)
    for word, pages in (("girar", [page for page, _ in turns]), ("manter", keep), ("remover", remove)):
        _check_inside(fields.get(word + suffix), pages, spans, collector)
    return PageOrders(turns, keep, remove)


def spans_of(entry: tuple[Scalar, Node], collector: FindingCollector) -> tuple[Span, ...]:
    """The spans of ``1-3,8`` or ``[1-3, 8]``; faults are noted."""
    key, value = entry
    items = value.items if isinstance(value, Sequence) else (value,)
    texts = [item.text for item in items if isinstance(item, Scalar)]
    if len(texts) < len(items) or not texts:
        collector.error(
            value.place, f"não entendi as páginas em {cited(key.text)}; escreva, por exemplo, “{key.text}: 1-3,8”"
        )
        return ()
    pages = parse_pages(",".join(texts))
    if isinstance(pages, BadPages):
        collector.error(value.place, pages.message, fix=(",".join(texts), pages.proposal))
        return ()
    if pages.reminder:
        collector.reminder(value.place, pages.reminder, fix=(",".join(texts), ",".join(map(str, pages.spans))))
    if pages.order and match(key.text, ("paginas",)):
        collector.reminder(value.place, pages.order)
    return pages.spans


def _pages(entry: tuple[Scalar, Node] | None, collector: FindingCollector) -> tuple[int, ...]:
    """The single pages of ``manter`` or ``remover``."""
    if entry is None or is_empty(entry[1]) or entry[1] == Sequence((), entry[1].place):
        return ()
    return _closed(spans_of(entry, collector), entry, collector)


def _closed(spans: tuple[Span, ...], entry: tuple[Scalar, Node], collector: FindingCollector) -> tuple[int, ...]:
    """The single pages of ``spans``; too many pages, or an open end, are noted as errors."""
    where = cited(entry[0].text)
    if LAST in spans:
        collector.error(entry[1].place, f"em {where} diga o número da página, não “ultima”")
        return ()
    if opened := next((span for span in spans if span.last is None), None):
        first = opened.first
        collector.error(entry[1].place, f"em {where} diga também a última página: {first}-{first + 1}, por exemplo")
        return ()
    pages = [span.pages(LAST_PAGE) for span in spans]
    if sum(map(len, pages)) > _MOST_ORDERED:
        collector.error(entry[1].place, f"em {where} há mais de {_MOST_ORDERED} páginas; confira os números")
        return ()
    return tuple(page for span in pages for page in span)


def _turns(entry: tuple[Scalar, Node] | None, collector: FindingCollector) -> Iterator[tuple[int, Turn]]:
    if entry is None or is_empty(entry[1]):
        return
    if not isinstance(entry[1], Mapping):
        collector.error(entry[1].place, f"em “girar” diga a página e os graus, por exemplo {_TURN_EXAMPLE}")
        return
    named: set[int] = set()
    for key, value in _joined(entry[1], collector):
        turn = _degrees(key, value, collector)
        if turn is None:
            continue
        pages = _closed(spans_of((key, key), collector), (key, key), collector)
        if twice := named.intersection(pages):
            collector.error(key.place, f"a página {min(twice)} aparece duas vezes em “girar”; deixe-a uma vez só")
            return  # report only the first: a key may name thousands of pages
        named.update(pages)
        yield from ((page, turn) for page in pages)


def _joined(block: Mapping, collector: FindingCollector) -> Iterator[tuple[Scalar, Node]]:
    """The pairs; ``{2,4,6: 180}``, which YAML reads as three keys, becomes one pair, with a remark."""
    waiting: list[Scalar] = []
    for key, value in block.pairs:
        if is_empty(value) and isinstance(parse_pages(key.text), Pages):
            waiting.append(key)
        elif waiting and isinstance(value, Scalar):
            keys = [*waiting, key]
            pages = f'"{",".join(each.text for each in keys)}"'
            written = re.search(r" *, *".join(re.escape(each.text) for each in keys), collector.line(keys[0].place))
            message = f"várias páginas vão entre aspas; escreva girar: {{{pages}: {value.text}}}"
            collector.error(keys[0].place, message, fix=(written[0], pages) if written else "")
            waiting = []
        else:
            yield key, value
    for key in waiting:
        collector.error(
            key.place, f"faltam os graus da página {key.text}; escreva, por exemplo, girar: {{{key.text}: 90}}"
        )


def _degrees(key: Scalar, value: Node, collector: FindingCollector) -> Turn | None:
    """Degrees clockwise; ``-90`` is a quarter turn counterclockwise."""
    glued = re.fullmatch(r"([0-9]+):(-?[0-9]+)", key.text)
    if glued and is_empty(value):
        message = f"falta um espaço depois dos dois-pontos; escreva girar: {{{glued[1]}: {glued[2]}}}"
        collector.error(key.place, message, fix=(key.text, f"{glued[1]}: {glued[2]}"))
        return None
    written = fold(value.text[:_LONGEST_DEGREES]) if isinstance(value, Scalar) else ""
    number = re.fullmatch(r"\+?(-?[0-9]{1,3})(?: ?(?:°|o|graus))?", written)
    turn = DEGREES.get(int(number[1])) if number else None
    if turn is None:
        said = cited(value.text) if isinstance(value, Scalar) else "a lista"
        collector.error(
            value.place,
            f"não sei girar {said}; use 0, 90, 180 ou 270 graus no sentido do relógio, como {_TURN_EXAMPLE}",
        )
    return turn


def _check_inside(
    entry: tuple[Scalar, Node] | None, pages: Iterable[int], spans: tuple[Span, ...], collector: FindingCollector
) -> None:
    """Refuses an order for a page that this item does not use: probably a wrong number."""
    unsure = any(span == LAST for span in spans)  # the number of the last page is not known yet
    # Low and high of each span, sorted for the bisection in `_is_inside`.
    plain = sorted(sorted((span.first, span.last or LAST_PAGE)) for span in spans if span.step == 1)
    other = [span for span in spans if span.step > 1]
    outside = [
        page
        for page in pages
        if spans and not unsure and not _is_inside(page, plain) and not any(page in span for span in other)
    ]
    if entry and outside:
        asked = ",".join(map(str, spans))
        said = f"a página {outside[0]} em {cited(entry[0].text)} não está entre as páginas deste item ({asked})"
        collector.error(entry[0].place, f"{said}; confira o número (conta a partir de 1, no arquivo digitalizado)")


def _is_inside(page: int, spans: list[list[int]]) -> bool:
    # The last span that begins at or before the page; the spans of one text do not overlap (`ranges`).
    at = bisect_right(spans, [page, LAST_PAGE + 1])
    return at > 0 and page <= spans[at - 1][1]
