"""The scans that a source of the sidecar names: one file or several: ``scan*.jpg``, ``scan1.jpg a scan3.jpg``.

    several("scan*.jpg", ["scan 10.jpg", "scan 2.jpg"]) -> ("scan 2.jpg", "scan 10.jpg")

A sheet feeder may write one file a page. The files are in natural order (``scan 2`` before ``scan 10``). A
missing number between two files may be a lost page, so the source is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from itrwatch.core.case_description import Source
from itrwatch.core.excerpts import yaml_text
from itrwatch.core.filenames import SCAN_SUFFIXES, Found, match_name, name_key, printable
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.ranges import Pages, parse_pages
from itrwatch.core.text_matching import cited
from itrwatch.core.title_matching import in_order, series

_SUFFIX = "(?:" + "|".join(map(re.escape, SCAN_SUFFIXES)) + ")"
_RANGE = re.compile(rf"(.+?{_SUFFIX})\s*(?:\s(?:a|ao|ate|até)\s|\.\.+|…|-|–|—)\s*(.+{_SUFFIX})", re.IGNORECASE)
_MOST_SHOWN = 6  # names in one message; chosen


@dataclass(frozen=True, slots=True)
class NoSuchFile:
    """A name in the sidecar without a scan in the folder: a Portuguese sentence, and the most similar scan."""

    message: str
    nearest: str = ""


FindScan = Callable[[str], str | NoSuchFile]
"""Name as written in the sidecar → name of the scan in the folder, or why there is none."""


def several(written: str, names: Iterable[str]) -> tuple[str, ...] | NoSuchFile | None:
    """``j*.jpg`` → the matching names in natural order; None if ``written`` names a single file."""
    known = tuple(names)
    if "*" in written or "?" in written:
        return _matching(written, known)
    found = _RANGE.fullmatch(written.strip())
    ends = [match_name(known, found[part]) for part in (1, 2)] if found else []
    if not found or not all(isinstance(end, Found) for end in ends):
        return None
    first, last = (end.name for end in ends if isinstance(end, Found))
    return _between(first, last, known)


def files_of(source: Source, names: Sequence[str], find: FindScan) -> tuple[str, ...] | NoSuchFile:
    """The scans that ``source`` names, without its backs, usually one; ``names``: all scans of the folder."""
    name = find(source.file)
    if isinstance(name, str):
        return (name,)
    found = several(source.file, names)
    return name if found is None else found


def scans_of(
    source: Source, find: FindScan, names: Sequence[str], collector: FindingCollector
) -> tuple[Source, tuple[str, ...] | NoSuchFile]:
    """``source`` as understood, and its scans; ``collector`` gets a reminder if they are several, or if the name had to be completed."""
    files = files_of(source, names, find)
    if not isinstance(files, NoSuchFile) and len(files) > 1:
        message = f"{cited(source.file)} entendido como {listed(files)}, nesta ordem; confira a ordem no relatório"
        collector.reminder(source.place, message, fix=(source.file, _yaml_list(files)))
        return source, files
    name = files[0] if isinstance(files, tuple) else files
    if isinstance(name, NoSuchFile):
        ways = list(_without_ending(source, find)) if not source.spans else []
        if len(ways) != 1:
            return source, name
        written, (source, name) = source.file, ways[0]
    else:
        written = source.file
    if name_key(written) != name_key(name):
        whole = " ".join([name, ",".join(map(str, source.spans))]).strip() if written != source.file else name
        message = f"{cited(written)} entendido como {cited(whole)}; prefira escrever o nome inteiro do arquivo"
        collector.reminder(source.place, message, fix=(written, whole))
    return source, (name,)


def listed(names: Sequence[str]) -> str:
    """“[j1.jpg, j2.jpg, j3.jpg]”; for many names, the first, the last and the count."""
    shown = list(map(printable, names))
    if len(shown) <= _MOST_SHOWN:
        return f"[{', '.join(shown)}]"
    return f"[{shown[0]}, {shown[1]}, … {shown[-1]}], {len(shown)} arquivos"


def _matching(written: str, names: Sequence[str]) -> tuple[str, ...] | NoSuchFile:
    signs = {"*": ".*", "?": "."}
    pattern = re.compile("".join(signs.get(sign) or re.escape(sign) for sign in name_key(written.strip())))
    found = in_order(name for name in names if pattern.fullmatch(name_key(name)))
    if found:
        return found
    return NoSuchFile(f"nenhum arquivo da pasta combina com “{printable(written)}”; confira o nome, ou escreva a lista")


def _between(first: str, last: str, names: Sequence[str]) -> tuple[str, ...] | NoSuchFile:
    start, end = series(first), series(last)
    if start is None or end is None or (start[0], start[2]) != (end[0], end[2]):
        return NoSuchFile(
            f"não sei que arquivos ficam entre “{printable(first)}” e “{printable(last)}”; escreva a lista, entre colchetes"
        )
    by_number = {own[1]: name for name in names if (own := series(name)) and (own[0], own[2]) == (start[0], start[2])}
    step = 1 if start[1] <= end[1] else -1
    numbers = range(start[1], end[1] + step, step)
    there = tuple(by_number[number] for number in numbers if number in by_number)
    if missing := [number for number in numbers if number not in by_number]:
        which = (
            f"falta o de número {missing[0]}"
            if len(missing) == 1
            else f"faltam {len(missing)}, a começar do {missing[0]}"
        )
        advice = "copie-o para a pasta" if len(missing) == 1 else "copie-os para a pasta"
        return NoSuchFile(
            f"dos arquivos de “{printable(first)}” a “{printable(last)}” {which}; {advice} ou, se não existe, escreva a lista",
            _yaml_list(there) if there else "",
        )
    return there


def _yaml_list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(yaml_text, names))}]"


def _without_ending(source: Source, find: FindScan) -> Iterator[tuple[Source, str]]:
    """``scan 001 1-5`` as pages 1-5 of “scan 001.pdf”: every reading that matches a file of the folder."""
    words = source.file.split(" ")
    for cut in range(max(1, len(words) - 5), len(words)):
        file, pages = " ".join(words[:cut]), parse_pages(" ".join(words[cut:]))
        name = find(file) if isinstance(pages, Pages) else None
        if isinstance(name, str) and isinstance(pages, Pages):
            yield replace(source, file=file, spans=pages.spans), name
