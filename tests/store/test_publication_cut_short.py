"""Publications that were cut short where somebody else's hand was in the folder meanwhile."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from itrwatch.core.codes import Code
from itrwatch.core.findings import error
from itrwatch.core.manifest import Manifest
from itrwatch.store import publication
from itrwatch.store.outbox import Outbox

CASE = "13153.720210-2019-34"
WHEN = datetime(2026, 11, 22, 20, 5, 12, tzinfo=UTC)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    (tmp_path / "saida").mkdir()
    return Outbox(tmp_path / "saida")


def publish(outbox: Outbox, label: str) -> None:
    staged = outbox.stage(CASE)
    (staged / f"{label}.pdf").write_text(label)
    outbox.write_manifest(staged, Manifest(None, CASE, label, "0", findings=(error(Code.OTHER, text=label),)))
    outbox.publish(CASE, staged, WHEN)


@pytest.fixture
def cut_short(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """Three sets were published; that of the third time, the set before and its history still lie in staging."""
    publish(outbox, "um")
    publish(outbox, "dois")
    with monkeypatch.context() as patched:

        def away(_self: object, _record: object) -> None:
            raise OSError(5, "share")

        patched.setattr(publication.Staging, "_put_away", away)
        publish(outbox, "três")
    return outbox


def texts(folder: Path) -> set[str]:
    return {path.stem for path in folder.rglob("*.pdf")}


def test_the_next_start_puts_the_older_sets_away(cut_short: Outbox) -> None:
    live = cut_short.root / CASE
    assert texts(live) == {"três"}
    cut_short.recover()
    assert texts(live / "anteriores") == {"um", "dois"}


def test_a_history_that_was_created_meanwhile_is_joined(cut_short: Outbox) -> None:
    live = cut_short.root / CASE
    (live / "anteriores" / "2026-11-22 20h05m12s").mkdir(parents=True)
    (live / "anteriores" / "2026-11-22 20h05m12s" / "copiado à mão.pdf").write_text("x")
    cut_short.recover()
    assert texts(live / "anteriores") == {"um", "dois", "copiado à mão"}
    assert len(list((live / "anteriores").iterdir())) == 3


def test_if_the_new_set_is_deleted_the_previous_one_returns(cut_short: Outbox) -> None:
    live = cut_short.root / CASE
    for path in live.iterdir():
        path.unlink()
    live.rmdir()
    cut_short.recover()
    assert texts(live) == {"um", "dois"}


def test_a_set_that_is_held_is_not_thrown_away(outbox: Outbox) -> None:
    staged = outbox.stage(CASE)
    outbox.discard(staged)
    assert not staged.exists()
