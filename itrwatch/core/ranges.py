"""Pages of a scan file as the sidecar writes them: ``7``, ``1-5``, ``1-3,8,10-``, ``10-1``, ``impares``, ``ultima``.

    parse_pages("1-3, 8") -> Pages(spans=(Span(1, 3), Span(8, 8)))

Pages count from 1 in the scan, before any removal. A range with an open end continues to the last page
of the file; `resolve` turns it into numbers when the file is known. A descending range (``10-1``) is for
a stack that was scanned from its last sheet; the pages keep that order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from itrwatch.core.text_matching import cited, counted, fold

HELP = "escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)"
_LONGEST = 2000  # characters, about 500 single pages; chosen: a longer text is not a list of pages
LAST_PAGE = 9999
"""The highest accepted page number. Chosen: a higher one is a typing error and would cost memory."""

_OPEN_PIECE = r"([0-9]+(-[0-9]*)?( (im)?pares)?|(im)?pares|ultima)"
_CLOSED_PIECE = r"[0-9]+(-[0-9]+( (im)?pares)?)?"
CANONICAL = rf"{_OPEN_PIECE}( ?, ?{_OPEN_PIECE})*"
"""Pages in the usual notation, as a regular expression that is also valid in JSON Schema."""
CLOSED = rf"{_CLOSED_PIECE}( ?, ?{_CLOSED_PIECE})*"
"""The same without open ends."""
_SPAN = re.compile(r"([0-9]+)(?:(-)([0-9]*))?(?: ((?:im)?pares))?")
_WORDS = {"pares": 2, "impares": 1}
_PREFIX = re.compile(r"^(?:(?:as )?(?:paginas?|pags?\.?|pgs?\.?|pp?\.) ?)?(?:de |da )?(?=[0-9])")
_ALL = re.compile(r"(?:tod[ao]s|tud[oa]|inteir[oa]|completo)(?: as)?(?: paginas)?")
_WORD = re.compile(
    r"(?:so |somente |apenas )?(?:as? )?(?:paginas? |pags?\.? )?(?:(impar|par)(?:es)?|(ultima))(?: pagina| paginas)?"
)
_REWRITTEN = (
    # The order matters: each rewriting works on the result of those before it.
    (_PREFIX, ""),
    (re.compile("[\u2010-\u2015\u2212]"), "-"),
    (re.compile(r"(?<=[0-9])[ao°](?= |$)"), ""),
    (re.compile(r"(?<=[0-9]) ?(?:a|ao|ate|ate a|ate o) ?(?=[0-9])|(?<=[0-9]) ?(?:\.\.+|_) ?(?=[0-9])"), "-"),
    (re.compile(r"(?<=[0-9])(?:-| a | ate )(?:a )?ultima"), "-"),
    (re.compile(r"(?<=[0-9]) (?:ate o fim|ate o final|a fim|ao fim|em diante)"), "-"),
    (re.compile(r"(?<=[0-9]) (?:e|mais) (?=[0-9])|;"), ","),
    (re.compile(r" ?([-,]) ?"), r"\1"),
    (re.compile(r"-(?=(?:im)?pares$)"), "- "),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Pages ``first`` to ``last``, both included; ``last`` None: to the end of the file.

    If ``last`` is less than ``first``, the pages descend. ``step`` 2: every other page, from ``first``.
    """

    first: int
    last: int | None
    step: int = 1

    def __str__(self) -> str:
        """The span in the notation of the sidecar."""
        if self == LAST:
            return "ultima"
        word = ("", "impares", "pares")[2 - self.first % 2] if self.step == 2 else ""
        if self.last is None:
            return word if word and self.first <= 2 else f"{self.first}-{f' {word}' if word else ''}"
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}{f' {word}' if word else ''}"

    def __contains__(self, page: int) -> bool:
        """Whether the span includes ``page``, if the file has it."""
        # Sorted, because a descending span has its last page below its first.
        low, high = sorted((self.first, self.first if self.last is None else self.last))
        inside = low <= page and (self.last is None or page <= high)
        return inside and (page - self.first) % self.step == 0

    def pages(self, page_count: int) -> range:
        """The pages in a file of ``page_count`` pages, in the order written, including pages that the file lacks."""
        if self == LAST:
            return range(page_count, page_count + 1)
        last = page_count if self.last is None else self.last
        falls = self.last is not None and last < self.first
        # One beyond the last page, because `range` excludes its end.
        return range(self.first, last - 1, -self.step) if falls else range(self.first, last + 1, self.step)


LAST = Span(0, 0)
"""The last page of the file, whatever its number."""
_BY_WORD = {"ultima": LAST, "impares": Span(1, None, 2), "pares": Span(2, None, 2)}


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages understood; ``reminder``: a sentence if the notation was unusual, else empty.

    ``order``: a sentence about descending pages, which are right only for a stack that was scanned backwards.
    """

    spans: tuple[Span, ...]
    reminder: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class BadPages:
    """Why the pages were not understood or do not exist, in Portuguese; ``proposal``: the probable meaning."""

    message: str
    proposal: str = ""


def parse_pages(text: str) -> Pages | BadPages:
    """The ranges of ``text`` in the order written, or the fault; a page in two ranges is a fault, too.

    Also understood, with a reminder: ``1–5``, ``1 a 5``, ``1 até 5``, ``1 - 5``, ``1-3; 8``,
    ``1-3 e 8``, ``1..5``, ``páginas 1-5``, ``10 em diante``, ``todas``.
    """
    if len(text) > _LONGEST:
        return BadPages("há páginas demais em um item só; divida-o em vários itens da mesma seção")
    plain = _plain(text)
    if _ALL.fullmatch(plain):
        plain = "1-"
    spans = []
    for piece in plain.split(","):
        span = _span(piece, text)
        if isinstance(span, BadPages):
            return BadPages(span.message, _proposed(plain, piece, span.proposal))
        spans.append(span)
    repeated = _repeated(spans)
    if repeated:
        return BadPages(f"a página {repeated} aparece duas vezes em {cited(text)}; deixe-a uma vez só")
    usual = re.fullmatch(CANONICAL, fold(text))
    said = "" if usual else f"páginas {cited(text)} entendidas como {plain}; prefira escrever assim"
    return Pages(tuple(spans), said, _order(spans))


def _order(spans: list[Span]) -> str:
    falling = next((span for span in spans if span.last is not None and span.last < span.first), None)
    if falling is None:
        return ""
    first, second, last = falling.first, falling.first - falling.step, falling.last
    middle = "" if second == last else f", {second}{'' if second - falling.step == last else ', …'}"
    return (
        f"páginas {falling} na ordem escrita, de trás para a frente: {first}{middle}, {last}; confira no relatório se a "
        "primeira folha ficou mesmo em primeiro lugar"
    )


def resolve(spans: tuple[Span, ...], page_count: int) -> tuple[int, ...] | BadPages:
    """The pages of ``spans`` in a file of ``page_count`` pages; without spans, all pages."""
    has = f"o arquivo só tem {counted(page_count, 'página', 'páginas')}"
    missing = next((page for span in spans for page in (span.first, span.last or 0) if page > page_count), None)
    if missing is not None:
        word = str(Span(missing, None, 2)) if any(span.step == 2 and span.last is None for span in spans) else ""
        return BadPages(f"não há páginas {word}: {has}" if word else f"a página {missing} não existe: {has}")
    pages = [page for span in spans or (Span(1, None),) for page in span.pages(page_count)]
    if len(set(pages)) < len(pages):
        twice = next(page for at, page in enumerate(pages) if page in pages[:at])
        return BadPages(f"a página {twice} aparece duas vezes em {cited(','.join(map(str, spans)))}: {has}")
    return tuple(pages)


def _proposed(plain: str, piece: str, instead: str) -> str:
    """The pages without superfluous commas, and with ``instead`` in place of the faulty ``piece``."""
    pieces = [instead if other == piece else other for other in plain.split(",")]
    proposal = ",".join(filter(None, pieces))
    return proposal if re.fullmatch(CANONICAL, proposal) else ""


def _plain(text: str) -> str:
    plain = ",".join(map(_word, fold(text).lstrip(",;: ").strip("()[] ").split(",")))
    for pattern, replacement in _REWRITTEN:
        plain = pattern.sub(replacement, plain).strip()
    return plain


def _word(piece: str) -> str:
    """``so as paginas impares`` → ``impares``; other pieces unchanged."""
    found = _WORD.fullmatch(piece.strip())
    return piece if found is None else f"{found[1]}es" if found[1] else "ultima"


def _span(piece: str, text: str) -> Span | BadPages:
    if piece in _BY_WORD:
        return _BY_WORD[piece]
    found = _SPAN.fullmatch(piece)
    if not found:
        return _nonsense(piece, text)
    first, last = _number(found[1]), _number(found[3]) if found[3] else None
    if found[2] is None:
        last = first
    highest = max(first, last or 0)
    if highest > LAST_PAGE:
        return BadPages(f"a página {highest} é alta demais; confira o número")
    if first == 0 or last == 0:
        return BadPages("a página 0 não existe: as páginas do arquivo contam a partir de 1")
    if found[4] is None or found[2] is None:
        return Span(first, last) if found[4] is None else _nonsense(piece, text)
    return _every_other(first, last, found[4])


def _every_other(first: int, last: int | None, word: str) -> Span | BadPages:
    """``1-10 pares`` → the pages 2, 4 … 10."""
    falls = last is not None and last < first
    even = _WORDS[word] % 2
    # The nearest page of the wanted parity inside the span.
    start = first if first % 2 == even else first + (-1 if falls else 1)
    end = last if last is None or last % 2 == even else last + (1 if falls else -1)
    if end is not None and (end > start if falls else end < start):
        return BadPages(f"não há páginas {word} em {first}-{last}")
    return Span(start, end, 2)


def _number(digits: str) -> int:
    # No page number has nine digits; int() of a million digits takes seconds.
    return int(digits.lstrip("0")[:9] or 0)


def _nonsense(piece: str, text: str) -> BadPages:
    if not piece:
        return BadPages(
            f"há uma vírgula a mais em {cited(text)}; {HELP}" if text.strip() else f"faltam as páginas; {HELP}"
        )
    if re.fullmatch(r"-[0-9]+", piece):
        first = f"1{piece[:9]}"
        return BadPages(f"{cited(piece)} não diz a primeira página; escreva {first}", first)
    if re.fullmatch(r"(?:fls?\.?|folhas?) ?[0-9].*", piece):
        return BadPages(f"{cited(text)} são folhas; escreva as páginas do arquivo digitalizado, contadas a partir de 1")
    blank = re.fullmatch(r"([0-9]+) ([0-9]+)", piece)
    if blank:
        one, two = blank[1][:9], blank[2][:9]
        ways = f"{one}-{two} (de uma até a outra) ou {one},{two} (só as duas)"
        return BadPages(f"falta um sinal entre {one} e {two}; escreva {ways}")
    ending = re.fullmatch(r"([0-9]+(?:-[0-9]+)?)[.:]", piece)
    return BadPages(f"não entendi as páginas {cited(text)}; {HELP}", ending[1] if ending else "")


def _repeated(spans: list[Span]) -> int | None:
    """The first page that two spans share; `LAST` is not compared, because its number is unknown before the file is open."""
    known = [span for span in spans if span != LAST]
    # With a step, overlapping spans may share no page, so single pages are compared.
    if any(span.step > 1 for span in known):
        pages = [page for span in known for page in span.pages(LAST_PAGE)]
        return next((page for page, times in Counter(pages).items() if times > 1), None)
    reached = 0
    for low, high in sorted(map(_ends, known)):
        if low <= reached:
            return low
        reached = high
    return None


def _ends(span: Span) -> tuple[int, int]:
    low, high = sorted((span.first, LAST_PAGE if span.last is None else span.last))
    return low, high


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """``[1, 2, 3, 8]`` → ``[(1, 3), (8, 8)]``: first and last of each consecutive run, in the order given."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def compact(numbers: Iterable[int]) -> str:
    """``[1, 2, 3, 8]`` → “1-3, 8”, the notation of the sidecar."""
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs(numbers))
