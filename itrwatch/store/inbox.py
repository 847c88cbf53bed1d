"""The inbox: the list of case folders, and the contents of one folder at one moment.

    list_cases(Path("/srv/itr/entrada")) -> Listing(cases=("13153720210201934", …), refused=(…))
    take_snapshot(Path("/srv/itr/entrada/13153720210201934")) -> Snapshot(scans=(FileStat("scan.pdf", …),), sidecars=(…), …)

Read-only (promise 1, F35): no function here can write. Links are not followed, and pipes are not
opened: a folder is listed, every entry is examined with lstat, and an entry that is not a plain file is
refused with a reason. Names keep the bytes of the file server (F27); they are compared after Unicode
normalisation, ignoring case (F28, F29).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from itrwatch.core.complement import named_complement
from itrwatch.core.filenames import (
    MISNAMED_SIDECARS,
    SIDECARS,
    Match,
    has_scan_suffix,
    is_junk,
    is_reserved,
    is_sidecar_copy,
    match_name,
    name_key,
)
from itrwatch.core.processo import find_processo
from itrwatch.scans.plain_file import Identity
from itrwatch.store.mounts import foreign

LINK = "é um link simbólico (atalho), que não é seguido; copie o próprio arquivo para a pasta"
DEEP = "é uma pasta dentro de uma subpasta, que não é lida; ponha os arquivos na própria pasta do processo"
COPY = (
    "parece uma cópia do processo.yaml, feita pelo Windows ou por um sincronizador, e não é lida; passe para o processo.yaml "
    "o que valer dela e apague-a"
)
MISPLACED = "está numa subpasta e não é lido; ponha-o na própria pasta do processo"
LINKED = (
    "também aparece em outra pasta (“hard link”): pode não ser deste processo; ponha na pasta uma "
    "cópia do arquivo no lugar dele"
)
SPECIAL = "não é um arquivo comum"
LOOSE = "está solto na entrada; ponha-o na pasta de um processo"
TWIN = "tem o mesmo nome de outra pasta, a não ser por acentos ou maiúsculas; dê outro nome a uma delas"
RESERVED = "tem o nome de um arquivo que o itrwatch escreve na saída; dê outro nome à pasta"


class Refused(NamedTuple):
    """An entry that is not used, and the reason (Portuguese, follows the name in a sentence)."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class FileStat:
    """The lstat data of a file; times in ns of the file server's clock, ``size`` in bytes.

    ``device`` and ``inode`` are 0 if the mount changes them between calls (F22).
    """

    name: str
    size: int
    mtime_ns: int
    ctime_ns: int
    device: int = 0
    inode: int = 0

    @property
    def identity(self) -> Identity:
        """The identity that a reader must find at the path; a file with several hard links is not accepted."""
        return Identity(self.device, self.inode, self.size, self.mtime_ns, self.ctime_ns)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case folder at one moment, every tuple sorted by name.

    ``others``: plain files that are neither scan nor sidecar. ``junk``: files left behind by systems and programs
    (F26); they are never used, but while they change the folder is not at rest. The name of a file in a
    subfolder includes it: ``20261129/scan.pdf``. ``namesakes``: other folders with the same process number.
    """

    folder: Path
    name: str
    sidecars: tuple[FileStat, ...] = ()
    scans: tuple[FileStat, ...] = ()
    refused: tuple[Refused, ...] = ()
    others: tuple[FileStat, ...] = ()
    junk: tuple[FileStat, ...] = ()
    namesakes: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[FileStat, ...]:
        """The input files of the case: sidecars and scans."""
        return self.sidecars + self.scans

    @property
    def identities(self) -> dict[Path, Identity]:
        """The identity that a reader must find at each path."""
        return {self.folder / file.name: file.identity for file in self.files + self.others}

    @property
    def state_digest(self) -> bytes:
        """A digest of the folder's state: equal as long as nothing changes, and small, because ten thousand are kept.

        It includes ctime, because a writer can restore mtime (R16), and the inode if the mount keeps it (F22).
        """
        everything = self.files + self.others + self.junk
        plain = [(file.name, file.size, file.mtime_ns, file.ctime_ns, file.inode) for file in everything]
        described = repr((plain, [entry.name for entry in self.refused]))
        return hashlib.blake2b(described.encode("utf-8", "surrogateescape"), digest_size=16).digest()

    @property
    def newest_ns(self) -> int:
        """The latest time (ns) of any file, 0 for an empty folder."""
        return max((max(f.mtime_ns, f.ctime_ns) for f in self.files + self.others + self.junk), default=0)


@dataclass(frozen=True, slots=True)
class Listing:
    """The inbox: names of case folders, and refused entries."""

    cases: tuple[str, ...]
    refused: tuple[Refused, ...]


def namesakes(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each case folder, the others with its process number: ``{"13153…34 a": ("13153…34 b",), …}``.

    A complement has the number of its case on purpose and does not count.
    """
    by_number: dict[str, list[str]] = {}
    for name in names:
        if number := _number(name):
            by_number.setdefault(number, []).append(name)
    return {name: tuple(n for n in same if n != name) for same in by_number.values() if len(same) > 1 for name in same}


@lru_cache(16384)
def _number(name: str) -> str:
    """The process number in a folder's name, or empty."""
    processo = find_processo(name) if named_complement(name) is None else None
    return processo.digits if processo else ""


def list_cases(inbox: Path) -> Listing:
    """The case folders of the inbox, sorted; `OSError` if the inbox cannot be read."""
    folders: list[str] = []
    loose: list[Refused] = []
    # scandir returns the type of each entry; ten thousand lstat calls over a share would take seconds.
    with os.scandir(inbox) as entries:
        for entry in entries:
            name = entry.name
            if is_junk(name):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
            else:
                loose.append(Refused(name, LINK if entry.is_symlink() else LOOSE))
    return _listing(tuple(folders), tuple(loose))


@lru_cache(2)  # an idle inbox has the same names at every scan, and sorting ten thousand takes longer than listing them
def _listing(folders: tuple[str, ...], loose: tuple[Refused, ...]) -> Listing:
    reserved = [name for name in folders if is_reserved(name)]
    cases = [name for name in folders if name not in reserved]
    # Two names that differ only in case or normalisation would share one folder of the outbox (F28).
    count = Counter(map(name_key, cases))
    twins = [name for name in cases if count[name_key(name)] > 1]
    refused = (*loose, *(Refused(name, RESERVED) for name in reserved), *(Refused(name, TWIN) for name in twins))
    return Listing(tuple(sorted(set(cases) - set(twins))), tuple(sorted(refused)))


def take_snapshot(folder: Path) -> Snapshot:
    """The contents of ``folder`` and its subfolders now; `OSError` if a folder or an entry cannot be read.

    An entry that vanishes after it was listed is omitted (F33).
    """
    found: dict[str, list[FileStat]] = {"sidecars": [], "scans": [], "others": [], "junk": []}
    refused: list[Refused] = []
    with _listed(folder) as (descriptor, entries):
        # The device is part of the cache key: another file system may have been mounted.
        keeps = _keeps_inodes(folder.parent, os.fstat(descriptor).st_dev)
        for name, status in entries:
            if stat.S_ISDIR(status.st_mode) and not is_junk(name):
                _scan_below(descriptor, name, found, refused, keeps=keeps)
            else:
                _sort(name, status, found, refused, keeps=keeps)
    if found["sidecars"]:
        copies = [file for file in found["others"] if is_sidecar_copy(file.name)]
        found["others"] = [file for file in found["others"] if file not in copies]
        refused += [Refused(file.name, COPY) for file in copies]
    sidecars, scans, others, junk = (
        tuple(sorted(found[kind], key=lambda file: file.name)) for kind in ("sidecars", "scans", "others", "junk")
    )
    return Snapshot(folder, folder.name, sidecars, scans, tuple(sorted(refused)), others, junk)


def _scan_below(case: int, name: str, found: dict[str, list[FileStat]], refused: list[Refused], *, keeps: bool) -> None:
    """Adds the scans of subfolders one level down: some scanners make a folder for each day."""
    with contextlib.suppress(FileNotFoundError), _listed(name, case) as (_, entries):
        for inner, status in entries:
            if is_junk(inner):
                continue
            path = f"{name}/{inner}"
            if stat.S_ISDIR(status.st_mode):
                refused.append(Refused(path, DEEP))
            elif _kind(inner) == "sidecars":
                refused.append(Refused(path, MISPLACED))
            else:
                _sort(path, status, found, refused, keeps=keeps)


def _sort(
    name: str, status: os.stat_result, found: dict[str, list[FileStat]], refused: list[Refused], *, keeps: bool
) -> None:
    kind = _kind(name)
    if stat.S_ISREG(status.st_mode) and status.st_nlink > 1 and kind != "junk":
        refused.append(Refused(name, LINKED))
    elif stat.S_ISREG(status.st_mode):
        found[kind].append(_file_stat(name, status, keeps=keeps))
    elif kind != "junk":
        refused.append(Refused(name, LINK if stat.S_ISLNK(status.st_mode) else SPECIAL))


@contextlib.contextmanager
def _listed(
    folder: Path | str, inside: int | None = None
) -> Iterator[tuple[int, Iterator[tuple[str, os.stat_result]]]]:
    """A descriptor of ``folder`` and its entries; a link that has replaced the folder is not followed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=inside)
    try:
        with os.scandir(descriptor) as entries:
            yield descriptor, _with_status(entries)
    finally:
        os.close(descriptor)


def _with_status(entries: Iterator[os.DirEntry[str]]) -> Iterator[tuple[str, os.stat_result]]:
    for entry in entries:
        with contextlib.suppress(FileNotFoundError):
            yield entry.name, entry.stat(follow_symlinks=False)


@lru_cache(64)
def _keeps_inodes(inbox: Path, _device: int) -> bool:
    """Whether inodes are stable on this device: yes on local file systems, not on some network and FUSE mounts (F22)."""
    return not foreign(inbox)


@lru_cache(4096)  # the same few names occur in every folder, and Unicode normalisation is slow
def _kind(name: str) -> str:
    if is_junk(name):
        return "junk"
    if name.casefold() in SIDECARS | MISNAMED_SIDECARS:
        return "sidecars"
    return "scans" if has_scan_suffix(name) else "others"


def _file_stat(name: str, status: os.stat_result, *, keeps: bool) -> FileStat:
    place = (status.st_dev, status.st_ino) if keeps else (0, 0)
    return FileStat(name, status.st_size, status.st_mtime_ns, status.st_ctime_ns, *place)


def find_scan(snapshot: Snapshot, written: str) -> Match:
    """The scan denoted by the name ``written`` in a sidecar; open it by the real name in the result."""
    return match_name((scan.name for scan in snapshot.scans), written)
