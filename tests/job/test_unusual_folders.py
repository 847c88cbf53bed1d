"""Cases with something odd in the folder: a link, two names alike, a photo, a page that does not open; each reported, none lost."""

import io
import zlib
from threading import Event

import pytest
from PIL import Image

from itrwatch.core.findings import Severity
from itrwatch.core.manifest import Reason
from itrwatch.job import case_pages, intake
from itrwatch.job.attempt import no_progress
from itrwatch.job.job import preview
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.publication import DRAFT
from itrwatch.workers.pool import InWorker
from tests.hostile_files import CATALOGUE, raw_pdf, stream
from tests.office import NOW, blank_page, page, scan_bytes

NOTI = "secoes:\n  - notificacao: noti.pdf\n"
LONG = "secoes:\n  - tipo: notificacao\n    arquivo: noti.pdf\n    remover: [{}]\n"
BREAKS = InWorker("os", "abort")
"""Is given what it does not take, and raises in the worker."""


def half_broken():
    """Two pages, of which the second has no picture any more."""
    picture = page("N1")
    entries = b"/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
    image = stream(b"%s/Width %d/Height %d" % (entries, *picture.size), zlib.compress(picture.tobytes()))
    content = stream(b"", b"595 0 0 842 0 0 cm /I Do")
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>>>"
    return raw_pdf(
        CATALOGUE, b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        sheet % (5, 6), sheet % (5, 7), content, image, stream(entries + b"/Width 900/Height 900", b"x"),
    )  # fmt: skip


def test_a_page_that_does_not_open_may_be_taken_out(office):
    office.case(NOTI, noti_pdf=half_broken())
    assert not office.do().published
    office.case(LONG.format(2), noti_pdf=half_broken())
    first, second = office.do().pages
    assert (first.outcome, second.reason) == ("published", Reason.ASKED)
    assert any("retirada a pedido" in finding.message for finding in office.manifest().findings)


def test_a_page_that_does_not_open_is_reported_by_the_check_and_left_out_of_the_draft(office):
    folder = office.case(NOTI, noti_pdf=half_broken())
    found = preview(take_snapshot(folder), office.config, office.pool, NOW.date(), Event(), no_progress)
    assert [finding.page for finding in found.findings if finding.severity is Severity.ERROR] == [2]
    office.case(NOTI, noti_pdf=scan_bytes("N1", blank_page()))
    found = preview(take_snapshot(folder), office.config, office.pool, NOW.date(), Event(), no_progress)
    assert [page.outcome for page in found.pages] == ["published", "removed"]
    assert not (office.out() / "NOTI.pdf").exists()
    office.case(None, name="13153.720211-2019-34", scan_pdf=half_broken())
    office.do("13153.720211-2019-34")
    assert "scan.pdf" in (office.out("13153.720211-2019-34") / DRAFT).read_text("utf-8-sig")


def test_a_section_of_which_every_page_is_taken_out(office):
    office.case(LONG.format("1-2"), noti_pdf=scan_bytes("N1", "N2"))
    office.do()
    assert "todas as páginas da seção “notificacao” foram retiradas" in office.pending()
    ditr = "  - tipo: ditr\n    arquivo: ditr.pdf\n    remover: [1]\n"
    office.case(NOTI + ditr, noti_pdf=scan_bytes("N1"), ditr_pdf=scan_bytes("D1"))
    manifest = office.do()
    assert [page.outcome for page in manifest.pages] == ["published", "removed"]
    assert any("todas as páginas da seção “ditr” foram retiradas" in finding.message for finding in manifest.findings)


def test_a_sidecar_that_is_a_link(office, tmp_path):
    folder = office.case(None, noti_pdf=scan_bytes("N1"))
    (tmp_path / "outro.yaml").write_text(NOTI)
    (folder / "processo.yaml").symlink_to(tmp_path / "outro.yaml")
    office.do()
    assert "“processo.yaml” é um link simbólico" in office.pending()


def test_two_files_whose_names_differ_in_capitals_only(office):
    folder = office.case(NOTI, noti_pdf=scan_bytes("N1"))
    (folder / "NOTI.PDF").write_bytes(scan_bytes("N2"))
    office.do()
    text = office.pending()
    assert "“noti.pdf” pode ser “NOTI.PDF” e “noti.pdf”; dê nomes diferentes a esses arquivos" in text


def test_a_file_that_is_not_there_beside_others_that_do_not_serve(office, tmp_path):
    folder = office.case(NOTI.replace("noti.pdf", "intimacao.pdf"), noti_pdf=scan_bytes("N1"))
    (folder / "foto.avif").write_bytes(b"\0\0\0\x18ftypavif" + b"\0" * 100)
    (folder / "capa.pdf").symlink_to(tmp_path / "capa.pdf")
    office.do()
    assert "o arquivo “intimacao.pdf” não está na pasta" in office.pending()
    office.case(NOTI.replace("noti", "capa"))
    office.do()
    assert "“capa.pdf” é um link simbólico" in office.pending()
    office.case(NOTI.replace("noti.pdf", "foto.avif 1"))
    office.do()
    assert "“foto.avif” não serve" in office.pending()


def test_a_fault_of_our_own_is_reported_as_such(office, monkeypatch, said):
    """Not as a damaged file: nobody should scan anything again for it."""
    office.case(NOTI, noti_pdf=scan_bytes("N1"))
    with monkeypatch.context() as patched:
        patched.setattr(case_pages, "WORK_PAGE", BREAKS)
        office.do()
    assert "falha interna do itrwatch ao ler o arquivo; avise o administrador" in office.pending()
    assert any("noti.pdf página 1: " in line and "TypeError" in line for line in said)
    with monkeypatch.context() as patched:
        patched.setattr(intake, "INSPECT_SCAN", BREAKS)
        office.do()
    assert "falha interna do itrwatch" in office.pending()


@pytest.mark.parametrize("lost", [0, 600])
def test_a_picture_inside_which_something_is_missing_is_waited_for(office, lost):
    """Its chunks are whole and end as they should; what they hold does not."""
    buffer = io.BytesIO()
    page("N1").convert("L").save(buffer, "PNG")
    data = buffer.getvalue()
    start = data.index(b"IDAT")
    size = int.from_bytes(data[start - 4 : start], "big")
    body = data[start + 4 : start + 4 + size][: size - lost]
    chunk = b"IDAT" + body
    png = data[: start - 4] + len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + data[-12:]
    with Image.open(io.BytesIO(png)) as header:
        assert header.size == page("N1").size
    office.case(NOTI.replace("pdf", "png"), noti_png=png)
    assert office.do().published is (not lost)


def test_scans_of_two_days_with_one_name_are_two_scans(office):
    """A scanner makes a folder for each day and begins again with the same names in it."""
    folder = office.case(None)
    for day, text in (("20261128", "N1"), ("20261129", "N2")):
        (folder / day).mkdir()
        (folder / day / "scan.pdf").write_bytes(scan_bytes(text))
    office.do()
    draft = (office.out() / DRAFT).read_text("utf-8-sig")
    assert "20261128/scan.pdf" in draft
    assert "20261129/scan.pdf" in draft
    office.case("secoes:\n  - notificacao: scan.pdf\n")
    office.do()
    assert "“scan.pdf” pode ser “20261128/scan.pdf” e “20261129/scan.pdf”" in office.pending()
    office.case("secoes:\n  - notificacao: 20261127/scan.pdf\n")
    office.do()
    assert "“20261127/scan.pdf” não está na pasta; você quis dizer “20261128/scan.pdf”?" in office.pending()
    office.case("secoes:\n  - notificacao: 20261128/scan.pdf\n  - ditr: '20261129\\scan.pdf'\n")
    manifest = office.do()
    assert [(page.file, page.section, page.folha) for page in manifest.pages] == [
        ("20261128/scan.pdf", "notificacao", 1),
        ("20261129/scan.pdf", "ditr", 2),
    ]
    (folder / "20261129" / "Recibo de Protocolo.pdf").write_bytes(scan_bytes("R"))
    assert not any(
        "Recibo" in finding.message for finding in office.do().findings if finding.severity is Severity.WARNING
    )
