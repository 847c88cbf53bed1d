"""Opens a PDF strictly.

    open_document(Path("scan.pdf")) -> Document(pdf, pages=7, …), or `ScanError`

With recovery, qpdf opens a truncated PDF, reports the right number of pages and gives the lost ones no
contents; drawn, they are white, and white pages are removed. Therefore recovery is off, the end of the
file is checked, and any warning during the reading of objects marks the whole document as damaged. Only
a wrong cross-reference table is repaired, and only with proof that nothing is lost (`repair`).

The file is opened once per worker and read in parts. It is not memory-mapped (a scanner that truncates it
would cause SIGBUS), and not held in memory (a worker took 1 GB for a scan of 511 MB) except for the checks
and the repair of smaller files (`_MOST_SEARCHED`, `_MOST_MENDED`). After every page the identity of the file
is checked.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import weakref
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, StreamDecodeLevel

from itrwatch.core.text_matching import counted
from itrwatch.scans.pdf import repair
from itrwatch.scans.pdf.signature import signatures
from itrwatch.scans.pdf.streams import read
from itrwatch.scans.plain_file import at_rest, open_plain
from itrwatch.scans.remarks import collected
from itrwatch.scans.values import (
    AGAIN,
    MAX_DECODED_BYTES,
    MAX_OTHER_BYTES,
    MAX_PAGES,
    ScanError,
    cut_short,
    damaged,
    space_behind,
)

if TYPE_CHECKING:
    from pathlib import Path

WHAT = "O PDF"
_TAIL_BYTES = 2048
"""Bytes at the end in which the end mark must be. Chosen."""
_HEAD_BYTES = 1024
"""Bytes within which the header of a PDF must begin (Adobe's implementation note 13)."""
_MAX_ZEROS = 32
"""Zero bytes after the end mark that count as reserved space. Chosen."""
_MOST_MENDED = 128 << 20
"""The largest file that is repaired, bytes: repair needs three times as much memory. Chosen."""
_MOST_SEARCHED = 32 << 20
"""The largest file whose text is compared with its cross-reference table at every opening, bytes: it is in memory meanwhile. Chosen."""
_ATTACHED = (
    "O PDF traz arquivos anexados, que não vão para o e-CAC. Se algum faz parte do processo, abra-o, imprima em PDF e ponha "
    "o PDF impresso na pasta."
)
_PROTECTED = (
    "O PDF está protegido por senha. Digitalize de novo sem senha, "
    "ou abra-o com a senha, imprima em PDF e ponha o PDF impresso no lugar dele."
)
_OTHER_PROTECTION = (
    "O PDF está protegido por certificado digital, ou de outro modo que o itrwatch não conhece. "
    "Abra-o no programa em que ele abre, imprima em PDF e ponha o PDF impresso no lugar dele."
)
_PORTFOLIO = (
    "O PDF é um portfólio: os documentos estão dentro dele como anexos. "
    "Abra-o no Adobe Reader, salve cada documento como PDF comum e ponha-os na pasta."
)
_DYNAMIC_FORM = (
    "O PDF é um formulário dinâmico (XFA), que só o Adobe Reader mostra. "
    "Abra-o nele, imprima em PDF e ponha o PDF impresso no lugar dele."
)
_REPEATED = "O PDF mostra a mesma página mais de uma vez; ela foi contada a cada vez, como nos leitores de PDF."
_CYCLIC = (
    "A lista de páginas do PDF remete a si mesma. As páginas que o arquivo declara ({}) estão todas nele; "
    "confira se são todas as do papel."
)
_MENDED = (
    "O índice interno do PDF estava danificado e foi refeito. Nada falta: todas as páginas que o arquivo declara "
    "({}) estão nele, inteiras."
)
_DOUBTFUL = (
    "A soma de verificação de uma parte do PDF falta ou não confere: um campo preenchido ou uma página pode estar diferente. "
    "Compare as páginas com o papel; se não conferem, digitalize de novo."
)
_USED_TWICE = "appears more than once in the pages tree"
_WRONG_SIZE = "is not one plus the highest object number"
_TOO_MANY_ROWS = re.compile(r"Cross-reference stream data has the wrong size; expected = (\d+); actual = (\d+)")
_OFFSET_0 = "object has offset 0"
_NULL = re.compile(r"\(object (\d+) (\d+), offset \d+\): treating bad indirect reference \(0 0 R\) as null")
_ENCRYPTION = "unsupported encryption"
_NO_ZLIB_END = "input stream is complete but output may still be valid"
_HARMLESS = (
    "Resources is missing",
    "MediaBox is undefined",
    "/Type key should be",
    _WRONG_SIZE,
    _OFFSET_0,
    "xref entry for the xref stream itself is missing",
    "dictionary has duplicated key",
    "invalid /ID in trailer dictionary",
    "setting missing or invalid /Type entry to /Catalog",
    _NO_ZLIB_END,
    _USED_TWICE,
)
"""Warnings that do not indicate lost content: missing entries that pages do not need; a wrong count of objects, or an entry for an
object that does not exist (both checked by `_judge_hidden`); a cross-reference stream without an entry for itself; a duplicated key
(the last one counts, in pdfium too); a cross-reference stream whose zlib data lacks its end but has all entries (qpdf counts them;
`_judge_packed` checks object streams); a wrong or missing /Type (`repair.judge_tree` checks that it is a page); an invalid identifier; a page shown more than once."""

pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MAX_OTHER_BYTES,  # object streams and tables; `streams` sets its own limit for images
    run_length_max_memory=MAX_DECODED_BYTES,
    png_max_memory=MAX_DECODED_BYTES,
    tiff_max_memory=MAX_DECODED_BYTES,
    dct_max_memory=0,  # no limit: qpdf refuses JPEGs of a twentieth of it (18 Mpx in colour); `jpeg` checks the size
    dct_max_progressive_scans=50,  # Chosen: encoders write about ten.
)


def _harmless(warning: str) -> bool:
    return any(harmless in warning for harmless in _HARMLESS) or _too_many_rows(warning)


def _without_area(rect: Any) -> bool:
    if not isinstance(rect, Array) or len(rect) != 4:
        return False
    return bool(rect[0] == rect[2] and rect[1] == rect[3])


def _too_many_rows(warning: str) -> bool:
    """Whether a cross-reference stream has more entries than declared, as opposed to fewer."""
    sizes = _TOO_MANY_ROWS.search(warning)
    return sizes is not None and int(sizes[1]) < int(sizes[2])


State = tuple[int, int, int]
"""Size in bytes, time of the last change (ns) and inode of a file, compared to detect changes."""


@dataclass(slots=True, weakref_slot=True)
class Document:
    """An open PDF. ``file``: the file on disk; ``source``: where it is read from, the file or a repaired copy in memory."""

    file: BinaryIO
    pdf: pikepdf.Pdf
    opened_as: State
    source: BinaryIO
    pages: int = 0
    drawing: Any = None
    """The same document, opened by pdfium."""
    mended: bool = False
    repeated: bool = False
    """Whether a page is in the page tree more than once."""
    cyclic: bool = False
    """Whether its page tree leads back to itself; that node was left out."""
    wrong_table: bool = False
    """Whether its cross-reference table declares objects that do not exist, or fewer than exist."""
    doubtful: bool = False
    """Whether an object stream has a wrong checksum, so that any object in it may have changed."""
    stale: bool = False
    """Whether ``pdf`` was changed after ``drawing`` was made (`redraw`)."""
    _warned: list[str] = field(default_factory=list)

    def _stumbled(self) -> bool:
        said = [str(warning) for warning in self.pdf.get_warnings()]
        self.repeated |= any(_USED_TWICE in one for one in said)
        self.wrong_table |= any(_WRONG_SIZE in one or _OFFSET_0 in one or _too_many_rows(one) for one in said)
        self._warned += [one for one in said if not (_harmless(one) or self._of_nothing_seen(one))]
        return bool(self._warned)

    def _of_nothing_seen(self, warning: str) -> bool:
        """Whether ``warning`` is about a reference to object 0 in an annotation without area, as signing services write for “no appearance”.

        Elsewhere it is damage: one turned bit makes “0 0 R” of “4 0 R”.
        """
        found = _NULL.search(warning)
        source = self.pdf.get_object(int(found[1]), int(found[2])) if found else None
        return isinstance(source, Dictionary) and _without_area(source.get(Name.Rect))

    def check(self, page: int | None) -> None:
        """Raise `ScanError` if the file changed, or if qpdf has warned of damage on any page so far.

        qpdf warns once about a broken object and returns null for it from then on.
        """
        if _state(os.fstat(self.file.fileno())) != self.opened_as:
            raise cut_short(WHAT)
        if self._stumbled():
            raise damaged(WHAT, page=page)

    def redraw(self) -> None:
        """Open the corrected ``pdf`` in pdfium again."""
        buffer = io.BytesIO()
        self.pdf.save(buffer, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
        self.drawing.close()
        self.drawing = _second_opinion(buffer, self.pages, self.pdf)
        self.stale = False

    def raw(self, offset: int, end: bytes) -> bytes:
        """The bytes from ``offset``, relative to the PDF header, up to but not including ``end``."""
        self.source.seek(0)
        # Offsets count from “%PDF-”; mail programs may leave lines before it.
        self.source.seek(max(0, self.source.read(_HEAD_BYTES).find(b"%PDF-")) + offset)
        found = b""
        while end not in found and (more := self.source.read(_HEAD_BYTES)):
            found += more
        return found[: found.find(end)]

    def page(self, number: int) -> pikepdf.Page:
        """Page ``number``, from 1."""
        if not 1 <= number <= self.pages:
            raise ScanError(
                f"O PDF tem {counted(self.pages, 'página', 'páginas')}; a página {number} não existe.", page=number
            )
        return self.pdf.pages[number - 1]


def open_document(path: Path) -> Document:
    """The PDF at ``path``; the document opened last is reused if the file has not changed. Raises `ScanError`."""
    return _open(path, _state(path.stat()))


def open_mended(path: Path) -> Document | None:
    """The repaired PDF at ``path``, for damage found only while objects are read; None if completeness cannot be proven."""
    try:
        return _open_mended(path, _state(path.stat()))
    except ScanError:
        return None


def _state(status: os.stat_result) -> State:
    return status.st_size, status.st_mtime_ns, status.st_ino


def about_document(document: Document) -> tuple[str, ...]:
    """The remarks about the whole document: repairs, repeated pages, attachments, signatures."""
    remarks: tuple[str, ...] = (_MENDED.format(document.pages),) if document.mended else ()
    remarks += (_REPEATED,) if document.repeated else ()
    remarks += (_CYCLIC.format(document.pages),) if document.cyclic else ()
    remarks += (_DOUBTFUL,) if document.doubtful else ()
    attached = (_ATTACHED,) if _has_attachments(document.pdf) else ()
    return (*remarks, *attached, *signatures(document.pdf))


def _has_attachments(pdf: pikepdf.Pdf) -> bool:
    """Whether files are attached; they are not counted, because a malicious tree may be endless."""
    names = pdf.Root.get(Name.Names)
    return isinstance(names, Dictionary) and Name.EmbeddedFiles in names


@lru_cache(maxsize=1)
def _open(path: Path, state: State) -> Document:  # the state is in the cache key: a changed file is opened again
    file = open_plain(path)
    try:
        return _opened(file, state)
    except BaseException:
        file.close()
        raise


@lru_cache(maxsize=1)
def _open_mended(path: Path, state: State) -> Document:
    file = open_plain(path)
    try:
        if state[0] > _MOST_MENDED:
            raise damaged(WHAT)
        return _read_mended(file, state, even_if_whole=True)
    except BaseException:
        file.close()
        raise


def _opened(file: BinaryIO, state: State) -> Document:
    if _state(os.fstat(file.fileno())) != state:
        raise cut_short(WHAT)
    try:
        _judge_end(file, state[0])
        return _read(file, state, file)
    except ScanError as wrong:
        if not wrong.damage or state[0] > _MOST_MENDED:
            raise
        return _read_mended(file, state)


def _read_mended(file: BinaryIO, state: State, *, even_if_whole: bool = False) -> Document:
    """The document without appended bytes, or else with a new cross-reference table; raises `ScanError` if neither is possible."""
    file.seek(0)
    data = file.read()
    whole = _to_the_end(data, resting=at_rest(file))
    if len(whole) < len(data) and not even_if_whole:
        with contextlib.suppress(ScanError):
            return _read(file, state, io.BytesIO(whole))
    try:
        with collected() as remarks:  # about the object streams, which the repaired file does not have any more
            mended = repair.mended(whole)
    except pikepdf.PasswordError as wrong:
        raise ScanError(_PROTECTED) from wrong
    if mended is None:
        _judge_end(file, state[0])  # raises the more specific error for a truncated file
        raise damaged(WHAT)
    document = _read(file, state, io.BytesIO(mended))
    document.mended = True
    document.doubtful |= bool(remarks)
    return document


def _read(file: BinaryIO, state: State, source: BinaryIO) -> Document:
    """Open and check the document in ``source``; raises `ScanError`."""
    try:
        pdf = pikepdf.open(
            source,
            attempt_recovery=False,
            suppress_warnings=True,
            inherit_page_attributes=False,  # `inherited` finds them; `judge_tree` must run first
            access_mode=pikepdf.AccessMode.stream,
        )
        document = Document(file, pdf, state, source)
        _judge_catalogue(pdf)
        document.stale, document.cyclic = repair.judge_tree(pdf)
        document.pages = len(pdf.pages)
        _judge_count(pdf, document.pages)
    except pikepdf.PasswordError as wrong:
        raise ScanError(_PROTECTED) from wrong
    except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, MemoryError) as wrong:
        raise (ScanError(_OTHER_PROTECTION) if _ENCRYPTION in str(wrong) else damaged(WHAT)) from wrong
    document.check(None)
    if document.wrong_table:
        _judge_hidden(source, pdf)
    _judge_lost(source, pdf)
    document.doubtful = _judge_packed(pdf)
    if document.pages == 0:
        raise ScanError(f"O PDF não tem nenhuma página. {AGAIN}")
    if document.pages > MAX_PAGES:
        raise ScanError(f"O PDF declara páginas demais ({document.pages}). {AGAIN}")
    document.drawing = _second_opinion(source, document.pages, pdf)
    if document.stale:
        document.redraw()
    document.check(None)
    weakref.finalize(document, file.close)
    return document


def _judge_hidden(source: BinaryIO, pdf: pikepdf.Pdf) -> None:
    """Raise `ScanError` if a wrong cross-reference table lacks objects that the file has; otherwise it is harmless."""
    source.seek(0)
    data = source.read(_MOST_MENDED + 1)
    if len(data) > _MOST_MENDED or _lost(data, pdf):
        raise damaged(WHAT)


def _judge_lost(source: BinaryIO, pdf: pikepdf.Pdf) -> None:
    """Raise `ScanError` for an object that is referenced and in the file but not in the table; files over `_MOST_SEARCHED` are not checked."""
    source.seek(0)
    data = source.read(_MOST_SEARCHED + 1)
    if len(data) <= _MOST_SEARCHED and repair.of_one_piece(data) and _lost(data, pdf):
        raise damaged(WHAT)


def _lost(data: bytes, pdf: pikepdf.Pdf) -> bool:
    try:
        return repair.lost(data, pdf)
    except (
        pikepdf.PikepdfError,
        ValueError,
        TypeError,
        AttributeError,
    ) as wrong:  # of object streams; `StreamError` is a ValueError
        raise damaged(WHAT) from wrong


def _judge_packed(pdf: pikepdf.Pdf) -> bool:
    """Whether the checksum of an object stream is wrong, which qpdf does not check; raises `ScanError` for one that is not complete."""
    streams = {entry.obj_stream_number for entry in pdf.get_xref_table().values() if entry.obj_stream_number}
    try:
        with collected() as remarks:
            for number in sorted(streams):
                read(pdf.get_object((number, 0)))
    except (pikepdf.PikepdfError, ValueError, AttributeError) as wrong:
        raise damaged(WHAT) from wrong
    return bool(remarks)


def _judge_count(pdf: pikepdf.Pdf, pages: int) -> None:
    """Raise `ScanError` if the declared number of pages differs from the real one; qpdf does not compare them."""
    declared = pdf.Root.get(Name.Pages, Dictionary()).get(Name.Count)
    if declared != pages:
        says = f"declara ter {declared}" if isinstance(declared, int) else "não diz quantas páginas tem"
        raise ScanError(
            f"O PDF {says} e tem {counted(pages, 'página', 'páginas')}: está danificado ou incompleto. {AGAIN}"
        )


def _second_opinion(source: BinaryIO, pages: int, pdf: pikepdf.Pdf) -> pdfium.PdfDocument:
    """The PDF opened by pdfium, which must have the same number of pages: qpdf omits missing ones without a warning.

    qpdf, poppler and Ghostscript open a file whose author's password is empty, whatever the reader's is; pdfium does not, and gets it
    without its encryption.
    """
    try:
        drawing = pdfium.PdfDocument(_for_pdfium(source))
    except pdfium.PdfiumError as wrong:
        if pdfium.raw.FPDF_GetLastError() != pdfium.raw.FPDF_ERR_PASSWORD:
            raise damaged(WHAT) from wrong
        buffer = io.BytesIO()
        try:
            pdf.save(buffer, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
            drawing = pdfium.PdfDocument(buffer.getvalue())
        except (pdfium.PdfiumError, pikepdf.PikepdfError, RuntimeError):
            raise damaged(WHAT) from wrong
    if len(drawing) != pages:
        raise damaged(WHAT)
    drawing.init_forms()
    return drawing


def _for_pdfium(source: BinaryIO) -> Any:
    """The bytes, or the open file by its descriptor number; its name may belong to another file by now.

    The raw function of pdfium is called because pypdfium2 resolves the path to the name. Raises `pdfium.PdfiumError`.
    """
    if isinstance(source, io.BytesIO):
        return source.getvalue()
    opened = pdfium.raw.FPDF_LoadDocument(f"/proc/self/fd/{source.fileno()}".encode(), None)
    if not opened:
        raise pdfium.PdfiumError("not loaded")
    return opened


def _judge_end(file: BinaryIO, size: int) -> None:
    """Raise `ScanError` unless the file ends with the offset of its cross-reference table and %%EOF."""
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    if b"%%EOF" not in tail:
        raise cut_short(WHAT)
    # Each earlier revision ends with %%EOF too: neither the beginning of a later one nor space reserved for it may follow.
    rest = tail[tail.rindex(b"%%EOF") :]
    if b"obj" in rest or b"xref" in rest or bytes(_MAX_ZEROS) in rest:
        raise cut_short(WHAT)
    # The last startxref belongs to the current revision; an offset beyond the end means that the table is missing.
    starts = re.findall(rb"startxref\s+(\d{1,20})", tail)
    if not starts or int(starts[-1]) >= size:
        raise cut_short(WHAT)


def _to_the_end(data: bytes, *, resting: bool) -> bytes:
    """``data`` up to its %%EOF, without bytes appended by a web server or a mail program.

    Zeros after it may be space reserved by a copy in progress, unless the file is ``resting``. Raises `ScanError`.
    """
    # The last %%EOF: every revision ends with its own.
    end = data.rfind(b"%%EOF")
    rest = data[end:]
    if end < 0 or b"obj" in rest or b"xref" in rest:
        raise cut_short(WHAT)
    nothing_more = not rest[len(b"%%EOF") :].strip(b"\0\r\n ")
    if bytes(_MAX_ZEROS) in rest:
        if not nothing_more:
            raise cut_short(WHAT)
        if not resting:
            raise space_behind(WHAT)
        return data[: end + len(b"%%EOF")]
    return data[: end + len(b"%%EOF")] if len(rest) > _TAIL_BYTES else data


def _judge_catalogue(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    if Name.Collection in root:
        raise ScanError(_PORTFOLIO)
    form = root.get(Name.AcroForm)
    if form is not None and Name.XFA in form:
        # A dynamic form has one placeholder page, “Please wait…”; its fields exist only in XML.
        fields = form.get(Name.Fields)
        if bool(root.get(Name.NeedsRendering, False)) or fields is None or len(fields) == 0:
            raise ScanError(_DYNAMIC_FORM)
