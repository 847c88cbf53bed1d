"""The fiscal edits processo.yaml, saves, refreshes: what is wrong is reported at once, what is right is not yet published."""

import json
import re
from dataclasses import replace
from threading import Event

from itrwatch.core.codes import Code
from itrwatch.core.findings import error
from itrwatch.core.manifest import Arriving, Manifest, Pending
from itrwatch.daemon.cases import Cases
from itrwatch.daemon.early_check import EarlyChecks, Rechecking
from itrwatch.daemon.settling import Moving, Settling
from itrwatch.job.job import Services
from itrwatch.job.recheck import recheck_folder
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.ledger import Ledger
from itrwatch.store.outbox import Outbox
from tests.daemon.test_daemon import Daemon
from tests.office import CASE, NOW, scan_bytes

NEVER = Moving(float("inf"))


def recheck(office):
    services = Services(office.config, Outbox(office.outbox, office.config.umask), office.pool)
    return isinstance(recheck_folder(take_snapshot(office.inbox / CASE), services, NOW, Event()), Pending)


def test_what_is_wrong_is_reported_without_a_page_being_done(office):
    office.case("secoes:\n  - notificacao: scan.pdf 1-9\n", scan_pdf=scan_bytes("a", "b"))
    assert recheck(office)
    assert "a página 9 não existe: o arquivo só tem 2 páginas" in office.pending()
    assert "a página 9 não existe" in (office.out() / "relatorio.html").read_text("utf-8")


def test_what_is_right_is_reported_too_and_published_only_by_the_job(office):
    office.case("secoes:\n  - notificacao: scan.pdf 1-9\n", scan_pdf=scan_bytes("a", "b"))
    recheck(office)
    office.case("secoes:\n  - notificacao: scan.pdf\n")
    assert recheck(office)
    assert office.pending().startswith(f"AGUARDANDO: {CASE}")
    assert "está em ordem" in office.pending()
    state = re.search(r'class="state[^>]*>([^<]*)<', (office.out() / "relatorio.html").read_text("utf-8"))
    assert state[1].startswith("O processo.yaml foi conferido e está correto; os PDFs são feitos quando")
    assert not office.manifest().published
    assert office.manifest().fingerprint == ""  # so the case is still to be done
    assert office.do().published
    assert not (office.out() / "PENDENTE.txt").exists()
    assert not (office.out() / "anteriores").exists()


def test_the_draft_of_a_page_range_is_corrected_step_by_step(office):
    office.case("secoes\n  - notificacao: scan.pdf\n", scan_pdf=scan_bytes("a"))
    notes = []
    for sidecar in ("secoes\n", "secoes:\n  - notificaçao scan.pdf\n", "secoes:\n  - notificacao: scam.pdf\n"):
        office.case(sidecar)
        assert recheck(office)
        notes.append(office.pending())
    assert len(set(notes)) == 3
    assert "você quis dizer “scan.pdf”?" in notes[2]


def test_the_cases_ask_for_a_check_and_never_for_one_that_is_being_done(tmp_path):
    cases, folder = some_cases(tmp_path)
    for now in (0, 30):
        cases.scan(now)
    (folder / "processo.yaml").write_text("secoes:\n  - notificacao: outro.pdf\n")
    cases.scan(40)
    assert cases.begin_check() is None
    assert cases.due() == 42
    cases.scan(42)
    assert cases.begin_check().name == CASE
    assert cases.begin_check() is None
    cases.scan(75)
    assert cases.next_ready(75) is None  # at rest, but the check still writes
    cases.finish_check(OSError("sem acesso"))
    cases.scan(76)
    assert cases.begin_check() is None
    assert cases.next_ready(76).name == CASE


def test_a_sidecar_corrected_after_many_minutes_is_checked_in_seconds(tmp_path):
    """A finished folder without events is not listed; what it looked like before the edit is known all the same."""
    cases, folder = finished_case(tmp_path)
    for now in range(60, 600, 60):
        cases.scan(now, frozenset())
    (folder / "processo.yaml").write_text("secoes:\n  - notificacao: outro.pdf\n")
    cases.scan(600, frozenset([CASE]))
    assert cases.due() == 602
    cases.scan(602, frozenset())
    assert cases.begin_check().name == CASE


def test_while_the_rest_of_a_scan_is_awaited_the_words_on_an_older_sidecar_do_not_stand(tmp_path):
    """The job came before the check, on a machine under load: it waits for pages and writes nothing."""
    cases, folder = finished_case(tmp_path)
    (folder / "processo.yaml").write_text("secoes:\n  - notificacao: scan.pdf 1-7\n")
    for now in (40, 71):
        cases.scan(now)
    assert cases.next_ready(71).name == CASE
    cases.begin(CASE)
    cases.finish(CASE, Arriving("faltam páginas"), 72)
    cases.scan(73)
    assert cases.next_ready(73) is None
    assert cases.begin_check().name == CASE


def test_a_sidecar_put_back_as_it_was_is_done_again_after_its_check(tmp_path):
    cases, folder = finished_case(tmp_path)
    before = (folder / "processo.yaml").read_bytes()
    (folder / "processo.yaml").write_bytes(before + b"# mudou\n")
    for now in (40, 42):
        cases.scan(now)
    assert cases.begin_check() is not None
    publish(cases, empty_manifest())
    cases.finish_check(Pending(empty_manifest()))
    (folder / "processo.yaml").write_bytes(before)
    for now in (50, 81):
        cases.scan(now)
    assert cases.next_ready(81) is not None


def some_cases(root):
    """The cases of an office with one folder in its inbox."""
    inbox, outbox = root / "entrada", root / "saida"
    for place in (inbox, outbox, inbox / CASE):
        place.mkdir()
    (inbox / CASE / "scan.pdf").write_bytes(b"%PDF-")
    (inbox / CASE / "processo.yaml").write_text("secoes:\n  - notificacao: scan.pdf\n")
    return Cases(
        inbox, Ledger(Outbox(outbox)), Settling(30), patience=120, early=EarlyChecks(Rechecking(30))
    ), inbox / CASE


def finished_case(root):
    """The cases after the job of that folder, which found an error."""
    cases, folder = some_cases(root)
    for now in (0, 30):
        cases.scan(now)
    done = replace(empty_manifest(), fingerprint=fingerprint(cases.next_ready(30)).pending)
    cases.begin(CASE)
    publish(cases, done)
    cases.finish(CASE, Pending(done), 31)
    return cases, folder


def empty_manifest():
    return Manifest(None, CASE, "", "0", findings=(error(Code.OTHER, text="falta"),))


def publish(cases, manifest):
    outbox = cases.ledger.outbox
    staged = outbox.stage(CASE)
    outbox.write_manifest(staged, manifest)
    outbox.publish(CASE, staged, NOW)


def test_the_daemon_answers_every_save_long_before_the_folder_is_at_rest(tmp_path):
    """The scans have been at rest when the daemon comes up with a long quiet time; then the fiscal edits."""
    daemon = Daemon(tmp_path, settle=20)
    note, report = (daemon.outbox / CASE / name for name in ("PENDENTE.txt", "relatorio.html"))

    def wait_for_note(text):
        daemon.until(lambda: note.exists() and text in note.read_text("utf-8-sig"))

    try:
        folder = daemon.case("secoes:\n  - notificacao: nada.pdf\n")
        (folder / "noti.pdf").write_bytes(scan_bytes("N1", "N2"))
        wait_for_note("o arquivo “nada.pdf” não está na pasta")
        done = json.loads((daemon.outbox / CASE / "manifesto.json").read_text("utf-8"))
        assert done["fingerprint"]
        (folder / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf 1-7\n")
        wait_for_note("a página 7 não existe")
        quick = json.loads((daemon.outbox / CASE / "manifesto.json").read_text("utf-8"))
        assert quick["fingerprint"] == ""  # written by the check, not by the job
        assert "a página 7 não existe" in report.read_text("utf-8")
        (folder / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf\n")
        wait_for_note("está em ordem")
        assert not daemon.published()
        assert daemon.stop() == 0
    finally:
        daemon.process.kill()
        daemon.process.wait()
