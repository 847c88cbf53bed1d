"""Ten cases from their sidecar to what the fiscal reads, with everything real but the pixels.

Scans are only page counts; every page is kept. What is said of the papers, the plan, the folhas, the division into files, the
manifest, the report and the panel come from the program itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from html.parser import HTMLParser

from itrwatch.core.andamento import agenda
from itrwatch.core.case_summary import case_summary
from itrwatch.core.checklist import check_case, check_processo
from itrwatch.core.codes import Code
from itrwatch.core.deadline import find_deadline
from itrwatch.core.ecac import file_name, part_title
from itrwatch.core.findings import Severity, warning
from itrwatch.core.folhas import number_folhas, of_file, span
from itrwatch.core.manifest import Digest, FileEntry, Sent
from itrwatch.core.pages import Encoding, Kept, PageRef, Reason, Removed
from itrwatch.core.parts import Weight, divide
from itrwatch.core.plan import plan_case
from itrwatch.core.processo import find_processo
from itrwatch.core.sections import FileKind
from itrwatch.core.settings import Holidays, PortalConfig
from itrwatch.core.status import CaseStatus, StatusSnapshot
from itrwatch.job.intake import Case
from itrwatch.job.manifest_builder import published_manifest
from itrwatch.job.write_parts import WrittenPart
from itrwatch.report.office_calendar import calendar_for
from itrwatch.report.panel_page import Row, panel_html
from itrwatch.report.report import report_html
from itrwatch.report.result import Result, ScanFile
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read
from itrwatch.workers.tasks import PageDone

NO_PORTAL = PortalConfig()
PAGE_BYTES = 40_000
TODAY = date(2026, 11, 29)
CALENDAR = calendar_for(Holidays("GO"), TODAY)


@dataclass(frozen=True)
class Golden:
    """A folder: ``scans`` name → pages, ``blank``: pages that look blank; ``limit``: bytes of one file."""

    folder: str
    scans: dict[str, int]
    sidecar: str
    blank: tuple[tuple[str, int], ...] = ()
    flaws: tuple[tuple[str, int, Code], ...] = ()
    limit: int = 15_728_640
    today: date = TODAY
    portal: PortalConfig = NO_PORTAL
    sent: Sent | None = None


def outputs(given: Golden) -> tuple[bytes, bytes]:
    """The report and the panel."""
    name = "processo.yaml"
    parsed = read_sidecar(read(given.sidecar.encode(), name).node, name)
    assert parsed.sidecar, parsed.findings
    sidecar, processo = parsed.sidecar, find_processo(given.folder)
    plan, planned = plan_case(sidecar, given.scans, str, name)
    findings = [
        *parsed.findings,
        *check_processo(processo, given.folder, sidecar, name),
        *planned,
        *check_case(plan.sections, processo, sidecar, name),
    ]
    assert not [finding for finding in findings if finding.severity is Severity.ERROR]
    blank = {PageRef(*page) for page in given.blank}
    verdicts = {page.ref: Removed(Reason.BLANK) if page.ref in blank else Kept() for page in plan.pages}
    flaws = {
        ref: tuple(
            warning(code, file=file, page=page)
            for file, page, code in given.flaws
            if (file, page) == (ref.file, ref.page)
        )
        for ref in verdicts
    }
    done = {
        ref: PageDone(ref, verdict, 0, flaws[ref], encoding=Encoding.BITONAL, layer_bytes=PAGE_BYTES, thumbnail=b"jpeg")
        for ref, verdict in verdicts.items()
    }
    folhas = number_folhas(((page.ref, page.section) for page in plan.pages), verdicts, sidecar.numeracao)
    parts = [part for kind in FileKind if of_file(folhas, kind) for part in _parts(kind, of_file(folhas, kind), given)]
    deadline = find_deadline(sidecar.ciencia, sidecar.impugnacao, CALENDAR)
    case = Case(given.folder, processo, sidecar, plan, given.scans, tuple(findings))
    manifest = replace(
        published_manifest(case, plan, folhas, parts, done, deadline), fingerprint="a:b", version="1", sent=given.sent
    )
    result = Result(
        manifest,
        sidecar,
        thumbnails={ref: page.thumbnail for ref, page in done.items()},
        scans=tuple(ScanFile(scan, 1_000_000 * pages, pages) for scan, pages in given.scans.items()),
    )
    events = sidecar.andamento.events if sidecar.andamento else ()
    report = report_html(result, deadline, agenda(events, deadline, CALENDAR), given.portal)
    summary = case_summary(manifest, sidecar, CALENDAR, given.today)
    at = datetime(given.today.year, given.today.month, given.today.day, 9, 0).astimezone()
    row = Row(
        given.folder,
        CaseStatus(given.folder, ""),
        manifest,
        summary,
        sidecar.contribuinte.text if sidecar.contribuinte else "",
        summary.faults,
        at,
        "relatorio.html",
    )
    return report, panel_html(StatusSnapshot(at), [row])


def _parts(kind, folhas, given):
    weights = [
        Weight(PAGE_BYTES, at == 0 or folhas[at - 1].section is not folha.section) for at, folha in enumerate(folhas)
    ]
    ranges = divide(weights, 0, given.limit)
    for number, indices in enumerate(ranges, start=1):
        own = tuple(folhas[index] for index in indices)
        name, title = file_name(kind, number, len(ranges)), part_title(number, len(ranges))
        size = PAGE_BYTES * len(own)
        yield WrittenPart(FileEntry(name, size, "0" * 64, len(own), kind.document_type, title, span(own)), own)


class Lines(HTMLParser):
    """A page as a reader sees it, a line for each block; links behind their words, what is folded and what is open marked."""

    BLOCKS = frozenset(
        [
            "p",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "tr",
            "dt",
            "dd",
            "summary",
            "caption",
            "figure",
            "figcaption",
            "section",
            "div",
            "details",
            "header",
            "footer",
            "main",
            "nav",
            "ul",
            "ol",
            "dl",
            "table",
            "thead",
            "tbody",
            "tfoot",
            "br",
            "pre",
            "label",
        ]
    )

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self._lines, self._skip, self._link = [""], 0, []
        self.feed(html.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in ("style", "script", "title", "noscript", "template"):
            self._skip += 1
        elif tag in self.BLOCKS:
            self._lines.append("")
        if tag == "details":
            self._lines[-1] += "[aberto] " if "open" in values else "[fechado] "
        if tag == "input" and values.get("type") == "checkbox":
            self._lines[-1] += "☐ "
        if tag in ("td", "th") and self._lines[-1].strip():
            self._lines[-1] += " | "
        if tag == "a":
            self._link.append(values.get("href", ""))
        if tag in ("h1", "h2", "h3"):
            self._lines[-1] += "#" * int(tag[1]) + " "

    def handle_endtag(self, tag):
        if tag in ("style", "script", "title", "noscript", "template"):
            self._skip -= 1
        elif tag in self.BLOCKS:
            self._lines.append("")
        if tag == "a" and (link := self._link.pop()) and ".pdf" in link:
            self._lines[-1] += f" <{link}>"

    def handle_data(self, data):
        if not self._skip:
            self._lines[-1] += re.sub(r"\s+", " ", data)

    @property
    def text(self):
        return "\n".join(line for line in map(str.strip, self._lines) if line) + "\n"


NOTI, CIENCIA = "  - notificacao: noti.pdf\n", "  - ciencia: ar.pdf\n"
SMALL = {"noti.pdf": 3, "ar.pdf": 1, "ditr.pdf": 2, "tif.pdf": 2, "termo.pdf": 1}
SECTIONS = f"secoes:\n{NOTI}{CIENCIA}  - ditr: ditr.pdf\n  - tif: tif.pdf\n  - termo: termo.pdf\n"
WITH_IMPUGNACAO = {**SMALL, "impugnacao.pdf": 3}
FILED = "  - impugnacao: impugnacao.pdf\n"
WORKED = {
    "capa.pdf": 1,
    "noti.pdf": 5,
    "ciencia.pdf": 2,
    "ditr.pdf": 4,
    "tif.pdf": 12,
    "tcif.pdf": 26,
    "impugnacao.pdf": 26,
    "termo.pdf": 1,
}
WORKED_SIDECAR = (
    "secoes:\n"
    + "".join(
        f"  - {section}: {name}\n"
        for section, name in zip(
            ("capa", "notificacao", "ciencia", "ditr", "tif", "tcif", "impugnacao", "termo"), WORKED, strict=True
        )
    )
    + "contribuinte: Fazenda Boa Vista Ltda\nexercicio: 2019\nnumeracao: papel\n"
)
PROTOCOL = (
    "ciencia: {modo: postal, data: 02/10/2023, documentos: [ar, juntada]}\n"
    "impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo do recebimento, identidade, procuração]}\n"
)
OLD, CASE_2019 = "11183721321212132", "13153.720210-2019-34 Fazenda Boa Vista"
STAGES = "ciencia: {modo: pessoal, data: 17/08/2026, documentos: [assinatura, identidade]}\nnumeracao: papel\n"


def stage(andamento: str, today: str) -> Golden:
    events = f"andamento:\n{andamento}" if andamento else ""
    portal = PortalConfig("ITR - Municípios Conveniados", "Disponibilizar processo de ITR")
    return Golden(CASE_2019, SMALL, SECTIONS + STAGES + events, today=date.fromisoformat(today), portal=portal)


ASKED = "  - requerimento: 16/09/2026\n"
READY = ASKED + "  - disponibilizado: 21/09/2026\n"
SENT = READY + "  - juntada: {data: 22/09/2026, protocolo: 123456}\n"
CASES = {
    "01-exemplo-do-manual": Golden(OLD, WORKED, WORKED_SIDECAR + PROTOCOL),
    "02-dividido": Golden(OLD, WORKED, WORKED_SIDECAR + PROTOCOL, limit=20 * PAGE_BYTES),
    "03-so-secoes-sem-impugnacao": Golden(CASE_2019, SMALL, SECTIONS, blank=(("noti.pdf", 2),)),
    "03-sem-ditr-nem-termo-e-pouco-legivel": Golden(
        CASE_2019,
        {"noti.pdf": 3, "ar.pdf": 1},
        f"secoes:\n{NOTI}{CIENCIA}ciencia: {{modo: postal, data: 02/10/2026, documentos: [ar]}}\n",
        flaws=(("noti.pdf", 2, Code.PALE), ("noti.pdf", 3, Code.LOW_RESOLUTION), ("ar.pdf", 1, Code.CUT_OFF)),
    ),
    "04-pessoal-com-procurador": Golden(
        CASE_2019,
        SMALL,
        SECTIONS
        + "ciencia: {modo: pessoal, data: 02/10/2023, documentos: [assinatura, documento de identificação, procuração]}\n",
    ),
    "04-pessoal-sem-procurador": Golden(
        CASE_2019,
        SMALL,
        SECTIONS + "ciencia: {modo: pessoal, data: 02/10/2023, documentos: [documento de identificação]}\n",
    ),
    "05-postal-ar": Golden(
        CASE_2019, SMALL, SECTIONS + "ciencia: {modo: postal, data: 02/10/2023, documentos: [aviso de recebimento]}\n"
    ),
    "05-postal-ar-sem-data": Golden(
        CASE_2019,
        SMALL,
        SECTIONS + "ciencia: {modo: postal, envio: 02/10/2023, documentos: [ar, termo de juntada de AR]}\n",
    ),
    "05-postal-so-rastreamento": Golden(
        CASE_2019,
        SMALL,
        SECTIONS + "ciencia: {modo: postal, data: 02/10/2023, documentos: [tela do rastreamento dos Correios]}\n",
    ),
    "06-edital": Golden(
        CASE_2019, SMALL, SECTIONS + "ciencia: {modo: edital, data: 02/10/2023, documentos: [ar devolvido, edital]}\n"
    ),
    "06-edital-sem-documentos": Golden(CASE_2019, SMALL, SECTIONS + "ciencia: {modo: edital, data: 02/10/2023}\n"),
    "07-impugnacao-pelos-correios": Golden(
        CASE_2019,
        WITH_IMPUGNACAO,
        f"{SECTIONS}{FILED}ciencia: {{modo: postal, data: 02/10/2023, documentos: [ar]}}\nimpugnacao: {{data: 20/10/2023, via: correios, "
        "documentos: [protocolo, identidade]}\n",
    ),
    "07-impugnacao-pelos-correios-com-envelope": Golden(
        CASE_2019,
        WITH_IMPUGNACAO,
        f"{SECTIONS}{FILED}ciencia: {{modo: postal, data: 02/10/2023, documentos: [ar]}}\nimpugnacao: {{data: 20/10/2023, via: correios, "
        "documentos: [protocolo, identidade, envelope, tela do Rastreamento]}\n",
    ),
    "07-impugnacao-so-nas-secoes": Golden(CASE_2019, WITH_IMPUGNACAO, SECTIONS + FILED),
    "07-dados-da-impugnacao-sem-paginas": Golden(
        CASE_2019,
        SMALL,
        SECTIONS
        + "ciencia: {modo: postal, data: 02/10/2026, documentos: [ar]}\nimpugnacao: {data: 20/10/2026, via: protocolo}\n",
    ),
    "08-no-limite-do-prazo": Golden(
        CASE_2019,
        WITH_IMPUGNACAO,
        f"{SECTIONS}{FILED}ciencia: {{modo: postal, data: 02/10/2026, documentos: [ar]}}\n"
        "impugnacao: {data: 04/11/2026, via: protocolo, documentos: [protocolo, identidade]}\n",
    ),
    "08-peticao-fora-do-prazo": Golden(
        CASE_2019,
        WITH_IMPUGNACAO,
        f"{SECTIONS}{FILED}ciencia: {{modo: pessoal, data: 02/10/2023, documentos: [assinatura, identidade]}}\n"
        "impugnacao: {data: 20/12/2023, via: protocolo, documentos: [protocolo, identidade]}\n",
    ),
    "09-capa-2022": Golden("10265.226695-2022-14", {**SMALL, "capa.pdf": 1}, SECTIONS + "  - capa: capa.pdf\n"),
    "09-capa-2023": Golden("10265.226695-2023-03", {**SMALL, "capa.pdf": 1}, SECTIONS + "  - capa: capa.pdf\n"),
    "09-capa-2024": Golden("10265.226695-2024-86", {**SMALL, "capa.pdf": 1}, SECTIONS + "  - capa: capa.pdf\n"),
    "09-papel-numerado-a-mao": Golden(
        CASE_2019, SMALL, SECTIONS + "numeracao: papel\n", blank=(("noti.pdf", 2), ("tif.pdf", 1))
    ),
    "09-sem-numeros": Golden(CASE_2019, SMALL, SECTIONS + "numeracao: nenhuma\n"),
    "10-a-prazo-correndo": stage("", "2026-09-01"),
    "10-b-a-solicitar": stage("", "2026-09-20"),
    "10-c-solicitado-no-prazo": stage(ASKED, "2026-09-23"),
    "10-d-solicitado-em-atraso": stage(ASKED, "2026-09-24"),
    "10-e-disponibilizado": stage(READY, "2026-09-22"),
    "10-f-juntado": stage(SENT, "2026-09-23"),
    "10-g-juntado-ha-60-dias": stage(SENT, "2026-11-29"),
    "10-h-rejeitado": stage(SENT + "  - rejeitada: {data: 25/09/2026}\n", "2026-09-26"),
    "10-i-aceito": stage(SENT + "  - aceita: 25/09/2026\n", "2026-09-26"),
    "10-j-mudou-depois-da-juntada": replace(
        stage(SENT + "  - aceita: 25/09/2026\n", "2026-09-26"),
        sent=Sent(1, "22/09/2026", "123456", (Digest("NOTI.pdf", "1" * 64),)),
    ),
}
"""By the name of the file that holds what is said."""


def golden_text(name: str) -> str:
    """What the fiscal reads of the case: its sidecar, then the panel, then the report."""
    given = CASES[name]
    report, panel = outputs(given)
    reads = Lines(report).text.partition("## Montar o processo.yaml")[0]  # composing has its own tests
    return (
        f"pasta: {given.folder}\ndia: {given.today:%d/%m/%Y}\n\n{given.sidecar}\n"
        f"======== index.html ========\n{Lines(panel).text}\n======== relatorio.html ========\n{reads}"
    )
