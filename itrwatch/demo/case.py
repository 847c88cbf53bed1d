"""Draws the sample case of the demonstration: scans and sidecar.

draw_sample_case(Path("13153.720210-2019-34")) -> (SamplePage("capa.pdf", 1, Section.CAPA, PageKind.CAPA), …)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from itrwatch.core.pages import Reason, Turn
from itrwatch.core.sections import Section
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import bilevel_of, write_jpeg, write_pdf, write_tiff

DPI = 300
SIDECAR = "processo.yaml"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A scanned page with its expected results; ``removed``: the expected reason of removal, ``turn``: degrees clockwise to upright."""

    file: str
    page: int
    section: Section
    kind: PageKind
    removed: Reason | None = None
    turn: Turn = 0


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page to draw: its kind, its rotation on the scanner, and the kind of the page before if that is the front of its sheet."""

    kind: PageKind
    lies: int = 0  # degrees clockwise away from upright
    back: PageKind | None = None

    @property
    def removed(self) -> Reason | None:
        return {PageKind.BLANK: Reason.BLANK, PageKind.BLANK_STAMP: Reason.BLANK_STAMP}.get(self.kind)


_FILES: dict[str, list[tuple[Section, list[_Drawn]]]] = {
    "capa.pdf": [(Section.CAPA, [_Drawn(PageKind.CAPA)])],
    "scan 001.pdf": [
        (
            Section.NOTIFICACAO,
            [
                _Drawn(PageKind.NOTIFICATION),
                _Drawn(PageKind.BLANK, back=PageKind.NOTIFICATION),
                _Drawn(PageKind.LETTER),
                _Drawn(PageKind.SIGNED),
            ],
        ),
        (Section.CIENCIA, [_Drawn(PageKind.AR_CARD), _Drawn(PageKind.LETTER)]),
        (Section.DITR, [_Drawn(PageKind.FORM), _Drawn(PageKind.FORM, lies=90), _Drawn(PageKind.BLANK_STAMP)]),
        (
            Section.TCIF,
            [
                _Drawn(PageKind.STAMPED),
                _Drawn(PageKind.PHOTO),
                _Drawn(PageKind.SHEET_NUMBER),
                _Drawn(PageKind.FAINT_PENCIL),
            ],
        ),
    ],
    "tif.tif": [(Section.TIF, [_Drawn(PageKind.LETTER), _Drawn(PageKind.LETTER), _Drawn(PageKind.BLANK)])],
    "impugnacao.pdf": [
        (
            Section.IMPUGNACAO,
            [
                _Drawn(PageKind.STAMPED),
                _Drawn(PageKind.PETITION),
                _Drawn(PageKind.PETITION, lies=180),
                _Drawn(PageKind.BLANK),
                _Drawn(PageKind.LONE_STAMP),
            ],
        )
    ],
    "termo.jpg": [(Section.TERMO, [_Drawn(PageKind.TERMO)])],
}

_SIDECAR = """\
# O que é cada página. Conte as páginas a partir de 1, em cada arquivo.
secoes:
  - capa: capa.pdf
  - notificacao: scan 001.pdf 1-4
  - ciencia: scan 001.pdf 5-6
  - ditr: scan 001.pdf 7-9
  - tcif: scan 001.pdf 10-13        # a ordem não importa: o itrwatch põe na do manual
  - tif: tif.tif
  - impugnacao: impugnacao.pdf
  - termo: termo.jpg

contribuinte: Fazenda Boa Vista Ltda
ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}
impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}
"""


def draw_sample_case(folder: Path, seed: int = 0, progress: Progress | None = None) -> tuple[SamplePage, ...]:
    """Write the sample case to ``folder`` as office scanners do; returns the expected results of all pages.

    PDFs of a colour scanner (JPEG, 300 dpi), a TIFF of a fax, a JPEG of a flatbed scanner. ``progress``: called with
    the number of pages drawn and the total.
    """
    truth: list[SamplePage] = []
    total = sum(len(pages) for sections in _FILES.values() for _, pages in sections)
    for file, sections in _FILES.items():
        pictures: list[Image.Image] = []
        for section, pages in sections:
            for drawn in pages:
                number = len(pictures) + 1
                pictures.append(_scanned(drawn, seed * 1000 + len(truth), fax=file.endswith(".tif")))
                turn: Turn = (360 - drawn.lies) % 360  # type: ignore[assignment]
                truth.append(SamplePage(file, number, section, drawn.kind, drawn.removed, turn))
                if progress:
                    progress(len(truth), total)
        _write(folder / file, pictures)
    _write_sidecar(folder, _SIDECAR)
    return tuple(truth)


def _scanned(drawn: _Drawn, seed: int, *, fax: bool) -> Image.Image:
    page = draw(drawn.kind, seed, DPI)
    if fax:  # bilevel: only the darkest dust remains of paper texture and grain
        return bilevel_of(scan(page, seed, DPI))
    # The page before is the front of the sheet: the same drawing shows through.
    back = draw(drawn.back, seed - 1, DPI) if drawn.back else None
    image = scan(
        page,
        seed,
        DPI,
        back=back,
        show_through=0.035,
        holes=seed % 3 == 0,
        scanner_edge=seed % 5 == 4,
        skew=((seed % 7) - 3) * 0.1,
    )
    return image.rotate(-drawn.lies, expand=True)


def _write(path: Path, pictures: list[Image.Image]) -> None:
    if path.suffix == ".tif":
        write_tiff(path, pictures, DPI)
    elif path.suffix == ".jpg":
        write_jpeg(path, pictures[0], DPI)
    else:
        write_pdf(path, pictures, DPI)


def _write_sidecar(folder: Path, text: str) -> None:
    # Line ends as written by Notepad.
    (folder / SIDECAR).write_bytes(text.replace("\n", "\r\n").encode("utf-8"))
