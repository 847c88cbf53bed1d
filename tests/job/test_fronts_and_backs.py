"""A one-sided feeder: the fronts are scanned, the stack is turned over, the backs are scanned."""

import pytest

from itrwatch.core.named_scans import NoSuchFile, listed, several
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Heading
from itrwatch.core.propose import propose
from itrwatch.core.sections import Section
from tests.office import blank_page, scan_bytes
from tests.sidecar.test_followed_hints import Reading

FRONTS = {"frente.pdf": 3, "verso.pdf": 3}


def long(*lines):
    return "secoes:\n  - tipo: notificacao\n" + "".join(f"    {line}\n" for line in lines)


def pages(text, scans):
    reading = Reading(text, scans)
    assert reading.errors == []
    return [page.removeprefix("notificacao ") for page in reading.pages]


def faults(text, scans):
    return [str(finding).removeprefix("processo.yaml:") for finding in Reading(text, scans).errors]


@pytest.mark.parametrize(
    ("lines", "scans", "expected"),
    [
        (
            ("arquivo: frente.pdf", "versos: verso.pdf"),
            FRONTS,
            ["frente.pdf 1", "verso.pdf 3", "frente.pdf 2", "verso.pdf 2", "frente.pdf 3", "verso.pdf 1"],
        ),
        (
            ("arquivo: frente.pdf", "versos: verso.pdf", "ordem_versos: direta"),
            FRONTS,
            ["frente.pdf 1", "verso.pdf 1", "frente.pdf 2", "verso.pdf 2", "frente.pdf 3", "verso.pdf 3"],
        ),
        (
            ("arquivo: scan.pdf 1-2", "versos: scan.pdf 3-4"),
            {"scan.pdf": 4},
            ["scan.pdf 1", "scan.pdf 4", "scan.pdf 2", "scan.pdf 3"],
        ),
        (("arquivo: scan.pdf", "paginas: 1-2", "versos: 4-3"), {"scan.pdf": 4}, ["scan.pdf 1", "scan.pdf 4", "scan.pdf 2", "scan.pdf 3"]),
        (
            ("arquivo: f*.jpg", "versos: v1.jpg a v2.jpg"),
            {"f1.jpg": 1, "f2.jpg": 1, "v1.jpg": 1, "v2.jpg": 1},
            ["f1.jpg 1", "v2.jpg 1", "f2.jpg 1", "v1.jpg 1"],
        ),
    ],
)  # fmt: skip
def test_fronts_and_backs_alternate(lines, scans, expected):
    assert pages(long(*lines), scans) == expected


def test_the_manual_orders_reach_the_side_they_are_meant_for():
    text = long(
        "arquivo: frente.pdf", "versos: verso.pdf", "manter: [1]", "manter_versos: [1]", "girar_versos: {2: 90}"
    )
    assert pages(text, FRONTS) == [
        *("frente.pdf 1 mantida", "verso.pdf 3", "frente.pdf 2"),
        *("verso.pdf 2 girada 90", "frente.pdf 3", "verso.pdf 1 mantida"),
    ]
    one = long("arquivo: scan.pdf 1-2", "versos: scan.pdf 3-4", "manter: [1, 4]")
    assert pages(one, {"scan.pdf": 4}) == ["scan.pdf 1 mantida", "scan.pdf 4 mantida", "scan.pdf 2", "scan.pdf 3"]


@pytest.mark.parametrize(
    ("lines", "scans", "message"),
    [
        (
            ("arquivo: frente.pdf", "versos: verso.pdf"),
            {"frente.pdf": 3, "verso.pdf": 2},
            "4:13: há 3 frentes e 2 versos: cada folha tem uma frente e um verso; confira as páginas, e se a digitalização está completa",
        ),
        (
            ("arquivo: scan.pdf", "versos: scan.pdf 3-4"),
            {"scan.pdf": 4},
            "4:5: as frentes e os versos estão no mesmo arquivo: diga as páginas das frentes em “paginas” e as dos versos em “versos”",
        ),
        (
            ("arquivo: frente.pdf", "ordem_versos: direta"),
            FRONTS,
            "4:5: “ordem_versos” só vale junto de “versos”; acrescente “versos” ou apague esta linha",
        ),
        (
            ("arquivo: frente.pdf", "versos: [verso.pdf, outro.pdf]"),
            FRONTS,
            "4:13: “versos” leva um arquivo só, com as páginas dele; escreva, por exemplo, “versos: verso.pdf 1-5”",
        ),
        (
            ("arquivo: frente.pdf", "versos: verso.pdf", "remover_versos: [4]"),
            FRONTS,
            "4:13: a página 4 de “verso.pdf”, citada em “girar”, “manter” ou “remover”, não faz parte desta seção; confira o número (conta a partir de 1, no arquivo digitalizado)",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_alternated_is_refused_with_the_reason(lines, scans, message):
    assert faults(long(*lines), scans) == [message]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("s*.jpg", ("s1.jpg", "s2.jpg", "s10.jpg")),
        ("S?.JPG", ("s1.jpg", "s2.jpg")),
        ("t1.tif a t2.tif", ("t1.tif", "t2.tif")),
        ("t2.tif até t1.tif", ("t2.tif", "t1.tif")),
        ("t1.tif - t2.tif", ("t1.tif", "t2.tif")),
        ("s1.jpg", None),
        ("s1.jpg a fim.jpg", None),
        ("x*.jpg", NoSuchFile("nenhum arquivo da pasta combina com “x*.jpg”; confira o nome, ou escreva a lista")),
        ("s1.jpg a t2.tif", NoSuchFile("não sei que arquivos ficam entre “s1.jpg” e “t2.tif”; escreva a lista, entre colchetes")),
        (
            "s1.jpg a s10.jpg",
            NoSuchFile("dos arquivos de “s1.jpg” a “s10.jpg” faltam 7, a começar do 3; copie-os para a pasta ou, se não existe, escreva a lista", "[s1.jpg, s2.jpg, s10.jpg]"),
        ),
    ],
)  # fmt: skip
def test_several_files_named_at_once(written, expected):
    assert several(written, ["s10.jpg", "s2.jpg", "s1.jpg", "t1.tif", "t2.tif"]) == expected


def test_a_long_list_is_reported_by_its_ends():
    assert listed([f"s{number}.jpg" for number in range(1, 31)]) == "[s1.jpg, s2.jpg, … s30.jpg], 30 arquivos"


def test_orders_for_pages_do_not_go_with_several_files():
    (fault,) = faults(long("arquivo: f*.pdf", "manter: [2]"), {"f1.pdf": 2, "f2.pdf": 2})
    assert fault == (
        "3:14: as páginas, “girar”, “manter” e “remover” valem para um arquivo só, e aqui são 2: [f1.pdf, f2.pdf]; "
        "escreva um item para cada arquivo"
    )


def test_names_that_say_front_and_back_are_proposed_as_one_stack():
    proposal = propose({"noti frente.pdf": 3, "noti verso.pdf": 3, "ar.pdf": 1}, {}, {})
    entry = proposal.sections[0]
    assert [f"{ref.file} {ref.page}" for ref in entry.sides] == [
        *("noti frente.pdf 1", "noti verso.pdf 3", "noti frente.pdf 2"),
        *("noti verso.pdf 2", "noti frente.pdf 3", "noti verso.pdf 1"),
    ]
    assert entry.confidence == "baixa"
    assert entry.why == "nome do arquivo; frentes e versos alternados, os versos do último para o primeiro"
    assert [section.section for section in proposal.sections] == [Section.NOTIFICACAO, Section.CIENCIA]


def test_a_section_that_begins_in_the_stack_takes_the_backs_of_its_own_sheets():
    headings = {
        PageRef("frente.pdf", 1): Heading(Section.NOTIFICACAO, "N"),
        PageRef("frente.pdf", 3): Heading(Section.DITR, "D"),
    }
    proposal = propose({"frente.pdf": 4, "verso.pdf": 4}, {}, headings)
    assert [(entry.section, entry.ranges, entry.back_ranges) for entry in proposal.sections] == [
        (Section.NOTIFICACAO, "1-2", "3-4"),
        (Section.DITR, "3-4", "1-2"),
    ]


def test_fronts_and_backs_that_are_not_as_many_are_not_alternated():
    proposal = propose({"noti frente.pdf": 5, "noti verso.pdf": 4}, {}, {})
    assert [(entry.file, entry.backs, entry.confidence) for entry in proposal.sections] == [
        ("noti frente.pdf", "", "baixa"),
        ("noti verso.pdf", "", "baixa"),
    ]
    assert (
        proposal.sections[0].why == "nome do arquivo; há 5 frentes e 4 versos: confira se a digitalização está completa"
    )


def test_the_draft_of_two_stacks_publishes_the_sheets_in_their_order(office):
    folder = office.case(None, **{"noti frente_pdf": scan_bytes("F1", "F2"), "noti verso_pdf": scan_bytes("V2", "V1")})
    office.do()
    draft = (office.out() / "processo.yaml").read_text("utf-8-sig").replace("\r\n", "\n")
    assert "    arquivo: noti frente.pdf\n    versos: noti verso.pdf\n#    ordem_versos: direta  " in draft
    (folder / "processo.yaml").write_text(draft, "utf-8")
    manifest = office.do()
    assert [(page.file, page.page, page.folha) for page in manifest.pages] == [
        *(("noti frente.pdf", 1, 1), ("noti verso.pdf", 2, 2)),
        *(("noti frente.pdf", 2, 3), ("noti verso.pdf", 1, 4)),
    ]
    assert any("CONFIRA" in finding.message for finding in manifest.findings)
    (folder / "processo.yaml").write_text(draft.replace("#    ordem", "    ordem"), "utf-8")
    assert [page.page for page in office.do().pages] == [1, 1, 2, 2]


def test_a_back_that_was_taken_out_is_kept_by_the_lines_of_the_report(office):
    text = long("arquivo: frente.pdf", "versos: verso.pdf")
    folder = office.case(text, frente_pdf=scan_bytes("F1", "F2"), verso_pdf=scan_bytes("V2", blank_page()))
    assert [page.outcome for page in office.do().pages] == ["published", "removed", "published", "published"]
    report = (office.out() / "relatorio.html").read_text("utf-8")
    block = "- tipo: notificacao\n    arquivo: frente.pdf\n    versos: verso.pdf\n    manter_versos: [2]"
    assert block in report
    (folder / "processo.yaml").write_text(f"secoes:\n  {block}\n", "utf-8")
    assert [page.outcome for page in office.do().pages] == ["published"] * 4
