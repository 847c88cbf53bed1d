"""Pages of a scan file as the sidecar writes them: ``7``, ``1-5``, ``1-3,8,10-``.

Pages count from 1, in the scan, before anything is removed. A range with an open end goes to the
last page of the file, so it gets numbers only when the file is known (``resolve``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from itrwatch.core.text_matching import cited, counted, fold

HELP = "escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)"
_LONGEST = 2000  # signs: some 500 single pages; more is no list that somebody wrote
LAST_PAGE = 9999
"""No scan has more pages; a higher number is a slip, and would cost memory."""

CANONICAL = r"[0-9]+(-[0-9]*)?( ?, ?[0-9]+(-[0-9]*)?)*"
"""Pages written the usual way, as a regular expression that JSON Schema knows too."""
CLOSED = r"[0-9]+(-[0-9]+)?( ?, ?[0-9]+(-[0-9]+)?)*"
"""The same without open ends."""
_SPAN = re.compile(r"([0-9]+)(?:(-)([0-9]*))?")
_PREFIX = re.compile(r"^(?:(?:as )?(?:paginas?|pags?\.?|pgs?\.?|pp?\.) ?)?(?:de |da )?(?=[0-9])")
_ALL = re.compile(r"(?:tod[ao]s|tud[oa]|inteir[oa]|completo)(?: as)?(?: paginas)?")
_REWRITTEN = (
    (_PREFIX, ""),
    (re.compile("[\u2010-\u2015\u2212]"), "-"),
    (re.compile(r"(?<=[0-9])[ao°](?= |$)"), ""),
    (re.compile(r"(?<=[0-9]) ?(?:a|ao|ate|ate a|ate o) ?(?=[0-9])|(?<=[0-9]) ?(?:\.\.+|_) ?(?=[0-9])"), "-"),
    (re.compile(r"(?<=[0-9]) (?:ate o fim|ate o final|a fim|ao fim|em diante)"), "-"),
    (re.compile(r"(?<=[0-9]) (?:e|mais) (?=[0-9])|;"), ","),
    (re.compile(r" ?([-,]) ?"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Pages ``first`` to ``last``, both included; ``last`` None means to the end of the file."""

    first: int
    last: int | None

    def __str__(self) -> str:
        """As the sidecar writes it."""
        if self.last is None:
            return f"{self.first}-"
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __contains__(self, page: int) -> bool:
        """Whether ``page`` is asked for, if the file has it."""
        return self.first <= page and (self.last is None or page <= self.last)


@dataclass(frozen=True, slots=True)
class Pages:
    """What was understood; ``reminder`` says so when it was not written the usual way."""

    spans: tuple[Span, ...]
    reminder: str = ""


@dataclass(frozen=True, slots=True)
class BadPages:
    """Why pages were not understood, or do not exist: a Portuguese sentence; ``proposal`` is what may be meant."""

    message: str
    proposal: str = ""


def parse_pages(text: str) -> Pages | BadPages:
    """The ranges of ``text`` in the order written; no page stands twice among them.

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
    usual = re.fullmatch(CANONICAL, text.strip())
    return Pages(
        tuple(spans), "" if usual else f"páginas {cited(text)} entendidas como {plain}; prefira escrever assim"
    )


def resolve(spans: tuple[Span, ...], page_count: int) -> tuple[int, ...] | BadPages:
    """The pages that ``spans`` ask for in a file of ``page_count`` pages; no spans means all of them."""
    missing = next((page for span in spans for page in (span.first, span.last or 0) if page > page_count), None)
    if missing is not None:
        return BadPages(f"a página {missing} não existe: o arquivo só tem {counted(page_count, 'página', 'páginas')}")
    asked = spans or (Span(1, None),)
    return tuple(page for span in asked for page in range(span.first, (span.last or page_count) + 1))


def _proposed(plain: str, piece: str, instead: str) -> str:
    """The pages without commas that are too many, and with ``instead`` for the faulty ``piece``."""
    pieces = [instead if other == piece else other for other in plain.split(",")]
    proposal = ",".join(filter(None, pieces))
    return proposal if re.fullmatch(CANONICAL, proposal) else ""


def _plain(text: str) -> str:
    plain = fold(text).lstrip(",;: ").strip("()[] ")
    for pattern, replacement in _REWRITTEN:
        plain = pattern.sub(replacement, plain).strip()
    return plain


def _span(piece: str, text: str) -> Span | BadPages:
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
    if last is not None and last < first:
        return BadPages(f"{cited(piece)} está ao contrário; escreva {last}-{first}", f"{last}-{first}")
    return Span(first, last)


def _number(digits: str) -> int:
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
    """The first page that two spans share."""
    reached = 0
    for span in sorted(spans, key=lambda span: span.first):
        if span.first <= reached:
            return span.first
        reached = span.last or LAST_PAGE
    return None
