"""The changes that `itrwatch setup` makes to the machine: accounts, folders, files, Samba, systemd. Root only."""

from __future__ import annotations

import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from itrwatch.errors import ItrwatchError, reason
from itrwatch.setup.office import Office
from itrwatch.store.atomic import replace_file

UNITS = Path("/etc/systemd/system")
PACKAGED_UNITS = Path("/usr/lib/systemd/system")
SAMBA = Path("/etc/samba")
ACCOUNTS = ("itrwatch", "itr-entrada")
RUN_FOLDERS = {Path("/run/itrwatch"): 0o755, Path("/var/log/itrwatch"): 0o750}
"""Folders for `itrwatch start` and a log file, with their modes; systemd makes them itself when it starts the service."""
SYSTEMD_RUNS = Path("/run/systemd/system")


def program() -> list[str]:
    """The command line of this itrwatch, valid in any folder, as words."""
    installed = Path(sys.prefix, "bin", "itrwatch")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "itrwatch"]


def shared(name: str) -> Path:
    """The path of a file of the distribution: in the environment if installed from a wheel, else in the repository."""
    installed = Path(sys.prefix, "share", "itrwatch", name)
    return installed if installed.exists() else Path(__file__).parents[2] / "systemd" / name


def run(*command: str, remedy: str) -> str:
    """Run a system program; returns its output, or raises `ItrwatchError` with its message and ``remedy``."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise ItrwatchError(f"o programa “{command[0]}” não está instalado", remedy) from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise ItrwatchError(f"“{' '.join(command)}” falhou: {said}", remedy)
    return done.stdout


def make_accounts(office: Office) -> None:
    """Create what is missing: the accounts of the service and of the inbox's owner, their group, that of the readers, `RUN_FOLDERS`.

    Raises `ItrwatchError`.
    """
    for group in ("itrwatch", office.readers):
        run("groupadd", "--system", "--force", group, remedy=f"crie o grupo {group} à mão")
    for user in ACCOUNTS:
        try:
            pwd.getpwnam(user)
        except KeyError:
            nowhere = ("--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
            run("useradd", "--system", "--gid", "itrwatch", *nowhere, user, remedy=f"crie o usuário {user} à mão")
    for folder, mode in RUN_FOLDERS.items():
        _make_folder(folder, mode, "itrwatch", "itrwatch")


def make_folders(inbox: Path, outbox: Path, office: Office) -> list[Path]:
    """Create missing folders with owner and rights; existing ones are never changed. Returns the created ones; raises `ItrwatchError`."""
    wanted = ((inbox, "itr-entrada", "itrwatch"), (outbox, "itrwatch", office.readers))
    made = [folder for folder, *_ in wanted if not folder.exists()]
    for folder, owner, group in wanted:
        _make_folder(folder, 0o2750, owner, group)
    return made


def _make_folder(folder: Path, mode: int, owner: str, group: str) -> None:
    if folder.exists():
        return
    try:
        folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        shutil.chown(folder, owner, group)
        folder.chmod(mode)
    except OSError as wrong:
        raise ItrwatchError(
            f"não consegui criar “{folder}”: {reason(wrong)}", "crie a pasta e rode itrwatch setup de novo"
        ) from wrong


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a system file atomically."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    replace_file(path, text.encode("utf-8", "surrogateescape"), mode)


def place_unit(office: Office) -> None:
    """Install the systemd unit of the distribution, unless a package has installed it."""
    name = "itrwatch@.service" if office.name else "itrwatch.service"
    if (PACKAGED_UNITS / name).exists():
        return
    text = shared(name).read_text("utf-8").replace("/opt/itrwatch/bin/itrwatch", " ".join(program()))
    write(UNITS / name, text)


def place_drop_in(office: Office, text: str) -> None:
    """Write the drop-in of the folders, or delete an older one if ``text`` is empty."""
    path = UNITS / f"{office.unit}.d" / "pastas.conf"
    if text:
        write(path, text)
    else:
        path.unlink(missing_ok=True)


def add_shares(office: Office, text: str) -> Path:
    """Write the shares to a file that ``smb.conf`` includes, check the configuration and reload Samba (by systemd); returns the file.

    Raises `ItrwatchError`, also without Samba.
    """
    main = SAMBA / "smb.conf"
    if not main.exists():
        raise ItrwatchError(
            "o Samba não está instalado", "apt-get install samba, e rode itrwatch setup --samba de novo"
        )
    path = SAMBA / (f"itrwatch-{office.name}.conf" if office.name else "itrwatch.conf")
    write(path, text)
    line = f"include = {path}"
    configured = main.read_text("utf-8", "surrogateescape")
    if line not in configured.splitlines():
        write(main, f"{configured.rstrip()}\n\n# itrwatch setup\n{line}\n")
    run("testparm", "-s", remedy=f"corrija {main}; as seções do itrwatch estão em {path}")
    if SYSTEMD_RUNS.exists():
        run("systemctl", "reload-or-restart", "smbd", remedy="veja systemctl status smbd")
    return path


def examine(office: Office) -> tuple[int, str]:
    """Run `itrwatch doctor --quiet` as the service's user; returns exit code and output."""
    command = ["runuser", "-u", "itrwatch", "--", *program(), "doctor", "--quiet", "--config", str(office.config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd="/")
    return done.returncode, done.stdout + done.stderr


def start_service(office: Office) -> bool:
    """Enable the service and start or restart it by systemd; returns False without systemd. Raises `ItrwatchError`."""
    if not SYSTEMD_RUNS.exists():
        return False
    remedy = f"journalctl -u {office.unit} diz por quê"
    run("systemctl", "daemon-reload", remedy=remedy)
    run("systemctl", "enable", "--quiet", office.unit, remedy=remedy)
    run("systemctl", "restart", office.unit, remedy=remedy)
    return True
