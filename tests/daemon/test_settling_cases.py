"""Rest: a folder is done when it has come to rest, once, and never while more of it is on its way."""

import shutil

from itrwatch.core.manifest import Arriving, Outcome, Unsettled
from itrwatch.core.settings import Config
from itrwatch.daemon.case_state import State
from itrwatch.job.attempt import Attempt
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from tests.shell import CASE, SETTLE, WHEN, cases_of, fill, job, pdf, touch_later, work


def test_a_case_comes_to_rest_and_is_done_once(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    assert work(cases, 0, process) == []
    assert cases.due() == SETTLE
    assert work(cases, 29, process) == []
    assert work(cases, 30, process) == [CASE]
    assert pdf(config) == b"%PDF-1"
    assert cases.counts == {State.PUBLISHED: 1}
    assert work(cases, 60, process) == []
    assert said == [
        f"INFO: {CASE}: nova ou mudada; aguardando o fim da cópia",
        f"INFO: {CASE}: sem mudanças, na fila",
    ]


def test_a_growing_scan_is_waited_for(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    for now in range(0, 200, 20):
        with (folder / "scan.pdf").open("ab") as scan:
            scan.write(b"+")
        assert work(cases, now, process) == []
    assert work(cases, 210, process) == [CASE]
    assert pdf(config) == b"%PDF-1" + b"+" * 10


def test_restarted_it_does_nothing_again(config: Config, outbox: Outbox) -> None:
    fill(config)
    fill(config, "vazia 13153720210201934", {"scan.pdf": b""})
    first = cases_of(config, outbox)
    work(first, 0, job(outbox))
    assert len(work(first, 30, job(outbox))) == 2
    second = cases_of(config, Outbox(config.outbox))
    assert work(second, 0, job(outbox)) == []
    assert work(second, 30, job(outbox)) == []
    assert second.counts == {State.PUBLISHED: 1, State.PENDING: 1}


def test_an_empty_folder_is_not_a_case_yet(config: Config, outbox: Outbox) -> None:
    (config.inbox / CASE).mkdir()
    (config.inbox / CASE / "Thumbs.db").touch()
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    assert work(cases, 60, job(outbox)) == []
    assert cases.counts == {State.EMPTY: 1}
    assert outbox.names() == frozenset()


def test_a_case_at_work_is_only_observed(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    cases.scan(0)
    cases.scan(30)
    snapshot = cases.next_ready(30)
    assert snapshot is not None
    cases.begin(CASE)
    staged = outbox.stage(CASE)
    (folder / "scan.pdf").write_bytes(b"%PDF-2")
    cases.scan(60)
    assert cases.next_ready(60) is None
    assert staged.exists()
    shutil.rmtree(folder)
    cases.scan(61)
    cases.finish(CASE, Unsettled("sumiu"), 62)
    assert cases.counts == {}
    assert work(cases, 63, process) == []
    assert not staged.exists()  # what the job left behind


def test_the_quiet_time_of_a_change_during_the_job_counts_from_the_change(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases = cases_of(config, outbox)
    cases.scan(0)
    cases.scan(30)
    assert cases.next_ready(30) is not None
    cases.begin(CASE)
    assert not cases.outdated(CASE)
    (folder / "scan.pdf").write_bytes(b"%PDF-2")
    cases.scan(40)
    assert cases.outdated(CASE)
    cases.scan(41)
    assert cases.outdated(CASE)  # also when nothing has changed since
    cases.finish(CASE, Unsettled("mudou"), 55)
    assert cases.due() == 55
    assert work(cases, 56, job(outbox)) == []
    assert cases.due() == 70
    assert work(cases, 70, job(outbox)) == [CASE]
    assert pdf(config) == b"%PDF-2"


def test_what_cannot_be_a_case_is_reported_once(config: Config, outbox: Outbox, said: list[str]) -> None:
    (config.inbox / "solta.pdf").touch()
    cases = cases_of(config, outbox)
    cases.scan(0)
    cases.scan(60)
    assert said == ["WARNING: entrada: “solta.pdf” está solto na entrada; ponha-o na pasta de um processo"]


def test_writer_that_pauses_longer_than_the_quiet_time(config: Config, outbox: Outbox, said: list[str]) -> None:
    """A folder at rest that looks cut short waits; what comes after all starts the quiet time again (F1, F2)."""
    folder = fill(config, more={"scan.pdf": b"%PDF-1, half"})
    cases, good = cases_of(config, outbox, patience=120), job(outbox)

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        if b"half" in (folder / "scan.pdf").read_bytes() and attempt.patient:
            return Arriving("“scan.pdf” parece incompleto")
        return good(snapshot, attempt)

    work(cases, 0, process)
    assert work(cases, 30, process) == [CASE]
    assert said[-1] == f"INFO: {CASE}: “scan.pdf” parece incompleto; aguardando o resto"
    assert [(place.state, place.waits_for) for place in cases.statuses()] == [
        (State.MOVING, "“scan.pdf” parece incompleto")
    ]
    assert cases.due() == 60
    assert work(cases, 59, process) == []
    assert work(cases, 60, process) == [CASE]
    assert not list(config.outbox.glob("*/*"))
    (folder / "scan.pdf").write_bytes(b"%PDF-1, whole")
    assert work(cases, 80, process) == []
    assert work(cases, 110, process) == [CASE]
    assert pdf(config) == b"%PDF-1, whole"


def test_what_never_comes_is_reported_when_patience_ends(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases, patient = cases_of(config, outbox, patience=120), list[tuple[float, bool]]()

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        patient.append((now, attempt.patient))
        return Arriving("falta") if attempt.patient else job(outbox)(snapshot, attempt)

    for now in range(0, 300, 5):
        work(cases, now, process)
    assert patient == [(30, True), (60, True), (90, True), (120, True), (150, False)]
    assert cases.counts == {State.PUBLISHED: 1}


def test_where_every_case_stands(config: Config, outbox: Outbox) -> None:
    """The status says of each case what it waits for, and since when."""
    fill(config, "1 pronta")
    first = cases_of(config, outbox)
    work(first, 0, job(outbox))
    work(first, 30, job(outbox))
    fill(config, "2 pendente", {"scan.pdf": b""})
    work(first, 40, job(outbox))
    work(first, 70, job(outbox))
    cases = cases_of(config, outbox)
    fill(config, "3 nova")
    fill(config, "4 feita agora")
    (config.inbox / "5 vazia").mkdir()
    cases.scan(100)
    cases.scan(130)
    snapshot = cases.next_ready(130)
    assert snapshot is not None
    cases.begin(snapshot.name)
    fill(config, "6 mudando")
    cases.scan(131)
    assert [(place.folder, place.state, place.waits_for, place.since) for place in cases.statuses()] == [
        ("1 pronta", "publicadas", "", None),
        ("2 pendente", "pendentes", "a correção na entrada, descrita em PENDENTE.txt", None),
        ("3 nova", "em trabalho", "", WHEN),
        ("4 feita agora", "na fila", "a sua vez na fila", WHEN),
        ("5 vazia", "vazias", "as digitalizações e o processo.yaml", WHEN),
        ("6 mudando", "aguardando", "que a pasta fique 30 s sem mudanças", WHEN),
    ]
    assert [(p.done, p.total) for p in cases.statuses({snapshot.name: (3, 40)}) if p.state == State.WORKING] == [
        (3, 40)
    ]


def test_a_scan_tells_whether_a_case_may_stand_elsewhere(config: Config, outbox: Outbox) -> None:
    """The status of ten thousand finished cases is made anew only then; while all are finished, no scan says so."""
    folder = fill(config)
    (config.inbox / "2 vazia").mkdir()
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    assert not cases.scan(60, frozenset())
    changes = (
        lambda: (config.inbox / "2 vazia" / "soltos" / "dia").mkdir(parents=True),
        lambda: (folder / "scan.pdf").write_bytes(b"%PDF-2"),
        lambda: ((config.outbox / CASE / "NOTI.pdf").unlink(), touch_later(config.outbox / CASE)),
        lambda: fill(config, "3 nova"),
        lambda: shutil.rmtree(folder),
        lambda: config.outbox.rename(config.outbox.with_name("longe")),
        lambda: config.outbox.with_name("longe").rename(config.outbox),
    )
    for number, change in enumerate(changes, 1):
        change()
        assert cases.scan(60 * number, frozenset({CASE, "2 vazia"}))
        work(cases, 60 * number + 30, process)
        work(cases, 60 * number + 60, process)
    assert not cases.scan(600, frozenset())


def test_scans_two_folders_down_are_reported(config: Config, outbox: Outbox, said: list[str]) -> None:
    """Whoever made a subfolder waits for something that will not come."""
    (config.inbox / "vazia").mkdir()
    cases = cases_of(config, outbox)
    cases.scan(0)
    (config.inbox / "vazia" / "digitalizações" / "dia 29").mkdir(parents=True)
    cases.scan(30)
    waits_for = (
        "“digitalizações/dia 29” é uma pasta dentro de uma subpasta, que não é lida; ponha os arquivos na própria pasta do "
        "processo"
    )
    assert [(place.state, place.waits_for) for place in cases.statuses()] == [("vazias", waits_for)]
    assert said[-1] == f"INFO: vazia: sem digitalizações e sem processo.yaml; {waits_for}"
