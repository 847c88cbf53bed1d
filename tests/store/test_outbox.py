"""Publishing: whole sets or nothing, whatever happens in between.

Interruptions are made with an audit hook in a forked process: before the n-th file operation
the process is killed, or the operation fails. So every step is met, without a line in the
code that is tested.
"""

import errno
import hashlib
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loguru import logger

from itrwatch.core.codes import Code
from itrwatch.core.findings import error
from itrwatch.core.manifest import FileEntry, Manifest
from itrwatch.errors import ConfigError, ItrwatchError
from itrwatch.store import publication
from itrwatch.store.atomic import exchange
from itrwatch.store.outbox import Outbox
from tests.interruptions import fail, interrupted, kill

CASE = "13153.720210-2019-34 Fazenda S.A"
WHEN = datetime(2026, 11, 22, 20, 5, 12, tzinfo=UTC)
TIME = "2026-11-22 20h05m12s"


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: thousands of flushes to a disk take a minute."""
    shm = Path("/dev/shm")
    if not os.access(shm, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shm) as folder:
        yield Path(folder)


@pytest.fixture
def outbox(memory: Path) -> Outbox:
    (memory / "saida").mkdir()
    return Outbox(memory / "saida")


@pytest.fixture(params=["exchange", "two renames"])
def swap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "two renames":  # what NFS, CIFS and FAT answer
        monkeypatch.setattr(publication, "exchange", lambda _one, _other: False)
    return str(request.param)


def manifests(outbox: Outbox) -> dict[str, Manifest]:
    return {name: manifest for name in outbox.names() if (manifest := outbox.read_manifest(name))}


def manifest_of(label: str, pdfs: int) -> Manifest:
    if not pdfs:
        return Manifest(None, CASE, label, "0", findings=(error(Code.OTHER, text=f"falta algo: {label}"),))
    data = label.encode()
    names = ["NOTI.pdf", "IMPUGNA.pdf"][:pdfs]
    files = tuple(FileEntry(name, len(data), hashlib.sha256(data).hexdigest(), 1, "NOTI", name, None) for name in names)
    return Manifest(None, CASE, label, "0", files=files)


def stage(outbox: Outbox, label: str, pdfs: int = 2, name: str = CASE) -> Path:
    staged = outbox.stage(name)
    manifest = manifest_of(label, pdfs)
    for entry in manifest.files:
        (staged / entry.name).write_text(label)
    (staged / "relatorio.html").write_text(label)
    if not pdfs:
        (staged / "PENDENTE.txt").write_text(label)
    outbox.write_manifest(staged, manifest)
    return staged


def publish(outbox: Outbox, label: str, pdfs: int = 2) -> None:
    outbox.publish(CASE, stage(outbox, label, pdfs), WHEN)


def complete(folder: Path, label: str, pdfs: int) -> bool:
    """Whether the folder holds exactly the set of this label (and perhaps older ones)."""
    expected = {"manifesto.json", "relatorio.html"} | {entry.name for entry in manifest_of(label, pdfs).files}
    expected |= set() if pdfs else {"PENDENTE.txt"}
    there = {entry.name for entry in folder.iterdir()} - {"anteriores"}
    texts = {(folder / name).read_text() for name in there - {"manifesto.json"}}
    return there == expected and texts == {label}


def history(outbox: Outbox) -> dict[str, str]:
    past = outbox.root / CASE / "anteriores"
    return {entry.name: (entry / "NOTI.pdf").read_text() for entry in past.iterdir()} if past.is_dir() else {}


def stagings(outbox: Outbox) -> list[Path]:
    return [entry for entry in (outbox.root / ".itrwatch").iterdir() if entry.is_dir()]


def test_a_case_in_its_life(outbox: Outbox, swap: str) -> None:
    assert swap
    publish(outbox, "um")
    assert complete(outbox.root / CASE, "um", 2)
    assert history(outbox) == {}
    publish(outbox, "dois", pdfs=1)
    assert complete(outbox.root / CASE, "dois", 1)
    assert history(outbox) == {TIME: "um"}
    publish(outbox, "falta", pdfs=0)
    assert complete(outbox.root / CASE, "falta", 0)
    publish(outbox, "três")
    assert complete(outbox.root / CASE, "três", 2)
    assert history(outbox) == {TIME: "um", f"{TIME} (2)": "dois"}
    assert stagings(outbox) == []


def test_the_same_set_again(outbox: Outbox, swap: str) -> None:
    assert swap
    publish(outbox, "um")
    publish(outbox, "um")
    assert complete(outbox.root / CASE, "um", 2)
    assert history(outbox) == {}  # nothing of it is lost


def test_a_note_that_a_person_left_is_kept(outbox: Outbox) -> None:
    publish(outbox, "falta", pdfs=0)
    (outbox.root / CASE / "anotações.txt").write_text("liguei para o contribuinte")
    (outbox.root / CASE / "Thumbs.db").write_text("")
    publish(outbox, "um")
    assert (outbox.root / CASE / "anteriores" / TIME / "anotações.txt").read_text().startswith("liguei")


def test_what_is_no_set_is_refused(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match=r"manifesto\.json"):
        outbox.publish(CASE, outbox.stage(CASE), WHEN)
    (outbox.root / CASE).write_text("um arquivo")
    with pytest.raises(FileExistsError, match="não é uma pasta"):
        publish(outbox, "um")
    assert (outbox.root / CASE).read_text() == "um arquivo"


def test_discard(outbox: Outbox) -> None:
    staged = stage(outbox, "um")
    (staged.parent / "spool").mkdir()
    outbox.discard(staged)
    assert stagings(outbox) == []
    assert outbox.names() == frozenset()
    staged = stage(outbox, "dois")
    outbox.publish(CASE, staged, WHEN)
    outbox.discard(staged)
    assert complete(outbox.root / CASE, "dois", 2)


def test_a_spool_beside_the_set_is_no_set(outbox: Outbox) -> None:
    staged = stage(outbox, "um")
    for staging in (staged.parent, stage(outbox, "cortado").parent):
        (staging / "spool").mkdir()
        (staging / "spool" / "1.jpg").write_text("uma página")
    outbox.publish(CASE, staged, WHEN)
    outbox.recover()
    assert complete(outbox.root / CASE, "um", 2)
    assert stagings(outbox) == []


# --- interruptions ---------------------------------------------------------------------------


def every_step(prepare: Callable[[], Callable[[], None]], *, killed: bool) -> Iterator[tuple[int, int]]:
    """Step number and exit status of each interruption, until nothing is left to interrupt."""
    for step in range(1, 200):
        code = interrupted(prepare(), step, by=kill if killed else fail)
        if code == 4:
            assert step > 20
            return
        yield step, code
    pytest.fail("more steps than any publication has")


TRANSITIONS = [
    pytest.param(None, 2, id="nothing to published"),
    pytest.param(1, 2, id="published to published"),
    pytest.param(0, 2, id="pending to published"),
    pytest.param(2, 0, id="published to pending"),
    pytest.param(0, 0, id="pending to pending"),
]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("killed", [True, False], ids=["killed", "failing"])
@pytest.mark.parametrize(("old", "new"), TRANSITIONS)
def test_interrupted_at_every_step(memory: Path, swap: str, old: int | None, new: int, *, killed: bool) -> None:
    boxes: list[Outbox] = []

    def prepare() -> Callable[[], None]:
        root = memory / str(len(boxes))
        root.mkdir()
        box = Outbox(root)
        boxes.append(box)
        if old is not None:
            publish(box, "primeiro")
            publish(box, "velho", old)
        staged = stage(box, "novo", new)
        return lambda: box.publish(CASE, staged, WHEN)

    earlier = {} if old is None else {TIME: "primeiro"}
    for step, code in every_step(prepare, killed=killed):
        box = boxes[-1]
        live = box.root / CASE
        seen = [
            label
            for label, pdfs in (("velho", old), ("novo", new))
            if live.is_dir() and complete(live, label, pdfs or 0)
        ]
        if not seen:  # nothing at all, never half
            assert not live.exists(), step
            assert old is None or (swap == "two renames" and killed), step
        box.recover()
        assert stagings(box) == [], step
        if not live.exists():
            assert old is None, step
        elif complete(live, "novo", new):
            expected = earlier | ({f"{TIME} (2)": "velho"} if old else {})
            assert history(box) == expected, step
        else:
            assert complete(live, "velho", old or 0), step
            assert history(box) == earlier, step
            assert "novo" not in seen, step
        assert code in ((-signal.SIGKILL, 0) if killed else (5, 0)), step
        if code == 5 and step < 15:  # a failure before the swap changes nothing
            assert "novo" not in seen, step
        publish(box, "depois")  # and the case goes on
        assert complete(live, "depois", 2), step


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_recovery_may_be_killed_too(memory: Path, swap: str) -> None:
    boxes: list[Outbox] = []

    def half_done() -> Outbox:
        box = Outbox(memory / str(len(boxes)))
        box.root.mkdir()
        boxes.append(box)
        publish(box, "primeiro")
        publish(box, "velho")
        staged = stage(box, "novo")
        staging = publication.Staging(staged.parent, box.root, box._rights)  # noqa: SLF001 - as far as a kill lets it get
        record = publication.Record(CASE, TIME, hashlib.sha256((staged / "manifesto.json").read_bytes()).hexdigest())
        staging._commit(record)  # noqa: SLF001
        if swap == "two renames":
            (box.root / CASE).rename(staging.path / "old")
        return box

    for step in range(1, 60):
        box = half_done()
        if interrupted(box.recover, step, by=kill) == 4:
            assert step > 10
            return
        box.recover()
        assert complete(box.root / CASE, "novo", 2)
        assert history(box) == {TIME: "primeiro", f"{TIME} (2)": "velho"}
        assert stagings(box) == []
    pytest.fail("recovery never ends")


def test_recover_leaves_alone_what_it_does_not_understand(outbox: Outbox) -> None:
    staging = stage(outbox, "um").parent
    (staging / "old").mkdir()
    (staging / "old" / "NOTI.pdf").write_text("alguém publicou isto")
    other = stage(outbox, "dois").parent
    (other / "publicacao.json").write_text("[]")
    outbox.recover()
    assert (staging / "old" / "NOTI.pdf").exists()
    assert (other / "new" / "NOTI.pdf").exists()


def test_recover_without_an_outbox(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Outbox(tmp_path / "x").recover()
    assert not (tmp_path / "x").exists()


def test_a_reader_never_sees_half_a_set(outbox: Outbox) -> None:
    publish(outbox, "0")
    done, seen, wrong = threading.Event(), set[str](), list[str]()

    def look() -> None:
        folder = os.open(outbox.root / CASE, os.O_RDONLY)  # must always be there
        try:
            names = set(os.listdir(folder)) - {"anteriores"}  # noqa: PTH208 - of this very folder, whatever its name is now
            with open("manifesto.json", opener=lambda name, flags: os.open(name, flags, dir_fd=folder)) as file:
                label = file.read().split('"fingerprint": "')[1].split('"')[0]
            if names != {"manifesto.json", "relatorio.html", "NOTI.pdf", "IMPUGNA.pdf"}:
                wrong.append(f"{label}: {names}")
            for name in names - {"manifesto.json"}:
                with open(name, opener=lambda name, flags: os.open(name, flags, dir_fd=folder)) as file:
                    if file.read() != label:
                        wrong.append(f"{label}: {name}")
            seen.add(label)
        finally:
            os.close(folder)

    def reader() -> None:
        while not done.is_set():
            try:
                look()
            except OSError as failure:
                wrong.append(repr(failure))

    thread = threading.Thread(target=reader)
    thread.start()
    for number in range(1, 51):
        publish(outbox, str(number))
    done.set()
    thread.join()
    assert wrong == []
    assert len(seen) > 5
    assert len(history(outbox)) == 50


@pytest.mark.parametrize("name", ["index.html", "processo.schema.json"])
def test_a_folder_with_a_name_that_the_outbox_needs_is_put_aside(outbox: Outbox, name: str) -> None:
    (outbox.root / name).mkdir()
    (outbox.root / name / "de alguém.txt").write_text("meu")
    outbox.write_panel(b"painel")
    outbox.put_draft(CASE, b"secoes:")
    assert (outbox.root / name).is_file()
    assert (outbox.root / f"{name} (pasta)" / "de alguém.txt").read_text() == "meu"


def test_drafts_of_a_killed_itrwatch_are_cleaned_away(outbox: Outbox) -> None:
    outbox.lock().close()
    (outbox.private / "abcdef.tmp").write_bytes(b"half a panel")
    with outbox.lock():
        assert not list(outbox.private.glob("*.tmp"))


def test_an_old_set_that_cannot_be_put_away_waits(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    sink = logger.add(said.append, format="{message}", level="WARNING")

    def open_on_windows(*_: object) -> None:
        raise OSError(errno.EBUSY, "injected")

    publish(outbox, "um")
    with monkeypatch.context() as patch:
        patch.setattr(publication, "_archive", open_on_windows)
        publish(outbox, "dois")  # what readers see is done
        assert complete(outbox.root / CASE, "dois", 2)
        outbox.recover()
        outbox.discard(stagings(outbox)[0] / "new")  # as the job does at its end
        outbox.refresh(CASE, "dois, tocado", None)
    logger.remove(sink)
    assert said[0] == f"{CASE}: o conjunto anterior ainda não foi para “anteriores”: [Errno 16] injected\n"
    publish(outbox, "três")
    outbox.recover()
    assert complete(outbox.root / CASE, "três", 2)
    assert sorted(history(outbox).values()) == ["dois", "um"]
    assert stagings(outbox) == []


def test_exchange(memory: Path) -> None:
    (memory / "a").write_text("a")
    (memory / "b").write_text("b")
    assert exchange(memory / "a", memory / "b")
    assert (memory / "a").read_text() == "b"
    with pytest.raises(FileNotFoundError):
        exchange(memory / "a", memory / "x")
    (memory / "folder" / "sub").mkdir(parents=True)
    assert not exchange(memory / "folder", memory / "folder" / "sub")  # EINVAL, as where it is not offered


# --- manifests -------------------------------------------------------------------------------


def test_manifests_are_the_ledger(outbox: Outbox) -> None:
    assert manifests(outbox) == {}
    publish(outbox, "um")
    (outbox.root / "vazia").mkdir()
    (outbox.root / "quebrada").mkdir()
    (outbox.root / "quebrada" / "manifesto.json").write_bytes(b'{"schema": 1')
    (outbox.root / "binária").mkdir()
    (outbox.root / "binária" / "manifesto.json").write_bytes(b"\xff\xfe")
    (outbox.root / "index.html").write_text("")
    assert manifests(outbox) == {CASE: manifest_of("um", 2)}
    assert outbox.names() == {CASE, "vazia", "quebrada", "binária"}
    assert outbox.read_manifest("não há") is None


def test_a_name_that_is_not_utf8_goes_through_the_manifest(outbox: Outbox) -> None:
    name = "Peti\udce7\udce3o 13153720210201934"
    manifest = Manifest(None, name, "x:y", "0", findings=(error(Code.OTHER, text="é"),))
    staged = outbox.stage(name)
    outbox.write_manifest(staged, manifest)
    outbox.publish(name, staged, WHEN)
    assert manifests(outbox) == {name: manifest}


def test_refresh_replaces_the_fingerprint_only(outbox: Outbox) -> None:
    publish(outbox, "um")
    outbox.refresh(CASE, "dois", None)
    assert outbox.read_manifest(CASE) == replace(manifest_of("um", 2), fingerprint="dois")
    assert (outbox.root / CASE / "NOTI.pdf").read_text() == "um"
    assert stagings(outbox) == []
    with pytest.raises(FileNotFoundError):
        outbox.refresh("não há", "dois", None)
    assert stagings(outbox) == []


def test_withdraw(outbox: Outbox) -> None:
    publish(outbox, "um")
    outbox.withdraw(CASE, manifest_of("um", 2), WHEN)
    note = (outbox.root / CASE / "PENDENTE.txt").read_bytes()
    assert note.startswith("\ufeffA pasta “13153.720210-2019-34 Fazenda S.A” mudou".encode())
    assert note.count(b"\n") == note.count(b"\r\n") > 4
    assert {entry.name for entry in (outbox.root / CASE).iterdir()} == {"PENDENTE.txt", "manifesto.json", "anteriores"}
    manifest = outbox.read_manifest(CASE)
    assert manifest is not None
    assert (manifest.files, manifest.fingerprint, len(manifest.findings)) == ((), "", 1)
    assert history(outbox) == {TIME: "um"}


def test_panel(outbox: Outbox) -> None:
    outbox.write_panel(b"um")
    outbox.write_panel(b"dois")
    assert (outbox.root / "index.html").read_bytes() == b"dois"


# --- rights and lock -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("umask", "folder", "file"), [(0o027, 0o750, 0o640), (0o007, 0o770, 0o660), (0o077, 0o700, 0o600)]
)
def test_rights_do_not_depend_on_the_process(tmp_path: Path, umask: int, folder: int, file: int) -> None:
    outbox = Outbox(tmp_path, umask)
    before = os.umask(0)  # as python-daemon leaves it (R19)
    try:
        publish(outbox, "um")
        staged = stage(outbox, "dois")
        assert staged.parent.stat().st_mode & 0o777 == 0o700
        outbox.publish(CASE, staged, WHEN)
        outbox.refresh(CASE, "dois", None)
        outbox.write_panel(b"")
        with outbox.lock():
            pass
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {folder}
    assert {mode for path, mode in modes.items() if path.is_file()} == {file}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to any group")
def test_group(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, group="daemon")
    publish(outbox, "um")
    publish(outbox, "dois")
    outbox.refresh(CASE, "dois", None)
    assert {path.stat().st_gid for path in (tmp_path / CASE).rglob("*")} == {1}


def test_unknown_group(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="o grupo “não-existe” não existe"):
        Outbox(tmp_path, group="não-existe")


def test_no_outbox_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(ItrwatchError, match="não é possível usar a pasta de saída"):
        Outbox(tmp_path / "x").lock()
    assert not (tmp_path / "x").exists()
