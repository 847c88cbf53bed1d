"""The section words of a case file and its two files; what the tutorial says of each stands in `manual.SECTIONS` and `manual.TYPES`."""

from __future__ import annotations

from enum import StrEnum

from itrwatch.core.manual import SECTIONS, TYPES


class Section(StrEnum):
    """A section word of the sidecar; the order of definition is the tutorial's order."""

    CAPA = "capa"
    NOTIFICACAO = "notificacao"
    CIENCIA = "ciencia"
    DITR = "ditr"
    TIF = "tif"
    TCIF = "tcif"
    IMPUGNACAO = "impugnacao"
    TERMO = "termo"

    @property
    def heading(self) -> str:
        """The section in words, for bookmarks, reports and messages."""
        return SECTIONS[self].heading

    @property
    def index_line(self) -> str:
        """The section as the tutorial's index writes it: ``DOCUMENTOS DE CIÊNCIA DA NL``."""
        return SECTIONS[self].index

    @property
    def file_kind(self) -> FileKind:
        """The file it goes to: the impugnação has its own, everything else is NOTI."""
        return FileKind(SECTIONS[self].file)

    @property
    def numbered(self) -> bool:
        """Whether its pages get folhas: all but the capa."""
        return SECTIONS[self].numbered


class FileKind(StrEnum):
    """The two files that e-CAC takes; the order of definition is the order of upload."""

    NOTI = "NOTI"
    IMPUGNA = "IMPUGNA"

    @property
    def document_type(self) -> str:
        """What to choose as “Tipo do Documento”."""
        return TYPES[self].name


REQUIRED = (Section.NOTIFICACAO,)
"""The sections without which there is no case; what else the tutorial expects is only reported."""
