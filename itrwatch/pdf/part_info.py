"""Document information of a part, and an upper bound of its size; independent of the writer and its libraries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from itrwatch.core.encoded_page import EncodedPage

_FIXED_BYTES, _BOOKMARK_BYTES, _PAGE_BYTES, _LAYER_BYTES = 7168, 256, 512, 256
"""Upper bounds, bytes. Measured (`tests/pdf/test_writing.py` checks the sums), at most: 6 880 (4 250 with "Fls. {n}"; the font grows with the
letters of the stamp), 190, 420, 235."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
"""Characters that XML does not allow or a title bar does not show."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """``title`` in Portuguese ("Notificação de Lançamento (folhas 1 a 5)"), ``page_index`` in the part, from 0."""

    title: str
    page_index: int


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """The document information of a part, in Portuguese.

    ``title``: the title of the window; ``processo``: the number in its usual notation; ``sections``: the titles of the
    bookmarks; ``keywords``: further search terms.
    """

    title: str
    processo: str
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    def fields(self) -> dict[str, str]:
        """Title, subject and keywords on one line each, without control characters."""
        entries = {
            "title": self.title,
            "subject": f"Processo {self.processo}",
            "keywords": "; ".join((*self.sections, *self.keywords)),
        }
        return {name: " ".join(_CONTROLS.sub(" ", text).split()) for name, text in entries.items()}


def page_bytes(sheet: EncodedPage) -> int:
    """Upper bound of the bytes that ``sheet`` adds to a file, for dividing."""
    return _PAGE_BYTES + sum(_LAYER_BYTES + len(layer.data) for layer in sheet.layers)


def fixed_bytes(bookmarks: int, info: DocumentInfo) -> int:
    """Upper bound of the size of a part with this number of ``bookmarks``, without its pages."""
    return _FIXED_BYTES + _BOOKMARK_BYTES * bookmarks + sum(map(_text_bytes, info.fields().values()))


def _text_bytes(text: str) -> int:
    """Upper bound of the bytes of ``text``: UTF-16 in hexadecimal in the document information, and UTF-8 with entities in the XMP."""
    return 2 * len(text.encode("utf-16-be")) + len(escape(text, quote=False).encode("utf-8"))
