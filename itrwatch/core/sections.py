"""The sections of a case and the two files for e-CAC; `manual.SECTIONS` and `manual.TYPES` have the tutorial's data on each."""

from __future__ import annotations

from enum import StrEnum

from itrwatch.core.manual import SECTIONS, TYPES


class Section(StrEnum):
    """A section by its word in the sidecar; the order of definition is the tutorial's order."""

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
        """The section in the form of the tutorial's index: ``DOCUMENTOS DE CIÊNCIA DA NL``."""
        return SECTIONS[self].index

    @property
    def file_kind(self) -> FileKind:
        """The file of the section: IMPUGNA for the impugnação, NOTI for all others."""
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
        """The value of “Tipo do Documento”."""
        return TYPES[self].name


REQUIRED = (Section.NOTIFICACAO,)
"""The sections that a case must have; other expected sections only cause a warning."""
