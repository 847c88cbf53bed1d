"""File names as people, scanners and file servers write them; rules only, nothing is opened.

Two names are the same if their `name_key` is equal: a Mac writes “ç” as two characters, and Windows
ignores case (F28, F29). In a name in the sidecar, the extension may be missing, because Windows hides
it, or stand twice; the name is accepted if only one file matches.

    match_name(["scan.pdf"], "Scan") -> Found("scan.pdf")
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

SIDECARS = frozenset({"processo.yaml", "processo.yml"})
MISNAMED_SIDECARS = frozenset(f"{name}{more}" for name in SIDECARS for more in (".txt", ".yaml", ".yml"))
"""Names that Notepad gives the sidecar: Windows hides the last extension, so the name looks right."""
NOTE, REPORT, CASE_LOG = "PENDENTE.txt", "relatorio.html", "processo.log"
"""Files in a case folder of the outbox beside the PDFs."""
SCAN_SUFFIXES = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp")

PANEL, SCHEMA_NAME, GUIDE = "index.html", "processo.schema.json", "LEIA-ME.html"
"""Files that itrwatch writes beside the case folders of the outbox."""
_ACCEPTED = "aceitos-"

_JUNK_NAMES = frozenset(
    {
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        "@eadir",
        "#recycle",
        "$recycle.bin",
        "system volume information",
        "lost+found",
    }
)
_JUNK_ENDINGS = ("~", ".tmp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp")


@dataclass(frozen=True, slots=True)
class Found:
    """The only real name that matches."""

    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """No such file; ``nearest``: the most similar real names, best first, at most three."""

    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two or more files match, even if one matches exactly (F28)."""

    names: tuple[str, ...]


Match = Found | Missing | Ambiguous


_OFTEN = 32768
"""Size of the caches of names: every scan asks for the name of each of ten thousand folders. Chosen."""


@lru_cache(_OFTEN)
def name_key(name: str) -> str:
    """The name in a form that is equal on all systems: one Unicode form, one case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@lru_cache(_OFTEN)
def is_junk(name: str) -> bool:
    """Whether a system or program leaves such files or folders behind (F26): hidden, temporary, trash."""
    key = name_key(name)
    return key.startswith((".", "~")) or key.endswith(_JUNK_ENDINGS) or key in _JUNK_NAMES


def is_sidecar_copy(name: str) -> bool:
    """Whether this is a copy of a sidecar made by Windows or a synchroniser: ``processo (1).yaml``, ``processo - Cópia.yml`` → True."""
    key = name_key(name)
    endings = (".yaml", ".yml", *(f"{end}.txt" for end in (".yaml", ".yml")))
    return key.startswith("processo") and key.endswith(endings) and key not in SIDECARS | MISNAMED_SIDECARS


@lru_cache(_OFTEN)
def is_reserved(name: str) -> bool:
    """Whether the outbox uses this name itself, so that no case folder may have it: ``INDEX.html`` → True."""
    key = name_key(name)
    return key in {PANEL, SCHEMA_NAME, name_key(GUIDE)} or (key.startswith(_ACCEPTED) and key.endswith(".html"))


def accepted_name(year: int) -> str:
    """The name of the page of cases accepted in a year: 2024 → ``aceitos-2024.html``."""
    return f"{_ACCEPTED}{year}.html"


def has_scan_suffix(name: str) -> bool:
    """Whether the name has one of `SCAN_SUFFIXES`, in upper or lower case."""
    return name_key(name).endswith(SCAN_SUFFIXES)


def match_name(names: Iterable[str], written: str) -> Match:
    """The one of ``names`` (real scan names) that ``written`` denotes; in a subfolder: ``20261129/scan.pdf``."""
    real = tuple(names)
    wanted = name_key(written.strip().replace("\\", "/"))
    same = tuple(name for name in real if name_key(name) == wanted)
    if not same and "/" not in wanted:  # a scan in a subfolder, written without the folder
        same = tuple(name for name in real if _bare_key(name) == wanted)
    if not same:
        same = tuple(name for name in real if _forgiven(_seen(name_key(name)), _seen(wanted)))
    if len(same) == 1:
        return Found(same[0])
    if same:
        return Ambiguous(tuple(sorted(same)))
    # The file may lie in another subfolder, or in none.
    elsewhere = tuple(name for name in real if _bare_key(name) == wanted.rpartition("/")[2])
    return Missing(elsewhere[:3] or _nearest(real, wanted))


def _bare_key(name: str) -> str:
    """`name_key` without the subfolder."""
    return name_key(name).rpartition("/")[2]


def _forgiven(key: str, wanted: str) -> bool:
    single = _undouble(key)
    if wanted.endswith(SCAN_SUFFIXES):
        return single == _undouble(wanted)
    return single.rpartition(".")[0] == wanted


def _seen(name: str) -> str:
    """The name without invisible characters (of zero width)."""
    return "".join(sign for sign in name if unicodedata.category(sign) != "Cf")


def _undouble(key: str) -> str:
    """``capa.pdf.pdf`` → ``capa.pdf``: Windows hides the first extension, and a second one is typed."""
    for suffix in SCAN_SUFFIXES:
        if key.endswith(suffix * 2):
            return key.removesuffix(suffix)
    return key


def _nearest(names: tuple[str, ...], wanted: str) -> tuple[str, ...]:
    by_key = {name_key(name): name for name in names}
    return tuple(by_key[near] for near in difflib.get_close_matches(wanted, by_key, n=3))


def printable(name: str) -> str:
    """The name for logs and notes: unprintable characters and bytes that are not UTF-8 (F27) as backslash escapes."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


SIDECAR_NAME = "processo.yaml"
"""The name of the sidecar in drafts and sentences; `SIDECARS` are all names that are read."""
