"""docs/perguntas.md: its answers tried, where other tests do not do so already; what it quotes, the program says."""

import re
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from itrwatch.daemon import service
from itrwatch.daemon.panel import Panel
from itrwatch.job.job import Services, process_folder
from itrwatch.store.outbox import Outbox
from tests.office import CASE, NOW, Office, blank_page, scan_bytes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "perguntas.md").read_text("utf-8")
PROGRAM = ROOT / "itrwatch"
SIDECAR = "secoes:\n  - notificacao: noti.pdf\n"


def quotations():
    return [re.sub(r"\s+", " ", text.strip()) for text in re.findall(r"^ *> (.+)$", PAGE, re.MULTILINE)]


def words_of_the_program():
    """All texts of the program, those written over several lines put together."""
    sources = [path.read_text("utf-8") for path in sorted(PROGRAM.rglob("*")) if path.suffix in {".py", ".html"}]
    return re.sub(r'"\s*f?"', "", "\n".join(sources))


def test_what_the_page_quotes_is_what_the_program_says():
    program = words_of_the_program()
    assert len(quotations()) > 8
    assert [text for text in quotations() if text not in program] == []


def rest(office, *, retry=False):
    """Everything is at rest and done, as `once` does it; the panel as text."""
    outbox = Outbox(office.config.outbox)
    services = Services(office.config, outbox, office.pool)
    service.once(office.config, partial(process_folder, services), outbox=outbox, retry=retry)
    Panel(Outbox(office.config.outbox), office.config).show_without_service(datetime.now().astimezone())
    text = re.sub(r"<[^>]*>", " ", (office.config.outbox / "index.html").read_text("utf-8").partition("<main")[2])
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def published(office):
    office.case(SIDECAR, noti_pdf=scan_bytes("N1", "N2"))
    rest(office)
    assert (office.out() / "NOTI.pdf").exists()
    return office


def inode(office: Office):
    return (office.out() / "NOTI.pdf").stat().st_ino


def test_notepad_that_adds_txt_is_forgiven(office):
    office.case(None, noti_pdf=scan_bytes("N1"))
    (office.inbox / CASE / "processo.yaml.txt").write_text(SIDECAR)
    rest(office)
    assert (office.out() / "NOTI.pdf").exists()


def test_a_sidecar_saved_in_the_outbox_has_no_effect(published):
    before = inode(published)
    (published.out() / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf 1\n")
    rest(published)
    assert inode(published) == before


def test_the_same_folders_on_another_server_are_not_done_again(published, tmp_path):
    shutil.copytree(published.inbox, tmp_path / "nova" / "entrada", copy_function=shutil.copyfile)
    shutil.copytree(published.outbox, tmp_path / "nova" / "saida")
    published.set(inbox=tmp_path / "nova" / "entrada", outbox=tmp_path / "nova" / "saida")
    published.outbox = tmp_path / "nova" / "saida"
    before = inode(published)
    rest(published)
    assert inode(published) == before


def test_a_deleted_pdf_is_made_again_and_a_remark_is_no_change(published):
    before = inode(published)
    sidecar = published.inbox / CASE / "processo.yaml"
    sidecar.write_text(SIDECAR + "# conferido\n")
    rest(published)
    assert inode(published) == before
    data = (published.out() / "NOTI.pdf").read_bytes()
    (published.out() / "NOTI.pdf").unlink()
    rest(published)
    assert (published.out() / "NOTI.pdf").read_bytes() == data


def test_a_case_whose_folder_left_the_inbox_stays_in_outbox_and_panel(published):
    shutil.rmtree(published.inbox / CASE)
    panel = rest(published)
    assert (published.out() / "NOTI.pdf").exists()
    assert "A pasta não está mais na entrada." in panel


def test_a_renamed_folder_is_another_case(published):
    other = "13153.720210-2019-34 Fazenda Boa Vista Ltda"
    (published.inbox / CASE).rename(published.inbox / other)
    panel = rest(published)
    assert (published.outbox / other / "NOTI.pdf").exists()
    assert (published.out() / "NOTI.pdf").exists()
    assert "A pasta não está mais na entrada." in panel


def test_a_folder_deleted_from_the_outbox_too_leaves_the_panel(published):
    shutil.rmtree(published.inbox / CASE)
    shutil.rmtree(published.out())
    assert "13153.720210/2019-34" not in rest(published)


def test_a_page_that_was_removed_comes_back_with_manter(office):
    office.case(SIDECAR, noti_pdf=scan_bytes("N1", blank_page(), "N3"))
    rest(office)
    assert [page.outcome for page in office.manifest().pages] == ["published", "removed", "published"]
    long = "secoes:\n  - tipo: notificacao\n    arquivo: noti.pdf\n    manter: [2]\n"
    (office.inbox / CASE / "processo.yaml").write_text(long)
    rest(office)
    assert [page.outcome for page in office.manifest().pages] == ["published"] * 3
    assert list((office.out() / "anteriores").glob("*/NOTI.pdf"))


def test_a_file_over_the_limit_is_divided_and_the_numbers_run_on(office):
    office.case(SIDECAR, noti_pdf=scan_bytes(*(f"P{n}" for n in range(6))))
    whole = office.do().files[0].bytes
    office.set(max_file_bytes=max(20_000, whole * 2 // 3))
    files = office.do(now=NOW).files
    assert [file.name for file in files] == ["NOTI.pdf", "NOTI2.pdf"]
    assert files[0].folhas[1] + 1 == files[1].folhas[0]


def test_retry_does_again_what_is_pending_and_did_not_change(office):
    office.case("secoes:\n  - notificacao: nada.pdf\n", noti_pdf=scan_bytes("N1"))
    rest(office)
    first = (office.out() / "PENDENTE.txt").stat().st_ino
    rest(office)
    assert (office.out() / "PENDENTE.txt").stat().st_ino == first
    rest(office, retry=True)
    assert (office.out() / "PENDENTE.txt").stat().st_ino != first
