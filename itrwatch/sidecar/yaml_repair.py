"""Corrects typing errors before YAML is read: characters that look like a blank, dash or quote become one.

    repair(["•notificacao:scan.pdf"], collector) -> Repaired(["- notificacao: scan.pdf"], …), with reminders in ``collector``

Only unambiguous errors are corrected, with one reminder for each kind. Corrections may insert or delete
characters, so `Repaired` maps each place back to the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from itrwatch.core.excerpts import TAB
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.text_matching import cited
from itrwatch.core.tree import Place

MAX_DEPTH = 20  # nested brackets; chosen
TOO_DEEP = f"há mais de {MAX_DEPTH} níveis, um dentro do outro; confira o recuo e os colchetes"

_SPECIAL_BLANKS = "\xa0\u2000-\u200a\u202f\u205f\u3000"
_SPECIAL_BLANK = re.compile(f"[{_SPECIAL_BLANKS}]")
_LEAD = re.compile(rf"[-{_SPECIAL_BLANKS} \t]*")
_AFTER_COLON = re.compile(rf":[{_SPECIAL_BLANKS}]")
_BULLET = re.compile(r"[ \t]*(?:[\u2010-\u2015\u2212\u2022\u00b7\u25cf\u25e6\u25aa]|[*+>](?=[ \t]))")
_NUMBER = re.compile(r"[ \t]*[0-9]{1,2}[.)](?=[ \t]+[^\W\d]+ ?:)")
_FENCE = re.compile(r"\s*```\w*\s*")
_WIDTHLESS = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_GLUED_DASH = re.compile(r"[ \t]*-(?=[^\s\d-])")
_GLUED_DIGIT = re.compile(r"[ \t]*-(?=\d)")
# A word of at least two letters (C:\ is a drive), and no slash after the colon (an address).
_GLUED_COLON = re.compile(r"[ \t]*(?:-[ \t]+)*[^\W\d]{2,}:(?=[^\s:/\\])")
_CURLY = re.compile(r"(?:(?<=: )|(?<=- )|(?<=[\[{,])|(?<=, ))[“”„‟«»]([^“”„‟«»\"\\]*)[“”„‟«»](?=\s*(?:$|[],}]|#))")
_CURLY_SINGLE = re.compile(r"(?:(?<=: )|(?<=- )|(?<=[\[{,])|(?<=, ))[‘’‚]([^‘’‚']*)[‘’](?=\s*(?:$|[],}]|#))")
_CURLY_FILE = re.compile(
    r"(?:(?<=: )|(?<=- )|(?<=[\[{,])|(?<=, ))[“”„‟‘’‚«»]([^“”„‟‘’‚«»\"\\]*\.\w{3,4})[“”„‟‘’«»](?= +[0-9])"
)
_TABS = re.compile(r" *\t[ \t]*[^ \t#]")


@dataclass(slots=True)
class Repaired:
    """Lines to parse as YAML; ``columns``: line → column in the file of each character.

    ``guessed``: the first line with uncertain indentation, or 0; an error was noted, and reading continues only to
    report the faults of the other lines as well. ``mended``: the last line read in its corrected form.
    """

    lines: list[str]
    columns: dict[int, list[int]] = field(default_factory=dict)
    guessed: int = 0
    mended: int = 0

    def guess(self, number: int, line: str, columns: list[int]) -> None:
        """Read line ``number`` as ``line``, which is a guess; an error was noted."""
        self.lines[number - 1] = line
        self.columns[number] = columns
        self.guessed = min(self.guessed or number, number)

    def mend(self, number: int, line: str) -> None:
        """Read line ``number`` as ``line``, the correction in the noted error."""
        old = self.lines[number - 1]
        columns = self.columns.get(number) or list(range(1, len(old) + 2))
        # The common prefix and suffix keep their columns; new characters get the column where they are inserted.
        same = _alike(old, line)
        end = _alike(old[same:][::-1], line[same:][::-1])
        between = len(line) - same - end
        self.lines[number - 1], self.mended = line, number
        self.columns[number] = columns[:same] + [columns[same]] * between + columns[len(old) - end :]

    def written(self, place: Place) -> Place:
        """Place in the corrected lines → place in the file."""
        columns = self.columns.get(place.line)
        if not columns:
            return place
        return Place(place.line, columns[min(place.column, len(columns)) - 1])


class _Slips:
    """The lines of each kind of typing error, reported once for all lines."""

    def __init__(self) -> None:
        self.found: dict[str, list[Place]] = {}

    def add(self, kind: str, line: int, column: int) -> None:
        self.found.setdefault(kind, []).append(Place(line, column))


_SENTENCES = {
    "widthless": "um caractere invisível (de página da internet) {where} foi ignorado; prefira apagá-lo e digitar de novo",
    "blank": "o espaço especial (de página da internet ou do Word) {where} foi entendido como espaço; prefira a barra de espaço",
    "bullet": "o sinal no começo {of} foi entendido como traço; prefira o traço comum do teclado (-)",
    "number": "o número no começo {of} foi entendido como traço; prefira o traço comum do teclado (-)",
    "fence": "a linha com três acentos (```) não faz parte do arquivo e foi ignorada; prefira apagá-la",
    "dash": "faltava um espaço depois do traço {of}; entendido assim mesmo, prefira escrever o espaço",
    "colon": "faltava um espaço depois dos dois-pontos {of}; entendido assim mesmo, prefira escrever o espaço",
    "curly_file": "as aspas em volta do nome do arquivo {where} foram ignoradas; prefira escrever sem elas",
    "curly": "as aspas curvas (do Word) {where} foram entendidas como aspas comuns; prefira as do teclado, ou nenhuma",
}


def repair(lines: Sequence[str], collector: FindingCollector) -> Repaired | None:
    """``lines`` with typing errors corrected, each kind noted once.

    None, with an error noted, if an error makes the structure of the lines unclear.
    """
    slips = _Slips()
    repaired = Repaired([])
    for number, line in enumerate(lines, 1):
        repaired.lines.append(_line(line, number, repaired, slips))
    for kind, places in slips.found.items():
        _note_slips(kind, places, repaired, lines, collector)
    return repaired if _readable(lines, repaired, collector) else None


def _line(line: str, number: int, repaired: Repaired, slips: _Slips) -> str:
    # One more than the number of characters: the place after the last one.
    columns = list(range(1, len(line) + 2))
    if _FENCE.fullmatch(line):
        slips.add("fence", number, 1)
        return ""
    if found := _WIDTHLESS.search(line):
        slips.add("widthless", number, found.start() + 1)
        kept = [at for at, sign in enumerate(line) if not _WIDTHLESS.match(sign)]
        # Characters are deleted; the others keep their columns in the file.
        line, columns = "".join(line[at] for at in kept), [at + 1 for at in (*kept, len(line))]
    if not line.lstrip().startswith("#"):
        line = _blanks(line, number, slips)
        if bullet := _BULLET.match(line):
            slips.add("bullet", number, bullet.end())
            line = f"{line[: bullet.end() - 1]}-{line[bullet.end() :]}"
        if count := _NUMBER.match(line):
            digits = count[0].lstrip()
            slips.add("number", number, count.end() - len(digits) + 1)
            # The same number of characters as before, so that no column moves.
            line = f"{line[: count.end() - len(digits)]}-{' ' * (len(digits) - 1)}{line[count.end() :]}"
        for kind, glued in (("dash", _GLUED_DASH), ("colon", _GLUED_COLON)):
            if found := glued.match(line):
                at = found.end()
                slips.add(kind, number, columns[at])
                line = f"{line[:at]} {line[at:]}"
                # One more character: the inserted blank gets the column of the character after it.
                columns.insert(at, columns[at])
        line = _replaced(_CURLY_FILE, line, lambda found: f" {found[1]} ", "curly_file", number, slips)
        line = _replaced(_CURLY, line, lambda found: f'"{found[1]}"', "curly", number, slips)
        line = _replaced(_CURLY_SINGLE, line, lambda found: f"'{found[1]}'", "curly", number, slips)
    if columns[-1] != len(line) + 1 or len(columns) != columns[-1]:
        repaired.columns[number] = columns
    return line


def _blanks(line: str, number: int, slips: _Slips) -> str:
    """``line`` with ordinary blanks before its text and after colons."""
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    if special := _SPECIAL_BLANK.search(line, 0, start):
        slips.add("blank", number, special.start() + 1)
    return _SPECIAL_BLANK.sub(" ", line[:start]) + _AFTER_COLON.sub(": ", line[start:])


def _replaced(
    sign: re.Pattern[str], line: str, new: Callable[[re.Match[str]], str], kind: str, number: int, slips: _Slips
) -> str:
    """``line`` with every match of ``sign`` replaced by the same number of characters."""
    found = sign.search(line)
    if not found:
        return line
    slips.add(kind, number, found.start() + 1)
    return sign.sub(new, line)


def _note_slips(
    kind: str, places: list[Place], repaired: Repaired, lines: Sequence[str], collector: FindingCollector
) -> None:
    numbers = list(dict.fromkeys(place.line for place in places))
    message = _SENTENCES[kind].format(where=f"n{of_lines(numbers)[1:]}", of=of_lines(numbers))
    first = places[0]
    fixed = repaired.lines[first.line - 1]
    if kind == "curly_file":
        fixed = re.sub(r"(?<=\S) +", " ", fixed)
    collector.reminder(first, message, fix=fixed if fixed != lines[first.line - 1] else "")


def _readable(lines: Sequence[str], repaired: Repaired, collector: FindingCollector) -> bool:
    """Whether the structure of the lines is clear; otherwise the first fault of each kind is noted."""
    for number, line in enumerate(repaired.lines, 1):
        if found := _FORBIDDEN.search(line):
            place = repaired.written(Place(number, found.start() + 1))
            collector.error(place, "há aqui um caractere invisível; apague-o e digite de novo este trecho")
            return False
    for number, line in enumerate(repaired.lines, 1):
        if column := _too_deep(line):
            collector.error(repaired.written(Place(number, column)), TOO_DEEP)
            return False
    _guess_tabs(lines, repaired, collector)
    glued = [number for number, line in enumerate(repaired.lines, 1) if _GLUED_DIGIT.match(line)]
    if glued:
        line = repaired.lines[glued[0] - 1]
        fixed = line.replace("-", "- ", 1)
        message = f"falta um espaço depois do traço {of_lines(glued)}; escreva {cited(fixed.strip())}"
        collector.error(repaired.written(Place(glued[0], line.index("-") + 1)), message, fix=fixed)
    repaired.lines = [line.replace("\t", " ") for line in repaired.lines]
    return not glued


def _guess_tabs(lines: Sequence[str], repaired: Repaired, collector: FindingCollector) -> None:
    """Notes an error for tabs before the text, whose width is undefined, and reads on with a guessed indentation."""
    tabs = [number for number, line in enumerate(repaired.lines, 1) if _TABS.match(line)]
    if not tabs:
        return
    first = tabs[0]
    text = lines[first - 1].lstrip()
    fixed = " " * _depth(first, repaired.lines) + text
    message = f"tabulação (tecla Tab) no começo {of_lines(tabs)}; use espaços no lugar dela"
    collector.error(Place(tabs[0], 1), message, fix=fixed)
    for number in tabs:
        line = repaired.lines[number - 1]
        lead, depth = len(line) - len(line.lstrip()), _depth(number, repaired.lines)
        columns = repaired.columns.get(number) or list(range(1, len(line) + 2))
        # Each blank gets the column of the tab at its position; surplus blanks get that of the last tab.
        spread = [columns[min(at, lead - 1)] for at in range(depth)]
        repaired.guess(number, " " * depth + line[lead:], spread + columns[lead:])


def _depth(number: int, lines: Sequence[str]) -> int:
    """The probable indentation of line ``number``, which begins with tabs; the lines above are corrected already.

    A line without a dash belongs to the item above; an item is aligned with the other items; otherwise a tab is two blanks.
    """
    line = lines[number - 1]
    lead = line[: len(line) - len(line.lstrip())]
    # Fallback: a tab is two blanks.
    wide = len(lead.replace("\t", TAB))
    above = [(len(each) - len(each.lstrip(" ")), each.lstrip(" ")) for each in lines[: number - 1] if each.strip()]
    dashed = line.lstrip().startswith("- ")
    if dashed and above and above[-1][1].rstrip().endswith(":"):
        return max(wide, above[-1][0] + len(TAB))
    # Search for the nearest line above that can contain this one, up to an unindented key.
    for start, text in reversed(above):
        if start == 0 and not text.startswith("- "):
            break
        if text.startswith("- "):
            return start if dashed else start + len(text) - len(text[1:].lstrip())
        if not dashed:
            return start
    return wide


def _too_deep(line: str) -> int:
    """Column of the bracket in ``line`` that exceeds `MAX_DEPTH`, or 0; PyYAML is slow on deep nesting."""
    depth = 0
    for column, sign in enumerate(line, 1):
        depth += (sign in "[{") - (sign in "]}")
        if depth > MAX_DEPTH + 1:
            return column
    return 0


def _alike(one: str, other: str) -> int:
    """Length of the common prefix."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (sign, its) in pairs if sign != its), min(len(one), len(other)))


def of_lines(numbers: list[int]) -> str:
    """``da linha 2``, ``das linhas 2, 3 e 5``."""
    *first, last = map(str, numbers[:8])
    more = " (e outras)" if len(numbers) > 8 else ""
    return f"das linhas {', '.join(first)} e {last}{more}" if first else f"da linha {last}"
