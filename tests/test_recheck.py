"""The fiscal edits processo.yaml, saves, refreshes: what is wrong is told at once, what is right is not yet published."""

from threading import Event

from itrwatch.core.rechecking import Rechecking
from itrwatch.core.settling import Moving, Quiet
from itrwatch.inbox import take_snapshot
from itrwatch.job import Workshop
from itrwatch.outbox import Outbox
from itrwatch.recheck import recheck_folder
from tests.office import CASE, NOW, scan_bytes

NEVER = Moving(float("inf"))


def recheck(office):
    shop = Workshop(office.config, Outbox(office.outbox, office.config.umask), office.pool)
    return recheck_folder(take_snapshot(office.inbox / CASE), shop, NOW, Event())


def test_a_saved_sidecar_is_checked_when_the_scans_have_long_been_at_rest():
    rechecking = Rechecking(30)
    assert rechecking.observe("caso", "scans", "yaml 1", 0) == Moving(30)
    assert rechecking.observe("caso", "scans", "yaml 2", 40) == Moving(42)
    assert rechecking.observe("caso", "scans", "yaml 3", 41) == Moving(43)
    assert rechecking.observe("caso", "scans", "yaml 3", 43.5) == Quiet(41)


def test_it_waits_for_a_scanner_that_is_at_work():
    rechecking = Rechecking(30)
    rechecking.observe("caso", "scans", "yaml", 0)
    assert rechecking.observe("caso", "scans and one more", "yaml", 40) == Moving(70)


def test_each_version_is_told_of_once():
    rechecking = Rechecking(0)
    assert rechecking.observe("caso", "scans", "yaml", 0) == Quiet(0)
    rechecking.know("caso", "scans", "yaml")
    assert rechecking.observe("caso", "scans", "yaml", 100) == NEVER
    assert rechecking.observe("caso", "scans", "yaml 2", 101) == Quiet(101)


def test_a_folder_that_went_and_came_back_is_a_new_one():
    rechecking = Rechecking(30)
    rechecking.observe("caso", "scans", "yaml", 0)
    rechecking.know("caso", "scans", "yaml")
    rechecking.retain([])
    assert rechecking.observe("caso", "scans", "yaml", 40) == Moving(70)


def test_what_is_wrong_is_told_without_a_page_being_done(office):
    office.case("secoes:\n  - notificacao: scan.pdf 1-9\n", scan_pdf=scan_bytes("a", "b"))
    assert recheck(office)
    assert "a página 9 não existe: o arquivo só tem 2 páginas" in office.pending()
    assert "a página 9 não existe" in (office.out() / "relatorio.html").read_text("utf-8")


def test_what_is_right_is_told_too_and_published_only_by_the_job(office):
    office.case("secoes:\n  - notificacao: scan.pdf 1-9\n", scan_pdf=scan_bytes("a", "b"))
    recheck(office)
    office.case("secoes:\n  - notificacao: scan.pdf\n")
    assert recheck(office)
    assert office.pending().startswith(f"AGUARDANDO: {CASE}")
    assert "está em ordem" in office.pending()
    assert not office.manifest().published
    assert office.manifest().fingerprint == ""  # so the case is still to be done
    assert office.do().published
    assert not (office.out() / "PENDENTE.txt").exists()
    assert not (office.out() / "anteriores").exists()


def test_the_draft_of_a_page_range_is_corrected_step_by_step(office):
    office.case("secoes\n  - notificacao: scan.pdf\n", scan_pdf=scan_bytes("a"))
    told = []
    for sidecar in ("secoes\n", "secoes:\n  - notificaçao scan.pdf\n", "secoes:\n  - notificacao: scam.pdf\n"):
        office.case(sidecar)
        assert recheck(office)
        told.append(office.pending())
    assert len(set(told)) == 3
    assert "você quis dizer «scan.pdf»?" in told[2]
