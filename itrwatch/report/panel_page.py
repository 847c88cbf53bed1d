"""index.html: all cases, those that need action first; one file without a server."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from itrwatch.core.andamento import Stage
from itrwatch.core.calendar import brazilian
from itrwatch.core.case_summary import NOT_YET_ATTACHED, CaseState, CaseSummary
from itrwatch.core.codes import Code
from itrwatch.core.filenames import accepted_name, printable
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.grouped_findings import grouped_findings
from itrwatch.core.manifest import Manifest
from itrwatch.core.manual import Paragraph
from itrwatch.core.receipts import Receipt
from itrwatch.core.status import WORKING, CaseStatus, StatusSnapshot
from itrwatch.core.text_matching import counted, fold
from itrwatch.report.rendering import link, render, size

REFRESH_SECONDS = 60
"""Interval (s) at which an open panel reloads the file: progress is visible, and a hundred readers do not load the share. Chosen."""

RECENT = 200
"""Accepted cases on the panel itself; older ones are on a page for each year. Chosen: a screen or two."""

FILTERS = {
    "pendente": "Pendentes",
    "rejeitado": "Rejeitados",
    "atraso": "Com atraso",
    "conferir": "A conferir",
    "fazendo": "Em processamento",
    "juntar": "Para juntar",
    "solicitar": "A solicitar",
    "prazo": "No prazo da impugnação",
    "receita": "Na Receita",
    "aceito": "Aceitos",
}
"""The filters, in order of importance."""

_WAITING = {
    "vazias": ("vazia", "Sem digitalizações e sem processo.yaml."),
    "aguardando": ("aguardando", "Nova ou mudada: o trabalho começa quando a pasta ficar um tempo sem mudanças."),
    "na fila": ("na fila", "Na fila, depois das que estão na frente."),
    "a tentar de novo": (
        "a tentar de novo",
        "Não deu para ler ou salvar agora; o itrwatch tenta de novo automaticamente.",
    ),
}
"""State of a folder in the service → its word, and the sentence that is shown if the service gives no other."""

_STAGES = {
    Stage.TOO_EARLY: ("calm", "prazo"),
    Stage.TO_REQUEST: ("good", "solicitar"),
    Stage.REQUESTED: ("calm", "receita"),
    Stage.AVAILABLE: ("good", "juntar"),
    Stage.ATTACHED: ("calm", "receita"),
    Stage.ACCEPTED: ("good", "aceito"),
    Stage.REJECTED: ("bad", "rejeitado"),
    Stage.CHANGED: ("bad", "conferir"),
}
_NUMBER_IN_FRONT = re.compile(r"^(?:[0-9][0-9.\-/_ –—]*|[.\-/_ –—]+)+")
_ORDER = ("pendente", "rejeitado", "atraso", "conferir", "fazendo", "juntar", "solicitar", "prazo", "receita", "aceito")


@dataclass(frozen=True, slots=True)
class Row:
    """The data of one case folder, for one line of the panel.

    ``case_status``: None if the folder is no longer in the inbox. ``manifest`` (its pages are not looked at) and ``summary``:
    None if the outbox has nothing yet. ``faults``: of the sidecar as it is now.
    ``changed``: when the set was written, local time. ``opens``: the file of the
    case folder to open, or empty. ``receipts``: by file name, in the inbox.
    """

    folder: str
    case_status: CaseStatus | None = None
    manifest: Manifest | None = None
    summary: CaseSummary | None = None
    contribuinte: str = ""
    faults: tuple[Finding, ...] = ()
    changed: datetime | None = None
    opens: str = ""
    receipts: Mapping[str, Receipt] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A row as it is shown; ``kinds`` are words of `FILTERS`."""

    row: Row
    href: str
    title: str
    subtitle: str
    tone: str
    word: str
    kinds: tuple[str, ...]
    todo: tuple[str, ...]
    late: str
    files: tuple[tuple[str, str, str], ...]
    counts: str
    last_day: date | None

    @property
    def rank(self) -> int:
        """Sort key among the lines: the smallest first."""
        return min(_ORDER.index(kind) for kind in self.kinds)


def fold_away(lines: Sequence[PanelLine]) -> tuple[list[PanelLine], dict[int, list[PanelLine]]]:
    """The lines of the panel itself, and by year those of accepted cases that are older than the last `RECENT` accepted."""
    accepted = [line for line in lines if line.kinds == ("aceito",) and line.row.changed]
    accepted.sort(key=lambda line: line.row.changed.timestamp() if line.row.changed else 0.0, reverse=True)
    folded: dict[int, list[PanelLine]] = {}
    for line in accepted[RECENT:]:
        assert line.row.changed is not None
        folded.setdefault(line.row.changed.year, []).append(line)
    away = {line.row.folder for year in folded.values() for line in year}
    return [line for line in lines if line.row.folder not in away], folded


def panel_html(status: StatusSnapshot, rows: Sequence[Row]) -> bytes:
    """The panel as one self-contained page; everything from names and sidecars is escaped."""
    lines, folded = fold_away(lines_of(rows))
    years = [(year, accepted_name(year), len(folded[year])) for year in sorted(folded, reverse=True)]
    return _page(status, lines, len(rows), years=years)


def accepted_pages(
    status: StatusSnapshot, rows: Sequence[Row]
) -> dict[str, tuple[list[PanelLine], Callable[[], bytes]]]:
    """The pages of accepted cases by year: file name → the lines, and the function that draws the page."""
    _, folded = fold_away(lines_of(rows))
    return {
        accepted_name(year): (lines, partial(_page, status, lines, len(lines), year=year))
        for year, lines in folded.items()
    }


def _page(
    status: StatusSnapshot,
    lines: Sequence[PanelLine],
    count: int,
    *,
    years: Sequence[tuple[int, str, int]] = (),
    year: int | None = None,
) -> bytes:
    tally = Counter(kind for line in lines for kind in line.kinds)
    return render(
        "painel.html",
        "painel.js",
        status=status,
        lines=lines,
        count=count,
        years=years,
        year=year,
        filters=[(kind, label, tally[kind]) for kind, label in FILTERS.items() if tally[kind]],
        refresh=REFRESH_SECONDS,
        moment=moment,
        follow_up=Paragraph.GESTAO.says,
    )


def lines_of(rows: Sequence[Row]) -> list[PanelLine]:
    """The rows as shown, those that need action first; `itrwatch status` uses the same words."""
    return sorted(map(_line, rows), key=lambda line: (line.rank, line.last_day or date.max, line.row.folder))


def moment(at: datetime) -> str:
    """“22/11/2026 às 20:05”."""
    return f"{brazilian(at)} às {at:%H:%M}"


def _line(row: Row) -> PanelLine:
    tone, word, kinds = _state(row)
    summary, manifest = row.summary, row.manifest
    title = manifest.processo if manifest and manifest.processo else printable(row.folder)
    subtitle = _subtitle(row)
    kinds = (*kinds, "atraso") if summary and summary.overdue else kinds
    return PanelLine(
        row=row,
        href=link(row.folder, row.opens) if row.opens else "",
        title=title,
        subtitle=subtitle if subtitle != title else "",
        tone=tone,
        word=word,
        kinds=kinds,
        todo=_todo(row, kinds[0]),
        late=summary.overdue if summary else "",
        files=_files(manifest) if manifest else (),
        counts=_counts(manifest) if manifest and not manifest.draft else "",
        last_day=summary.deadline.latest if summary and summary.deadline else None,
    )


def _subtitle(row: Row) -> str:
    """The taxpayer, or the folder's name without the number, which is the title; and the number of the complement."""
    numbered = row.manifest and row.manifest.processo
    who = row.contribuinte or (_NUMBER_IN_FRONT.sub("", row.folder) if numbered else "")
    complement = f"complemento {row.manifest.complemento}" if row.manifest and row.manifest.complemento else ""
    named = "complement" in fold(who) or not complement
    return printable(who if named else f"{who} – {complement}" if who else complement)


def _state(row: Row) -> tuple[str, str, tuple[str, ...]]:
    """Colour, word and kinds; a case may have several kinds, so that a case to check is also found by its stage."""
    state = row.case_status.state if row.case_status else ""
    if state == WORKING:
        return "calm", WORKING, ("fazendo",)
    if state in _WAITING or row.summary is None:
        return "calm", _WAITING.get(state, _WAITING["aguardando"])[0], ("fazendo",)
    if row.summary.state is CaseState.DRAFT:
        return "look", str(row.summary.state), ("conferir",)
    if row.summary.step is None:
        return "bad", str(row.summary.state), ("pendente",)
    stage = row.summary.step.stage
    tone, kind = _STAGES[stage]
    if row.summary.state is CaseState.RESERVATIONS and stage in NOT_YET_ATTACHED:
        return "look", f"{stage}, {row.summary.state}", ("conferir", kind)
    return tone, str(stage), (kind,)


def _todo(row: Row, kind: str) -> tuple[str, ...]:
    case_status, summary = row.case_status, row.summary
    if kind == "fazendo":
        waits = case_status.waits_for if case_status else ""
        waiting = waits or _WAITING.get(case_status.state if case_status else "", ("", ""))[1]
        return (waiting,) if waiting else ()
    gone = () if case_status else ("A pasta não está mais na entrada.",)
    if summary is None:
        return gone
    faults = tuple(
        f"{printable(fault.file or '')}, linha {fault.line}: {printable(fault.message)}" for fault in row.faults
    )
    twins = tuple(
        f"{finding.message[0].upper()}{finding.message[1:]}."
        for finding in (row.manifest.findings if row.manifest else ())
        if finding.code is Code.NAMESAKE
    )
    return (summary.todo, *twins, *faults, *gone)


def _files(manifest: Manifest) -> tuple[tuple[str, str, str], ...]:
    """Each PDF with its link and its size."""
    return tuple((file.name, link(manifest.folder, file.name), size(file.bytes)) for file in manifest.files)


def _counts(manifest: Manifest) -> str:
    """“2 a corrigir, 1 a conferir, 3 lembretes”."""
    found = {severity: len(grouped_findings(manifest.findings, severity)) for severity in Severity}
    parts = [f"{found[Severity.ERROR]} a corrigir"] if found[Severity.ERROR] else []
    parts += [f"{found[Severity.WARNING]} a conferir"] if found[Severity.WARNING] else []
    parts += [counted(found[Severity.REMINDER], "lembrete", "lembretes")] if found[Severity.REMINDER] else []
    return ", ".join(parts)
