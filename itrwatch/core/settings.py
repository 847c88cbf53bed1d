"""The settings of the configuration file as values, with defaults for most offices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

POLLING_SECONDS = 5.0
"""Longest interval of scans of a root that is polled, s. Chosen."""

Watch = Literal["auto", "inotify", "polling"]
Separating = Literal["propose", "publish"]


@dataclass(frozen=True, slots=True)
class StampConfig:
    """The folha number: ``format`` with ``{n}``, letter ``size`` in pt on paper."""

    format: str = "Fls. {n}"
    size: float = 11.0


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The coding of pages: black print at ``ink_dpi`` at most, regions of tone at ``patch_dpi``, JPEG ``quality`` 30–95."""

    ink_dpi: int = 300
    patch_dpi: int = 200
    quality: int = 66
    remove_blanks: bool = True
    turn_pages: bool = True
    straighten: bool = True
    read_pages: bool = True


@dataclass(frozen=True, slots=True)
class LogConfig:
    """``level`` for stderr and file; ``file`` is rotated at ``rotation``, and ``retention`` old files are kept."""

    level: str = "INFO"
    file: Path | None = None
    rotation: str = "10 MB"
    retention: int = 10


@dataclass(frozen=True, slots=True)
class Holidays:
    """The office's calendar: ``uf`` as two letters, ``municipal`` dates as ``dd/mm`` or ``dd/mm/aaaa``."""

    uf: str = ""
    municipal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """Values of an e-CAC screen that the tutorial shows only as a picture; empty until the administrator copies them."""

    concentration_area: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; times in seconds, sizes in bytes, ``umask`` as an integer (0o027).

    ``workers``: pages processed in parallel; None: one a processor. ``separators``: whether a folder without a sidecar is
    published, or only proposed, if its separator sheets are complete. ``share_name``: the Windows name of the inbox, or empty.
    ``keep_sets``, ``keep_days``: the number of earlier sets kept with a case, and for how long; 0: no limit.
    """

    inbox: Path
    outbox: Path
    settle_seconds: float = 30.0
    rescan_seconds: float = 60.0
    watch: Watch = "auto"
    workers: int | None = None
    max_file_bytes: int = 15_728_640
    separators: Separating = "propose"
    share_name: str = ""
    keep_sets: int = 0
    keep_days: int = 0
    stamp: StampConfig = StampConfig()
    image: ImageConfig = ImageConfig()
    log: LogConfig = LogConfig()
    holidays: Holidays = Holidays()
    metrics_file: Path | None = None
    portal: PortalConfig = PortalConfig()
    umask: int = 0o027
    group: str | None = None
