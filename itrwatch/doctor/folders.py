"""Examines the two roots: rights, space, clock, leftovers. The inbox is only read (promise 1)."""

from __future__ import annotations

import contextlib
import errno
import grp
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from itrwatch.core.filenames import printable
from itrwatch.core.settings import Config
from itrwatch.core.text_matching import counted
from itrwatch.doctor.trial import publication
from itrwatch.doctor.verdict import CheckLine, attention, bad, good
from itrwatch.doctor.watching import probe
from itrwatch.errors import reason, reason_with_path
from itrwatch.store.atomic import Rights, exchange
from itrwatch.store.inbox import list_cases
from itrwatch.store.lock import holder_of
from itrwatch.store.outbox import PREPARED, WORK
from itrwatch.store.reserve import RESERVE

PREFIX = ".itrwatch-doctor-"
"""Hidden names are never cases, in the inbox or the outbox (F26)."""
NEEDED = 3
"""Required space as a multiple of the largest case: spool, PDFs and pictures of the report, each at most as large (F43). Chosen."""
ROOM_BYTES = 1 << 30  # least free space, bytes; chosen
CLOCK_SECONDS = 2.0
"""FAT and old servers keep times to two seconds (F19). Chosen."""


def _mount(root: Path) -> str:
    folder = quote(str(root))
    return f"findmnt -T {folder} mostra o que está montado ali; se a pasta é outra, itrwatch setup; se é nova, mkdir -p {folder}"


def inbox(root: Path) -> tuple[list[CheckLine], int, int]:
    """The lines about the inbox, its number of case folders, and the bytes of the largest."""
    try:
        listing = list_cases(root)
    except OSError as wrong:
        return [bad("entrada", f"“{root}” {reason(wrong)}", _mount(root))], 0, 0
    lines, sizes = (
        [good("entrada", f"“{root}”: {counted(len(listing.cases), 'pasta de processo', 'pastas de processos')}")],
        [0],
    )
    for name in listing.cases:
        try:
            sizes.append(_size(root / name))
        except OSError as wrong:
            lines.append(
                bad(
                    "entrada",
                    f"não consigo ler “{printable(name)}”: {reason_with_path(wrong)}",
                    f"chgrp -R itrwatch {quote(str(root / name))} && chmod -R g+rX {quote(str(root / name))}; para as próximas, "
                    "create mask = 0640 e directory mask = 2750 no compartilhamento do Samba",
                )
            )
    if os.geteuid() and os.access(root, os.W_OK):  # root may always
        lines.append(
            attention(
                "entrada",
                "este usuário pode escrever na entrada; o itrwatch nunca escreve nela",
                "basta leitura: monte com “ro” ou tire a escrita do grupo; a unidade do systemd já impede a escrita",
            )
        )
    return lines, len(listing.cases), max(sizes)


def _size(folder: Path) -> int:
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                total += entry.stat(follow_symlinks=False).st_size
                if not os.access(entry.path, os.R_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), entry.name)
    return total


def outbox(config: Config, largest: int) -> Iterator[CheckLine]:
    """The lines about the outbox; ``largest``: bytes of the largest case in the inbox."""
    root = config.outbox
    try:
        rights = Rights(config.umask, grp.getgrnam(config.group).gr_gid if config.group else None)
        place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
    except KeyError:
        yield bad(
            "grupo",
            f"o grupo “{config.group}” não existe",
            f"groupadd --system {quote(config.group or '')}, ou corrija “group” na configuração",
        )
        return
    except FileNotFoundError:
        yield bad("saída", f"“{root}” não existe", _mount(root))
        return
    except OSError as wrong:
        yield bad(
            "saída",
            f"não consigo escrever em “{root}”: {reason(wrong)}",
            f"chown itrwatch {quote(str(root))}; se ela está montada só para leitura, findmnt -T {quote(str(root))} mostra",
        )
        return
    try:
        yield from _written(root, place, rights)
        yield publication(place, config)
    except OSError as wrong:
        yield bad(
            "saída",
            f"escrever em “{root}” falhou: {reason(wrong)}",
            f"df -h {quote(str(root))}; ls -ld {quote(str(root))}",
        )
    finally:
        shutil.rmtree(place, ignore_errors=True)
    yield _room(root, largest)
    yield _kept(config)
    yield from _left_behind(root)


def _kept(config: Config) -> CheckLine:
    """How long the sets of before stay."""
    limits = (
        [f"no máximo {counted(config.keep_sets, 'conjunto', 'conjuntos')} por processo"] if config.keep_sets else []
    )
    limits += [f"por {counted(config.keep_days, 'dia', 'dias')}"] if config.keep_days else []
    if not limits:
        return good("anteriores", "todos os conjuntos anteriores ficam (keep_sets e keep_days mudam isso)")
    return good("anteriores", f"conjuntos anteriores ficam {' e '.join(limits)}; o que foi juntado nunca é apagado")


def _written(root: Path, place: Path, rights: Rights) -> Iterator[CheckLine]:
    yield probe(place)
    one, other = place / "um", place / "outro"
    for folder in (one, other):
        rights.make_folder(folder)
        rights.write(folder / "arquivo", folder.name.encode())
    status = (one / "arquivo").stat()
    yield _clock(status.st_mtime - time.time())
    yield _modes(status, rights)
    (one / "arquivo").replace(other / "arquivo")
    if (other / "arquivo").read_bytes() != b"um":
        yield bad("saída", "um arquivo renomeado não tem o conteúdo que foi escrito", "use outro disco para a saída")
    if exchange(one, other):
        yield good("saída", f"“{root}”: escrever, renomear e trocar pastas em um passo funcionam")
    else:
        yield attention(
            "saída",
            f"“{root}”: este sistema de arquivos não troca duas pastas em um passo; por um instante, durante a "
            "publicação, a pasta do processo não aparece",
            "não é preciso fazer nada; em um disco local do servidor a troca é de uma vez",
        )


def _clock(ahead: float) -> CheckLine:
    if abs(ahead) <= CLOCK_SECONDS:
        return good("relógio", "a saída e esta máquina marcam a mesma hora")
    return attention(
        "relógio",
        f"o relógio da saída está {abs(ahead):.0f} s {'adiantado' if ahead > 0 else 'atrasado'} em relação a esta máquina",
        "acerte os relógios (NTP) das duas máquinas; o itrwatch não depende disso, mas as datas mostradas sim",
    )


def _modes(status: os.stat_result, rights: Rights) -> CheckLine:
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o007:
        return attention(
            "sigilo",
            f"o que é escrito na saída fica com permissões {mode:03o}: qualquer usuário da máquina pode ler",
            "em CIFS, monte com file_mode=0640,dir_mode=0750; em disco local isto não deveria acontecer",
        )
    if rights.gid is not None and status.st_gid != rights.gid:
        return bad(
            "grupo",
            "o grupo configurado não pôde ser dado ao que é escrito na saída",
            f"usermod -aG {rights.gid} itrwatch && systemctl restart itrwatch; em CIFS, monte com gid={rights.gid}",
        )
    return good("sigilo", f"o que é escrito na saída tem permissões {mode:03o}")


def _room(root: Path, largest: int) -> CheckLine:
    free = shutil.disk_usage(root).free
    said = f"{free / (1 << 30):.1f} GB livres na saída".replace(".", ",")
    if free < NEEDED * largest:
        need = f"{NEEDED * largest / (1 << 30):.1f}".replace(".", ",")
        return bad(
            "espaço", f"{said}; o maior processo da entrada precisa de {need} GB", "libere espaço ou mude a saída"
        )
    if free < ROOM_BYTES:
        return attention("espaço", said, "libere espaço antes que acabe; com o disco cheio o trabalho espera")
    return good("espaço", said)


def _left_behind(root: Path) -> Iterator[CheckLine]:
    work = root / WORK
    probes = [path.name for path in root.glob(f"{PREFIX}*")]
    with contextlib.suppress(OSError):
        unfinished = [path for path in work.iterdir() if path.is_dir() and path.name not in (RESERVE, PREPARED)]
        pid = holder_of(work)
        if pid is not None:
            yield good(
                "restos",
                f"o itrwatch está em execução (processo {pid}); {counted(len(unfinished), 'conjunto', 'conjuntos')} em preparo",
            )
        elif unfinished:
            yield attention(
                "restos",
                f"{counted(len(unfinished), 'conjunto inacabado', 'conjuntos inacabados')} em “{work}”, de uma queda",
                "não é preciso fazer nada: o próximo início termina ou desfaz o que ficou; não apague a pasta",
            )
    if probes:
        yield attention("restos", f"pastas de um exame interrompido: {', '.join(probes)}", "podem ser apagadas")
