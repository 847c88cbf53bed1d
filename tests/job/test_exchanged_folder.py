"""A case folder that is exchanged, or changed, while it is read: unsettled, never a set of pages from two folders."""

import os
from threading import Event

import pytest

from itrwatch.core.manifest import Published, Unsettled
from itrwatch.job.attempt import Attempt
from itrwatch.job.job import Services, process_folder
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Pool
from tests.office import CASE, scan_bytes

SIDECAR = "secoes:\n  - notificacao: [a.pdf, b.pdf, c.pdf]\n"


def there_and_back(folder):
    """Another folder of the same shape takes the place, for as long as one more page is read."""
    aside, other = folder.with_name("aside"), folder.with_name("other")
    folder.rename(aside)
    other.rename(folder)
    yield
    folder.rename(other)
    aside.rename(folder)
    yield


def stays(folder):
    folder.rename(folder.with_name("aside"))
    folder.with_name("other").rename(folder)
    yield


def hard_link(folder):
    os.link(folder / "b.pdf", folder.parent / "secret.pdf")
    yield


@pytest.fixture
def one_by_one():
    """A single worker: a page is begun only after the answer for the one before."""
    with Pool(1) as pool:
        yield pool


@pytest.mark.parametrize("exchange", [there_and_back, stays, hard_link])
def test_a_folder_exchanged_while_it_is_read_is_unsettled(office, one_by_one, exchange):
    folder = office.case(SIDECAR, a_pdf=scan_bytes("A"), b_pdf=scan_bytes("B"), c_pdf=scan_bytes("C"))
    office.case(SIDECAR, name="other", a_pdf=scan_bytes("X"), b_pdf=scan_bytes("Y"), c_pdf=scan_bytes("Z"))
    steps = exchange(folder)

    def progress(_done, _total):
        next(steps, None)

    services = Services(office.config, Outbox(office.outbox), one_by_one)
    outcome = process_folder(services, take_snapshot(folder), Attempt(Event(), progress))
    assert outcome == Unsettled("a pasta mudou enquanto era lida")
    assert not (office.outbox / CASE).exists()


def test_a_folder_left_alone_is_published(office):
    folder = office.case(SIDECAR, a_pdf=scan_bytes("A"), b_pdf=scan_bytes("B"), c_pdf=scan_bytes("C"))
    services = Services(office.config, Outbox(office.outbox), office.pool)
    assert isinstance(process_folder(services, take_snapshot(folder), Attempt(Event())), Published)
