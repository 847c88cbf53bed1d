"""`itrwatch doctor` on installations that are sound and on those that are not; each fault with its remedy."""

import errno
import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from itrwatch.core.settings import Config
from itrwatch.doctor import folders, machine, trial, watching
from itrwatch.doctor.verdict import Verdict
from itrwatch.imaging.analysis.models import RecogniserMissing
from tests.office import scan_bytes
from tests.waiting import LIMIT


class Installation:
    def __init__(self, root):
        self.inbox, self.outbox, self.config = root / "entrada", root / "saida", root / "config.yaml"
        self.inbox.mkdir()
        self.outbox.mkdir()
        self.configure()

    def configure(self, more=""):
        self.config.write_text(f"inbox: {self.inbox}\noutbox: {self.outbox}\n{more}")

    def doctor(self, *before, **options):
        done = subprocess.run(
            [*before, sys.executable, "-m", "itrwatch", "doctor", "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
            **options,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done


@pytest.fixture
def installation(tmp_path):
    return Installation(tmp_path)


def lines_of(text, topic):
    return [line for line in text.splitlines() if f"{topic}: " in line]


def test_a_sound_installation_is_good_and_nothing_is_left_in_it(installation):
    done = installation.doctor()
    assert done.returncode == 0, done.stdout
    assert "erro: 0" in done.stdout
    for topic in (
        "configuração",
        "entrada",
        "vigilância",
        "sonda",
        "relógio",
        "sigilo",
        "saída",
        "publicação",
        "espaço",
        "modelos",
    ):
        assert lines_of(done.stdout, topic)[0].startswith("ok"), topic
    assert list(installation.inbox.iterdir()) == list(installation.outbox.iterdir()) == []


def test_a_configuration_that_cannot_be_read_does_not_keep_the_rest_from_being_examined(installation):
    installation.configure("settle_secs: 3\n")
    done = installation.doctor()
    assert done.returncode == 78
    assert "settle_seconds" in done.stdout
    assert lines_of(done.stdout, "modelos")


def test_settings_in_force_are_listed(installation):
    installation.configure("watch: polling\nlog:\n  level: DEBUG\n")
    said = installation.doctor().stdout
    assert "em vigor além do padrão: watch = polling; log.level = DEBUG" in said
    assert "varrida a cada 5 s (watch: polling)" in said


def test_a_share_that_is_not_mounted_is_bad_and_the_other_root_is_examined_all_the_same(installation):
    installation.inbox.rmdir()
    done = installation.doctor()
    assert done.returncode == 75
    (line,) = lines_of(done.stdout, "entrada")[:1]
    assert line.startswith("erro")
    assert "findmnt" in done.stdout
    assert lines_of(done.stdout, "saída")[0].startswith("ok")


def verdicts(lines, topic):
    return {line.verdict for line in lines if line.topic == topic}


def settings(installation):
    from itrwatch.config.reading import load_config  # noqa: PLC0415 the typeface takes a moment to load

    return load_config(installation.config)


def test_a_group_that_is_not_there_is_bad(installation):
    installation.configure("group: nobodys-group\n")
    lines = list(folders.outbox(settings(installation), 0))
    assert verdicts(lines, "grupo") == {Verdict.BAD}
    assert "groupadd" in lines[0].remedy


def test_too_little_room_for_the_largest_case_is_bad(installation):
    free = shutil.disk_usage(installation.outbox).free
    assert verdicts(folders.outbox(settings(installation), free), "espaço") == {Verdict.BAD}


def test_leftovers_of_a_crash_are_not_confused_with_work_of_a_running_service(installation):
    staging = installation.outbox / ".itrwatch" / "abc123"
    staging.mkdir(parents=True)
    lock = installation.outbox / ".itrwatch" / "lock"
    with lock.open("w") as held:
        (left,) = [line for line in folders.outbox(settings(installation), 0) if line.topic == "restos"]
        assert (left.verdict, "1 conjunto inacabado" in left.text) == (Verdict.ATTENTION, True)
        fcntl.flock(held, fcntl.LOCK_EX)
        (left,) = [line for line in folders.outbox(settings(installation), 0) if line.topic == "restos"]
        assert (left.verdict, f"processo {os.getpid()}" in left.text) == (Verdict.GOOD, True)


def test_a_server_whose_clock_is_ahead_is_reported(installation, monkeypatch):
    now = folders.time.time()
    monkeypatch.setattr(folders.time, "time", lambda: now - 95)
    (line,) = [line for line in folders.outbox(settings(installation), 0) if line.topic == "relógio"]
    assert (line.verdict, "95 s adiantado" in line.text) == (Verdict.ATTENTION, True)


def test_a_share_that_cannot_exchange_folders_is_reported_and_harmless(installation, monkeypatch):
    monkeypatch.setattr(folders, "exchange", lambda _one, _other: False)
    assert verdicts(folders.outbox(settings(installation), 0), "saída") == {Verdict.ATTENTION}


def test_a_network_share_is_polled_and_said_so(installation, monkeypatch):
    monkeypatch.setattr(watching, "foreign", lambda _folder: "cifs")
    (line,) = [line for line in watching.examine(settings(installation), 0) if line.topic == "vigilância"]
    assert (line.verdict, "o sistema de arquivos cifs não avisa" in line.text) == (Verdict.GOOD, True)
    installation.configure("watch: inotify\n")
    (line,) = [line for line in watching.examine(settings(installation), 0) if line.topic == "vigilância"]
    assert line.verdict is Verdict.ATTENTION


def test_more_folders_than_inotify_watches_is_reported_with_the_setting_to_write(installation):
    lines = list(watching.examine(settings(installation), 10**9))
    (line,) = [line for line in lines if "max_user_watches" in line.text]
    assert line.verdict is Verdict.ATTENTION
    assert "/etc/sysctl.d/itrwatch.conf" in line.remedy


def test_exhausted_inotify_instances_are_seen_by_the_probe(installation):
    own = 'echo 0 > /proc/sys/user/max_inotify_instances && exec "$@"'
    namespace = ["unshare", "--user", "--map-root-user", "sh", "-c", own, "sh"]
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces are not permitted here")
    said = installation.doctor(*namespace).stdout
    assert lines_of(said, "sonda")[0].startswith("atenção")
    assert "max_user_instances foi atingido" in said


def test_rights_are_put_to_the_proof(installation):
    """A root without any capability is a user like others: what belongs to the scanner's account is closed to it."""
    powerless = ["setpriv", "--bounding-set=-all"]
    if os.geteuid() != 0 or subprocess.run([*powerless, "true"], capture_output=True, check=False).returncode:
        pytest.skip("only root can give files to another user and lay its powers down")
    case = installation.inbox / "13153.720210-2019-34"
    case.mkdir()
    (case / "noti.pdf").write_bytes(scan_bytes("N1"))
    (case / "noti.pdf").chmod(0o600)  # as the scanner's account writes it, without a mask on the share
    for path in (installation.inbox, case, case / "noti.pdf", installation.outbox):
        os.chown(path, 65534, 65534)
    done = installation.doctor(*powerless)
    assert done.returncode == 75
    faults = [line for line in done.stdout.splitlines() if line.startswith("erro")]
    assert len(faults) == 2, done.stdout
    assert "não consigo ler “13153.720210-2019-34”: “noti.pdf”" in faults[0]
    assert "não consigo escrever em" in faults[1]
    assert "pode escrever na entrada" not in done.stdout
    (case / "noti.pdf").chmod(0o644)
    os.chown(installation.outbox, 0, 0)
    assert installation.doctor(*powerless).returncode == 0


def test_a_damaged_model_is_bad(monkeypatch):
    def broken(_model, _folder):
        raise RecogniserMissing("o modelo está danificado")

    monkeypatch.setattr(machine, "load", broken)
    assert verdicts(machine.examine(), "modelos") == {Verdict.BAD}


def test_a_share_that_does_not_answer_costs_its_lines_and_no_more(installation, tmp_path):
    commands = "from itrwatch.commands import doctor as d; from itrwatch.doctor import folders; import threading, sys\n"
    commands += "d.ROOT_SECONDS = 0.3; folders.inbox = lambda root: threading.Event().wait()\n"
    commands += "from itrwatch.commands.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", commands, "doctor", "--config", str(installation.config)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 75, done.stderr
    assert "não responde há 0.3 s" in done.stdout
    assert lines_of(done.stdout, "saída")[0].startswith("ok")


def test_status_says_how_each_root_is_watched(installation):
    command = [sys.executable, "-m", "itrwatch", "status", "--config", str(installation.config)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False).stdout
    assert f"entrada: “{installation.inbox}” — avisos do sistema (inotify)" in said


def test_a_service_that_may_open_few_files_and_a_library_that_is_gone_are_reported(monkeypatch):
    def version(name):
        if name == "pikepdf":
            raise machine.metadata.PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (64, 1024))
    monkeypatch.setattr(machine.metadata, "requires", lambda _: ["pikepdf>=10", "numpy>=2", 'pytest; extra == "dev"'])
    monkeypatch.setattr(machine.metadata, "version", version)
    monkeypatch.setattr(machine, "load", lambda *_: None)
    lines = list(machine.examine())
    texts = {(line.topic, line.verdict): line.text for line in lines}
    assert texts["limites", Verdict.ATTENTION] == "só 64 arquivos abertos por processo"
    assert texts["versões", Verdict.BAD] == "faltam bibliotecas: pikepdf"
    assert "numpy 1" in texts["versões", Verdict.GOOD]
    assert "pytest" not in texts["versões", Verdict.GOOD]


def test_a_program_that_runs_without_being_installed_says_so(monkeypatch):
    def requires(name):
        raise machine.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(machine.metadata, "requires", requires)
    monkeypatch.setattr(machine, "load", lambda *_: None)
    assert any("roda sem estar instalado" in line.text for line in machine.examine())


def test_an_empty_state_is_reported_and_quiet_says_only_what_is_not_good(installation):
    command = [sys.executable, "-m", "itrwatch", "doctor", "--quiet", "--config", str(installation.config)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=True).stdout
    assert "atenção  feriados: “holidays.uf” está vazio" in said
    assert "abaixo de “holidays:”, uf:" in said
    assert not any(line.startswith("ok") for line in said.splitlines())
    assert "atenção  nome no Windows: “share_name” está vazio" in said
    installation.configure("share_name: \\\\servidor\\entrada\nholidays: {uf: GO}\n")
    said = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=True).stdout
    assert "feriados" not in said
    assert "nome no Windows" not in said


def test_a_relative_path_is_reported_with_its_line(installation):
    installation.config.write_text(f"inbox: entrada\noutbox: {installation.outbox}\n")
    said = installation.doctor().stdout
    assert "atenção  configuração: config.yaml:1:8: “entrada” é um caminho relativo" in said


def test_root_is_reported_the_command_of_the_services_user_as_it_can_be_typed(monkeypatch, tmp_path):
    monkeypatch.setattr(machine.os, "geteuid", lambda: 0)
    (line,) = [line for line in machine.examine(tmp_path / "a b.yaml") if line.topic == "usuário"]
    words = shlex.split(line.remedy)
    assert words[:4] == ["runuser", "-u", "itrwatch", "--"]
    assert words[-3:] == ["doctor", "--config", str(tmp_path / "a b.yaml")]
    assert os.access(words[4], os.X_OK)


def test_a_publication_that_does_not_come_back_is_bad(installation, monkeypatch):
    assert trial.publication(installation.outbox, settings(installation)).verdict is Verdict.GOOD
    monkeypatch.setattr(trial.Outbox, "publish", lambda *_: None)
    monkeypatch.setattr(trial.Outbox, "read_manifest", lambda *_: None)
    shutil.rmtree(installation.outbox / "saida")
    assert trial.publication(installation.outbox, settings(installation)).verdict is Verdict.BAD


@pytest.mark.parametrize("number", [errno.EBUSY, errno.ELOOP, errno.EISDIR, errno.EMFILE, errno.EOPNOTSUPP])
def test_what_the_system_says_is_said_in_portuguese(installation, monkeypatch, number):
    def refused(*_args, **_more):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folders.tempfile, "mkdtemp", refused)
    (line,) = [line for line in folders.outbox(settings(installation), 0) if line.topic == "saída"]
    assert os.strerror(number) not in line.text
    assert re.search(r"”: \w", line.text)


def test_the_command_for_an_empty_state_is_the_one_of_that_office():
    config = Config(Path("/e"), Path("/s"), share_name=r"\\servidor\entrada")
    for path, command in (
        ("/etc/itrwatch/config.yaml", "itrwatch setup"),
        ("/etc/itrwatch/norte.yaml", "itrwatch setup --instance norte"),
    ):
        (line,) = [line for line in machine.examine_settings(config, Path(path)) if line.remedy]
        assert line.remedy == command
