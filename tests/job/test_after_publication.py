"""What comes after the PDFs were made: notes in ``andamento`` and papers that e-CAC gives back. No PDF is made again."""

from __future__ import annotations

from functools import partial

import pytest

from itrwatch.core.findings import Severity
from itrwatch.job.redraw import redraw_report
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.ledger import Ledger, OutboxStatus
from itrwatch.store.outbox import Outbox
from tests.office import CASE, NOW, scan_bytes

SIDECAR = """\
secoes:
  - notificacao: noti.pdf 1
  - ciencia: noti.pdf 2
contribuinte: Fazenda Boa Vista
"""


@pytest.fixture
def published(office):
    """A case that was published for real, and a ledger that knows nothing yet."""
    office.case(SIDECAR, noti_pdf=scan_bytes("A", "B"))
    assert office.do().published
    return office


def status_of(office, *, moving=False):
    """What a ledger that was started just now makes of the folder, as a scan of the inbox would."""
    ledger = Ledger(Outbox(office.outbox, office.config.umask), wall_clock=lambda: NOW)
    return ledger.status_of(take_snapshot(office.inbox / CASE), moving=moving)


def redrawing(office):
    """The same of a service: it draws reports, too."""
    outbox = Outbox(office.outbox, office.config.umask)
    ledger = Ledger(outbox, wall_clock=lambda: NOW, redraw=partial(redraw_report, outbox, office.config))
    return ledger.status_of(take_snapshot(office.inbox / CASE), moving=False)


def report(office):
    return (office.out() / "relatorio.html").read_bytes()


def pdfs(office):
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in office.out().glob("*.pdf")}


@pytest.mark.parametrize(
    "text",
    [
        SIDECAR + "andamento:\n  - requerimento: 10/02/2024\n",
        SIDECAR + "\n# depois da juntada\nAndamento:\n- juntada: {data: 16/02/2024, protocolo: 123}\n\n",
        "andamento:\n  - juntada: 16/02/2024\n    protocolo: 123\n" + SIDECAR,
        SIDECAR + "andamento: [requerimento: 10/02/2024]  # feito\n",
        SIDECAR + "andamento: [\n  {juntada: 16/02/2024},\n]\n",
        SIDECAR + 'andamento:\n  - juntada:16/02/2024 "sem fechar\n\t- rejeitada: {\n',
        SIDECAR + "andamento:\n",
        SIDECAR.replace("\n", "\r\n") + "'andamentos':\r\n  - aceita: 20/02/2024\r\n",
    ],
)  # fmt: skip
def test_a_change_of_andamento_only_refreshes_the_ledger(published, text):
    before = pdfs(published)
    (published.inbox / CASE / "processo.yaml").write_text(text, newline="")
    assert status_of(published, moving=True) is OutboxStatus.PUBLISHED
    assert pdfs(published) == before
    assert status_of(published) is OutboxStatus.PUBLISHED
    first, stat, *_ = published.manifest().fingerprint.split(":")
    assert (len(first), len(stat)) == (64, 16)


@pytest.mark.parametrize(
    "text",
    [
        SIDECAR.replace("Boa", "Má") + "andamento:\n  - requerimento: 10/02/2024\n",
        SIDECAR.replace("noti.pdf 2", "noti.pdf 2\n    girar: {2: 90}"),
        SIDECAR + "andamento:\nnumeracao: papel\n",
        SIDECAR + "andamento:\n  - requerimento: 10/02/2024\nnumeracao: papel\n",
    ],
)
def test_any_other_change_takes_the_set_back(published, text):
    (published.inbox / CASE / "processo.yaml").write_text(text)
    assert status_of(published) is OutboxStatus.TO_DO
    assert pdfs(published) == {}


def test_a_comment_or_a_blank_line_makes_nothing_anew(published):
    (published.inbox / CASE / "processo.yaml").write_text("# Fazenda\n\n" + SIDECAR.replace("contrib", "\ncontrib"))
    assert status_of(published) is OutboxStatus.PUBLISHED


def test_a_pending_case_is_looked_at_again_whatever_changed(office):
    """The note cites lines, so that they must be those of the file as it stands."""
    office.case(SIDECAR.replace("noti.pdf 2", "não.pdf"), noti_pdf=scan_bytes("A"))
    assert not office.do().published
    assert status_of(office) is OutboxStatus.PENDING
    sidecar = office.inbox / CASE / "processo.yaml"
    sidecar.write_text("andamento:\n  - requerimento: 10/02/2024\n" + sidecar.read_text())
    assert status_of(office) is OutboxStatus.TO_DO


@pytest.mark.parametrize("name", ["recibo.pdf", "Recibo de entrega 123.PDF", "Termo de Análise de Solicitação.pdf"])
def test_a_paper_from_ecac_makes_nothing_anew_when_it_comes_nor_when_it_goes(published, name):
    before = pdfs(published)
    paper = published.inbox / CASE / name
    paper.write_bytes(scan_bytes("A"))
    assert status_of(published, moving=True) is OutboxStatus.PUBLISHED
    assert pdfs(published) == before
    paper.unlink()
    assert status_of(published) is OutboxStatus.PUBLISHED


def test_any_other_new_scan_does(published):
    (published.inbox / CASE / "juntada.pdf").write_bytes(scan_bytes("A"))
    assert status_of(published) is OutboxStatus.TO_DO


def test_a_receipt_that_a_section_claims_is_a_page_like_any_other(office):
    text = SIDECAR.replace("  - ciencia: noti.pdf 2\n", "  - ciencia: RECIBO\n")
    office.case(text, noti_pdf=scan_bytes("A"), recibo_pdf=scan_bytes("B"))
    manifest = office.do()
    assert [(page.file, page.outcome) for page in manifest.pages] == [
        ("noti.pdf", "published"),
        ("recibo.pdf", "published"),
    ]
    (office.inbox / CASE / "recibo.pdf").write_bytes(scan_bytes("A"))
    assert status_of(office) is OutboxStatus.TO_DO


def test_a_receipt_that_is_there_from_the_start_is_accounted_for(office):
    """Published, removed and not claimed are still all pages of the folder; it is no point to look at, only a word."""
    office.case(SIDECAR, noti_pdf=scan_bytes("A", "B"), recibo_pdf=scan_bytes("A"), outro_pdf=scan_bytes("A"))
    manifest = office.do()
    assert [(page.file, page.outcome) for page in manifest.pages if page.outcome != "published"] == [
        ("outro.pdf", "unclaimed"),
        ("recibo.pdf", "unclaimed"),
    ]
    by_file = {f.file: (f.severity, f.message) for f in manifest.findings if f.file}
    assert by_file["recibo.pdf"] == (
        Severity.REMINDER,
        (
            "“recibo.pdf” parece ser o recibo da solicitação de juntada, que não entra nos PDFs; se faz parte do processo, inclua-o em "
            "“secoes”"
        ),
    )
    assert by_file["outro.pdf"][0] is Severity.WARNING
    (office.inbox / CASE / "recibo.pdf").unlink()
    assert status_of(office) is OutboxStatus.PUBLISHED


def test_a_receipt_that_cannot_be_read_keeps_no_case_back(office):
    office.case(SIDECAR, noti_pdf=scan_bytes("A", "B"), recibo_pdf=b"%PDF-1.4 cut off")
    manifest = office.do()
    assert manifest.published
    finding = next(f for f in manifest.findings if f.file == "recibo.pdf")
    assert finding.severity is Severity.REMINDER
    assert finding.message.startswith(
        "parece ser o recibo da solicitação de juntada, que não entra nos PDFs, e não pôde ser lido: "
    )


NOTED = SIDECAR + "andamento:\n  - requerimento: 10/02/2024\n  - juntada: {data: 16/02/2024, protocolo: 123}\n"


def test_the_published_report_follows_andamento_and_is_the_one_that_would_be_made_now(published):
    before = pdfs(published)
    assert b"<strong>A solicitar.</strong>" in report(published)
    assert b"juntada: {data: 16/02/2024" not in report(published)
    published.case(NOTED)
    assert redrawing(published) is OutboxStatus.PUBLISHED
    redrawn = report(published)
    assert pdfs(published) == before
    assert "<strong>Juntado, em análise.</strong>".encode() in redrawn
    assert b"<strong>A solicitar.</strong>" not in redrawn
    assert b"juntada: {data: 16/02/2024" in redrawn  # a sidecar that is composed anew keeps the note
    (published.out() / "manifesto.json").unlink()  # everything is made again
    assert published.do().published
    history = b"<footer"  # says that there are sets of before
    assert report(published).partition(history)[0] == redrawn.partition(history)[0]


def test_a_receipt_that_was_put_into_the_folder_is_named_in_the_report(published):
    published.case(NOTED, recibo_pdf=b"%PDF-1.4")
    assert redrawing(published) is OutboxStatus.PUBLISHED
    assert b"<strong>recibo.pdf</strong>" in report(published)


def test_a_note_that_cannot_be_read_leaves_the_report_as_it_is(published):
    before = report(published)
    published.case(SIDECAR + "andamento:\n  - juntada: {data: 16/02/2024\n")
    assert redrawing(published) is OutboxStatus.PUBLISHED
    assert report(published) == before


def test_a_report_of_other_templates_is_left_as_it_is(published):
    path = published.out() / "relatorio.html"
    path.write_bytes(report(published).replace(b"<!-- andamento -->", b"", 1))
    before = report(published)
    published.case(NOTED)
    assert redrawing(published) is OutboxStatus.PUBLISHED
    assert report(published) == before


def test_killed_between_report_and_manifest_both_are_done_again(published, monkeypatch):
    published.case(NOTED)
    with monkeypatch.context() as cut:
        cut.setattr(Outbox, "refresh", lambda *_: (_ for _ in ()).throw(OSError("cut")))
        with pytest.raises(OSError, match="cut"):
            redrawing(published)
    assert b"<strong>Juntado" in report(published)
    assert published.manifest().sent is None
    assert redrawing(published) is OutboxStatus.PUBLISHED
    assert published.manifest().sent is not None
