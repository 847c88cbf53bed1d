"""A case goes in, the PDFs come out: real scans, real sidecars, the real job."""

import re
import shutil

import pikepdf
import pypdfium2
import pytest

from itrwatch.core.findings import Severity
from itrwatch.core.pages import Encoding, Reason
from itrwatch.core.sections import Section
from tests.manual_case import draw_manual_case
from tests.office import CASE, Office, blank_page, scan_bytes


def texts(path):
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range().strip() for page in pdf]


def labels(path):
    with pikepdf.open(path) as pdf:
        return [page.label for page in pdf.pages]


def errors(manifest):
    return [f.message for f in manifest.findings if f.severity is Severity.ERROR]


@pytest.fixture(scope="module")
def manual_case(tmp_path_factory, pool):
    """The worked example of the manual, done once."""
    office = Office(tmp_path_factory.mktemp("manual"), pool)
    (office.inbox / CASE).mkdir()
    draw_manual_case(office.inbox / CASE)
    office.do()
    return office


@pytest.mark.slow
def test_the_worked_example_page_by_page(manual_case):
    noti, impugna = manual_case.out() / "NOTI.pdf", manual_case.out() / "IMPUGNA.pdf"
    assert texts(noti) == ["", *(f"Fls. {n}" for n in range(1, 50)), "Fls. 76"]
    assert texts(impugna) == [f"Fls. {n}" for n in range(50, 76)]
    assert labels(noti) == ["Capa", *map(str, range(1, 50)), "76"]
    assert labels(impugna) == [str(n) for n in range(50, 76)]


def test_the_manifest_has_the_outcome_of_every_scanned_page(manual_case):
    manifest = manual_case.manifest()
    assert [(f.name, f.pages, f.folhas) for f in manifest.files] == [
        ("NOTI.pdf", 51, (1, 76)),
        ("IMPUGNA.pdf", 26, (50, 75)),
    ]
    assert [(s.kind, s.folhas) for s in manifest.sections] == [
        (Section.CAPA, None),
        (Section.NOTIFICACAO, (1, 5)),
        (Section.CIENCIA, (6, 7)),
        (Section.DITR, (8, 11)),
        (Section.TIF, (12, 23)),
        (Section.TCIF, (24, 49)),
        (Section.IMPUGNACAO, (50, 75)),
        (Section.TERMO, (76, 76)),
    ]
    assert len(manifest.pages) == 77
    assert {page.outcome for page in manifest.pages} == {"published"}
    for page in manifest.pages:
        number = "" if page.folha is None else f"Fls. {page.folha}"
        assert texts_of(manual_case)[page.output][page.output_page - 1] == number


def texts_of(office):
    return {path.name: texts(path) for path in office.out().glob("*.pdf")}


def test_bookmarks_name_the_sections_with_their_folhas(manual_case):
    with pikepdf.open(manual_case.out() / "NOTI.pdf") as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[:3] == [
        "Capa",
        "Notificação de Lançamento (folhas 1 a 5)",
        "Ciência da Notificação de Lançamento (folhas 6 a 7)",
    ]
    assert titles[-1] == "Termo de Encaminhamento (folha 76)"


def test_the_same_case_gives_the_same_bytes(manual_case, tmp_path, pool):
    office = Office(tmp_path, pool)
    shutil.copytree(manual_case.inbox / CASE, office.inbox / CASE)
    again = office.do()
    assert [f.sha256 for f in again.files] == [f.sha256 for f in manual_case.manifest().files]


def test_blank_pages_go_and_the_count_adds_up(office):
    office.case(
        "secoes:\n - notificacao: noti.pdf\n - termo: termo.pdf 1\n",
        noti_pdf=scan_bytes("N1", blank_page(), "N2"),
        termo_pdf=scan_bytes("T1", "sobra"),
    )
    pages = office.do().pages
    assert [(p.file, p.page, p.outcome, p.reason, p.folha) for p in pages] == [
        ("noti.pdf", 1, "published", None, 1),
        ("noti.pdf", 2, "removed", Reason.BLANK, None),
        ("noti.pdf", 3, "published", None, 2),
        ("termo.pdf", 1, "published", None, 3),
        ("termo.pdf", 2, "unclaimed", None, None),
    ]
    assert texts(office.out() / "NOTI.pdf") == ["Fls. 1", "Fls. 2", "Fls. 3"]


def test_the_sidecar_overrides_what_was_seen(office):
    office.case(
        "secoes:\n - tipo: notificacao\n   arquivo: noti.pdf\n   girar: {1: 90}\n   manter: [2]\n   remover: [3]\n",
        noti_pdf=scan_bytes("N1", blank_page(), "N2"),
    )
    first, second, third = office.do().pages
    assert (first.turn, first.folha) == (90, 1)
    assert (second.outcome, second.folha) == ("published", 2)
    assert (third.outcome, third.reason) == ("removed", Reason.ASKED)


def test_the_only_page_of_a_section_stays_even_if_it_looks_blank(office):
    office.case(
        "secoes:\n - notificacao: noti.pdf\n - ditr: ditr.pdf\n",
        noti_pdf=scan_bytes("N1"),
        ditr_pdf=scan_bytes(blank_page(), blank_page()),
    )
    manifest = office.do()
    assert [p.outcome for p in manifest.pages if p.section is Section.DITR] == ["published", "removed"]
    assert any("é tudo o que há na seção “ditr”" in f.message for f in manifest.findings)


def test_paper_that_was_numbered_keeps_its_numbers_and_the_holes_are_reported(office):
    office.case(
        "secoes:\n - notificacao: noti.pdf\n - termo: termo.pdf\nnumeracao: papel\n",
        noti_pdf=scan_bytes("N1", blank_page(), "N2"),
        termo_pdf=scan_bytes("T1"),
    )
    manifest = office.do()
    assert [p.folha for p in manifest.pages] == [1, None, 3, 4]
    assert labels(office.out() / "NOTI.pdf") == ["1", "3", "4"]
    assert texts(office.out() / "NOTI.pdf") == ["Fls. 1", "Fls. 3", "Fls. 4"]
    assert any("falta a folha 2, que está em branco" in f.message for f in manifest.findings)


def test_without_numbering_nothing_is_stamped(office):
    office.case("secoes:\n - notificacao: noti.pdf\nnumeracao: nenhuma\n", noti_pdf=scan_bytes("N1", "N2"))
    manifest = office.do()
    assert [p.folha for p in manifest.pages] == [None, None]
    assert manifest.files[0].folhas is None
    assert texts(office.out() / "NOTI.pdf") == ["", ""]


def test_a_file_over_the_limit_is_divided_and_titled(office):
    office.case("secoes:\n - notificacao: noti.pdf 1-5\n - termo: noti.pdf 6\n", noti_pdf=scan_bytes(*"ABCDEF"))
    whole = office.do().files[0].bytes
    office.set(max_file_bytes=whole)
    assert [f.name for f in office.do().files] == ["NOTI.pdf"]
    office.set(max_file_bytes=whole - 1)
    divided = office.do().files
    assert [(f.name, f.title) for f in divided] == [("NOTI.pdf", "Parte 1 de 2"), ("NOTI2.pdf", "Parte 2 de 2")]
    assert all(f.bytes <= whole - 1 and f.bytes == (office.out() / f.name).stat().st_size for f in divided)
    assert [text for f in divided for text in texts(office.out() / f.name)] == [f"Fls. {n}" for n in range(1, 7)]
    assert divided[1].folhas == (6, 6)


def test_impugna_is_numbered_from_one_only_when_divided(office):
    sidecar = "secoes:\n - notificacao: noti.pdf 1\n - impugnacao: noti.pdf 2-6\n"
    office.case(sidecar, noti_pdf=scan_bytes(*"ABCDEF"))
    assert [f.name for f in office.do().files] == ["NOTI.pdf", "IMPUGNA.pdf"]
    office.set(max_file_bytes=office.manifest().files[1].bytes - 1)
    assert [f.name for f in office.do().files] == ["NOTI.pdf", "IMPUGNA1.pdf", "IMPUGNA2.pdf"]


def test_a_single_page_over_the_limit_is_coded_harder_then_refused(office):
    office.case("secoes:\n - notificacao: noti.pdf\n", noti_pdf=scan_bytes("A"))
    office.set(max_file_bytes=office.do().files[0].bytes - 2_000)
    lighter = office.do()
    assert lighter.published
    assert re.search(r"^content: .*; over the limit of a file, coded again: ", lighter.pages[0].why)
    assert lighter.files[0].bytes <= office.config.max_file_bytes
    office.set(max_file_bytes=20_000)
    assert "sozinha passa do limite de 19 KB" in errors(office.do())[0]
    assert "noti.pdf, página 1" in office.pending()


def test_the_inbox_is_never_touched(office):
    folder = office.case("secoes:\n - notificacao: noti.pdf\n", noti_pdf=scan_bytes("N1"))
    for path in (*folder.iterdir(), folder, office.inbox):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: path.stat() for path in (folder, *folder.iterdir())}
    assert office.do().published
    after = {path: path.stat() for path in (folder, *folder.iterdir())}
    assert {p: (s.st_mtime_ns, s.st_ctime_ns, s.st_size) for p, s in before.items()} == {
        p: (s.st_mtime_ns, s.st_ctime_ns, s.st_size) for p, s in after.items()
    }
    for path in (office.inbox, folder):
        path.chmod(0o755)


def test_the_set_before_goes_to_anteriores(office):
    folder = office.case("secoes:\n - notificacao: noti.pdf 1\n", noti_pdf=scan_bytes("N1", "N2"))
    first = office.do().files[0].sha256
    (folder / "processo.yaml").write_text("secoes:\n - notificacao: noti.pdf\n")
    second = office.do().files[0].sha256
    assert first != second
    (old,) = (office.out() / "anteriores").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\dh\d\dm\d\ds", old.name)
    assert sorted(p.name for p in old.iterdir()) == ["NOTI.pdf", "manifesto.json", "processo.log", "relatorio.html"]


def test_nobody_outside_the_office_can_read_the_papers(office):
    office.case("secoes:\n - notificacao: noti.pdf\n", noti_pdf=scan_bytes("N1"))
    office.do()
    for path in (office.out(), *office.out().rglob("*")):
        assert path.stat().st_mode & 0o007 == 0, path


def test_the_set_is_pdfs_report_log_and_manifest_and_nothing_else(office):
    office.case("secoes:\n - notificacao: noti.pdf\n", noti_pdf=scan_bytes("N1"))
    office.do()
    assert sorted(p.name for p in office.out().iterdir()) == [
        "NOTI.pdf",
        "manifesto.json",
        "processo.log",
        "relatorio.html",
    ]
    log = (office.out() / "processo.log").read_text("utf-8")
    assert "NOTI.pdf com 1 página," in log
    assert "Fls." not in log


@pytest.mark.slow
def test_real_scans_from_the_corpus(office, corpus):
    """One output page per input page, nothing stripped, whatever made the file."""
    folder = office.case(None)
    for path in sorted((corpus / "real").iterdir()):
        (folder / path.name).write_bytes(path.read_bytes())
    names = sorted(path.name for path in folder.iterdir())
    listed = "".join(f"  - notificacao: {name}\n" for name in names)
    (folder / "processo.yaml").write_text(f"secoes:\n{listed}", "utf-8")
    manifest = office.do()
    assert errors(manifest) == []
    assert {page.outcome for page in manifest.pages} == {"published"}
    assert manifest.files[0].pages == 19
    assert {page.encoding for page in manifest.pages} <= set(Encoding)
