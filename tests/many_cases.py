"""An office with many cases, as the outbox and the inbox lie there: for the panel, which reads nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from itrwatch.core.codes import Code
from itrwatch.core.findings import error, reminder, warning
from itrwatch.core.manifest import FileEntry, Manifest, PageEntry, SectionSpan
from itrwatch.core.pages import Encoding
from itrwatch.core.sections import Section
from itrwatch.core.settings import Config
from itrwatch.core.status import CaseStatus, Root, StatusSnapshot

NOW = datetime(2026, 11, 22, 20, 5, 12).astimezone()
NAMES = (
    "Fazenda Boa Vista",
    "Sítio São João",
    "Espólio de José da Conceição",
    "Agropecuária Três Irmãos Ltda",
    "Chácara Ipê",
)
AFTER = (
    "",
    "andamento:\n  - requerimento: {data: 05/11/2026}\n",
    "andamento:\n  - requerimento: {data: 19/11/2026}\n",
    "andamento:\n  - juntada: {data: 20/11/2026, protocolo: 123.456}\n",
    "andamento:\n  - aceita: {data: 20/11/2026}\n",
    "andamento:\n  - rejeitada: {data: 20/11/2026, motivo: falta o AR}\n",
)


def folder_name(number: int) -> str:
    return f"{13153720000 + number:011d}2026{number % 100:02d} {NAMES[number % len(NAMES)]}"


def manifest(number: int, pages: int = 40) -> Manifest:
    """Ready, with reservations or pending, in turn."""
    name = folder_name(number)
    findings_of_all = (
        reminder(Code.OTHER, text="confira a assinatura", rule="Manual, 2"),
        reminder(Code.OTHER, text="confira o AR", rule="Manual, 2.1"),
    )
    ready = Manifest(
        processo=f"13153.{720000 + number}/2026-{number % 100:02d}",
        folder=name,
        fingerprint="a:b",
        version="0.1.0",
        files=(
            FileEntry(
                "NOTI.pdf",
                620_000 + 977 * number,
                f"{number:064d}",
                pages - 10,
                "NOTIFICAÇÃO DE LANÇAMENTO",
                "",
                (1, pages),
            ),
            FileEntry("IMPUGNA.pdf", 210_000, f"{number:064d}", 10, "IMPUGNAÇÃO", "", (pages - 10, pages - 1)),
        ),
        sections=(SectionSpan(Section.NOTIFICACAO, (1, 5)), SectionSpan(Section.IMPUGNACAO, (pages - 10, pages - 1))),
        pages=tuple(
            PageEntry("scan 001.pdf", n, Section.NOTIFICACAO, "published", None, n, "NOTI.pdf", n, 0, Encoding.BITONAL)
            for n in range(1, pages + 1)
        ),
        findings=findings_of_all,
    )
    if number % 9 == 4:
        faults = (
            error(
                Code.OTHER, text="palavra desconhecida “notificaçao1”", rule="Manual, 2", file="processo.yaml", line=3
            ),
            *findings_of_all,
        )
        return replace(ready, files=(), sections=(), pages=(), findings=faults)
    return (
        replace(ready, findings=(warning(Code.OTHER, text="falta a seção “termo”", rule="Manual, 2"), *findings_of_all))
        if number % 5 == 2
        else ready
    )


def fill(config: Config, count: int) -> StatusSnapshot:
    """Write ``count`` cases into both roots; the status that the service would show of them."""
    places = []
    for number in range(count):
        case = manifest(number)
        inside, outside = config.inbox / case.folder, config.outbox / case.folder
        inside.mkdir()
        outside.mkdir()
        day, after = 1 + number % 28, AFTER[number % len(AFTER)]
        month = 8 if after else 10  # what was asked for had its period behind it
        text = f"secoes:\n  - notificacao: scan 001.pdf\ncontribuinte: {NAMES[number % len(NAMES)]}\n"
        text += f"ciencia: {{modo: postal, data: {day:02d}/{month + number % 2:02d}/2026, documentos: [ar]}}\n" + after
        (inside / "processo.yaml").write_text(text, "utf-8")
        (outside / "manifesto.json").write_text(case.to_json(), "utf-8")
        (outside / "relatorio.html").write_text("<title>relatório</title>", "utf-8")
        for file in case.files:
            (outside / file.name).write_bytes(b"%PDF-")
        places.append(CaseStatus(case.folder, "publicadas" if case.published else "pendentes"))
    return StatusSnapshot(
        NOW, (Root("entrada", str(config.inbox), "inotify"), Root("saída", str(config.outbox))), tuple(places)
    )


def with_work(status: StatusSnapshot) -> StatusSnapshot:
    """Two folders more: one that is being worked on, one that waits."""
    more = (
        CaseStatus("13153720009992026-11 Fazenda Nova", "em trabalho", since=NOW, done=12, total=76),
        CaseStatus("13153720009982026-12", "aguardando", "“scan 001.pdf” ainda está crescendo"),
    )
    return replace(status, cases=(*status.cases, *more))


def office(root: Path) -> Config:
    config = Config(root / "entrada", root / "saida")
    config.inbox.mkdir()
    config.outbox.mkdir()
    return config
