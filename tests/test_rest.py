"""Rest: a folder is done when it has come to rest, once, and never while more of it is on its way."""

import shutil

from itrwatch.cases import State
from itrwatch.core.outcome import Unsettled
from itrwatch.core.settings import Config
from itrwatch.outbox import Outbox
from tests.shell import CASE, SETTLE, cases_of, fill, job, pdf, work


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
        f"INFO: {CASE}: nova ou mudada; aguardando que fique quieta",
        f"INFO: {CASE}: em repouso, na fila",
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


def test_what_cannot_be_a_case_is_told_once(config: Config, outbox: Outbox, said: list[str]) -> None:
    (config.inbox / "solta.pdf").touch()
    cases = cases_of(config, outbox)
    cases.scan(0)
    cases.scan(60)
    assert said == ["WARNING: entrada: «solta.pdf» está solto na entrada; ponha-o na pasta de um processo"]
