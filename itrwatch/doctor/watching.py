"""Examines how changes in each root are detected: configuration, file system, kernel."""

from __future__ import annotations

import ctypes
import errno
import os
import select
from collections.abc import Iterator
from pathlib import Path

from itrwatch.core.settings import POLLING_SECONDS, Config
from itrwatch.core.status import Root
from itrwatch.core.text_matching import counted
from itrwatch.doctor.verdict import CheckLine, attention, bad, good
from itrwatch.errors import reason
from itrwatch.store.mounts import foreign

LIMITS = Path("/proc/sys/fs/inotify")
EVENT_SECONDS = 2.0
"""Time limit for an event. Chosen: a local file system needs milliseconds, and a fully loaded machine still meets it."""
_IN_CREATE = 0x100
_HAND_FREE = 128
"""Watches and instances that other programs of a quiet server take; desktops take more, and have higher limits. Chosen."""


def roots(config: Config) -> tuple[Root, ...]:
    """Inbox and outbox with the way each is watched, as the configuration and the mounts decide it."""
    return (
        Root("entrada", str(config.inbox), _mode(config)),
        Root("saída", str(config.outbox), "só recebe arquivos; conferida a cada varredura"),
    )


def _mode(config: Config) -> str:
    seconds = min(config.rescan_seconds, POLLING_SECONDS)
    kind = foreign(config.inbox)
    if config.watch == "polling":
        return f"varrida a cada {seconds:g} s (watch: polling)"
    if kind and config.watch == "auto":
        return f"varrida a cada {seconds:g} s (o sistema de arquivos {kind} não avisa)"
    return f"avisos do sistema (inotify) e varredura a cada {config.rescan_seconds:g} s"


def examine(config: Config, folders: int) -> Iterator[CheckLine]:
    """The mode of the inbox and the limits that it needs; ``folders``: case folders in the inbox."""
    kind = foreign(config.inbox)
    if kind and config.watch == "inotify":
        yield attention(
            "vigilância",
            f"“watch: inotify”, mas {kind} não avisa do que outras máquinas salvam: só a varredura verá",
            "apague a linha “watch” da configuração, ou escreva watch: auto",
        )
    else:
        yield good("vigilância", f"entrada: {_mode(config)}")
    yield from _limits(folders)


def _limits(folders: int) -> Iterator[CheckLine]:
    for name, needed, what in (
        ("max_user_watches", folders + _HAND_FREE, f"a entrada tem {counted(folders, 'pasta', 'pastas')}"),
        ("max_user_instances", _HAND_FREE // 2, "cada programa que vigia pastas usa uma"),
    ):
        try:
            limit = int((LIMITS / name).read_text())
        except (OSError, ValueError):
            continue
        if limit >= needed:
            yield good("limites", f"fs.inotify.{name} = {limit}")
        else:
            yield attention(
                "limites",
                f"fs.inotify.{name} = {limit} é pouco ({what}); o que passar disso será só varrido",
                f"echo fs.inotify.{name}={max(2 * needed, 524288 if 'watches' in name else 512)} "
                ">>/etc/sysctl.d/itrwatch.conf && sysctl --system",
            )


def probe(folder: Path) -> CheckLine:
    """Whether inotify reports a file that is created in ``folder``, tried by creating one; the folder is empty and private."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    if descriptor < 0 or libc.inotify_add_watch(descriptor, os.fsencode(folder), _IN_CREATE) < 0:
        number = ctypes.get_errno()
        if descriptor >= 0:
            os.close(descriptor)
        which = {errno.EMFILE: "max_user_instances", errno.ENOSPC: "max_user_watches"}.get(number)
        why = f"o limite fs.inotify.{which} foi atingido" if which else reason(OSError(number, os.strerror(number)))
        return attention("sonda", f"inotify não está disponível ({why}); só a varredura verá", "aumente o limite")
    try:
        (folder / "sonda").touch()
        heard = select.select([descriptor], [], [], EVENT_SECONDS)[0]
    finally:
        os.close(descriptor)
    if heard:
        return good("sonda", "o sistema avisou de um arquivo criado na saída")
    return bad("sonda", "o sistema não avisa dos arquivos criados na saída", "escreva “watch: polling” na configuração")
