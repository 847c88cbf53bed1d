"""Tax secrecy: a whole run opens no network socket, leaves nothing in /tmp, and makes nothing that others may read."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys

import pytest

from tests.hostile_files import one_page, stream
from tests.office import CASE, blank_page, scan_bytes

SIDECAR = "secoes:\n  - notificacao: noti.pdf\n"
BROKEN = "10265.226695-2023-03"
MEASURED = re.compile(r"/\.coverage\.[\w.-]+[\">]")
"""The file of a run with ``--cov``, as a path or behind a descriptor."""
WATCH = """\
import json, os, socket, sys

def hook(event, arguments):
    if event == "open":
        facts = [str(arguments[0]), arguments[1], arguments[2]]
    elif event in ("os.mkdir", "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.__new__"):
        facts = [str(argument) for argument in arguments]
    else:
        return
    line = json.dumps([event, *facts], default=str) + "\\n"
    os.write(AUDIT, line.encode("utf-8", "backslashreplace"))

AUDIT = os.open(os.environ["AUDIT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
sys.addaudithook(hook)
"""


@pytest.fixture
def rooms(tmp_path):
    """An inbox with a good case (a page that stays text among them) and a broken one, and a configuration."""
    inbox, outbox, log = tmp_path / "entrada", tmp_path / "saida", tmp_path / "registro"
    for folder in (inbox / CASE, inbox / BROKEN, outbox, log, tmp_path / "tmp"):
        folder.mkdir(parents=True)
    (inbox / CASE / "processo.yaml").write_text(SIDECAR + "  - termo: termo.pdf\n")
    (inbox / CASE / "noti.pdf").write_bytes(scan_bytes("N1", blank_page(), "N2"))
    (inbox / CASE / "termo.pdf").write_bytes(digital("Sigiloso: renda de 123456"))
    (inbox / BROKEN / "processo.yaml").write_text(SIDECAR)
    (inbox / BROKEN / "noti.pdf").write_bytes(scan_bytes("N1")[:-900])
    config = tmp_path / "config.yaml"
    config.write_text(
        f"inbox: {inbox}\noutbox: {outbox}\nsettle_seconds: 0.2\nlog:\n  level: DEBUG\n  file: {log / 'itrwatch.log'}\n"
    )
    return tmp_path


def digital(text):
    """A born-digital page that says ``text``."""
    content = stream(b"", b"BT /F 20 Tf 60 600 Td (%s) Tj ET" % text.encode("latin-1"))
    return one_page(content, b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", resources=b"/Font<</F 5 0 R>>")


def once(rooms, *before, **env):
    """`itrwatch once` as somebody would call it whose umask is 0; exit 1, for one case is broken."""
    command = [*before, sys.executable, "-m", "itrwatch", "once", "--config", str(rooms / "config.yaml")]
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, umask=0,
        env=os.environ | {"TMPDIR": str(rooms / "tmp"), **env},
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    assert (rooms / "saida" / CASE / "NOTI.pdf").exists()
    assert (rooms / "saida" / BROKEN / "PENDENTE.txt").exists()
    return run


def judge_rest(rooms, run):
    """What must hold after any run: rights, an empty folder for temporary files, no words of the papers."""
    for place in ("saida", "registro"):
        for path in (rooms / place).rglob("*"):
            assert not stat.S_IMODE(path.lstat().st_mode) & 0o027, path
    assert list((rooms / "tmp").iterdir()) == []
    texts = [run.stdout, run.stderr, *(path.read_text("utf-8-sig") for path in (rooms / "registro").iterdir())]
    for folder in (CASE, BROKEN):
        for path in (rooms / "saida" / folder).iterdir():
            texts += [path.read_text("utf-8-sig")] if path.suffix in (".html", ".json", ".log", ".txt") else []
    for text in texts:
        assert not re.search("sigiloso|123456|hectares", text, re.IGNORECASE)


def test_a_whole_run_as_python_sees_it(rooms):
    (rooms / "watch").mkdir()
    (rooms / "watch" / "sitecustomize.py").write_text(WATCH)
    paths = os.pathsep.join([str(rooms / "watch"), os.environ["PYTHONPATH"]])
    run = once(rooms, AUDIT=str(rooms / "audit"), PYTHONPATH=paths, PYTHONDONTWRITEBYTECODE="1")
    events = [json.loads(line) for line in (rooms / "audit").read_text().splitlines()]
    assert {"open", "os.mkdir"} <= {event[0] for event in events}, "the watch did not see anything"
    for event, *facts in events:
        if event == "socket.__new__":
            assert not re.search(r"AF_INET|, 2, |, 10, ", " ".join(facts)), facts
        assert event not in ("socket.bind", "socket.connect", "socket.getaddrinfo"), facts
        if event == "open" and isinstance(facts[2], int) and facts[2] & os.O_CREAT and facts[1] is None:
            assert not facts[0].startswith(("/tmp/", str(rooms / "tmp"))) or str(rooms) in facts[0], facts
    judge_rest(rooms, run)


def may_trace():
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-f", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not may_trace(), reason="strace is missing or not permitted here")
def test_a_whole_run_as_the_kernel_sees_it(rooms):
    calls = "trace=open,openat,creat,mkdir,mkdirat,mknod,mknodat,socket,connect,bind,chmod,fchmod,fchmodat,umask"
    trace = ["strace", "-f", "-y", "-qq", "-e", calls, "-o", str(rooms / "calls")]
    run = once(rooms, *trace, PYTHONDONTWRITEBYTECODE="1")
    lines = (rooms / "calls").read_text("utf-8", "replace").splitlines()
    if "COVERAGE_PROCESS_CONFIG" in os.environ:  # what is measured writes figures, with rights of their own
        lines = [line for line in lines if not MEASURED.search(line)]
    assert any("socket(AF_UNIX" in line for line in lines) or any("mkdir" in line for line in lines)
    assert [line for line in lines if re.search(r"\bAF_INET6?\b", line)] == []
    made = [line for line in lines if "O_CREAT" in line or "mkdir(" in line or "mkdirat(" in line]
    ours = [line for line in made if str(rooms) in line and " = -1 " not in line]
    assert len(ours) > 10
    # What is asked for is masked by the process, which must have closed itself before it makes anything.
    masks = [number for number, line in enumerate(lines) if "umask(" in line]
    assert masks
    assert masks[0] < lines.index(ours[0])
    assert [
        lines[number] for number in masks if int(re.search(r"umask\((0[0-7]*)", lines[number])[1], 8) & 0o007 != 0o007
    ] == []
    loosened = [line for line in lines if "chmod" in line and (mode := asked(line)) is not None and mode & 0o007]
    assert loosened == []
    elsewhere = [
        line
        for line in made
        if re.search(r'"/(?:tmp|var/tmp|dev/shm)/', line) and f'"{rooms}' not in line and " = -1 " not in line
    ]
    assert elsewhere == []
    judge_rest(rooms, run)


def asked(line):
    found = re.search(r", (0[0-7]{2,4})\)", line)
    return int(found[1], 8) if found else None
