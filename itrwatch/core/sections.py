"""The sections of a case file, in the order of the manual.

Manual “Entregar processo de ITR via e-CAC”, 2 “Ordem do processo”.
"""

from __future__ import annotations

from enum import StrEnum


class Section(StrEnum):
    """A section word of the sidecar; the order of definition is the manual's order."""

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
        """The section as the manual writes it, for bookmarks, reports and messages."""
        return _HEADINGS[self]

    @property
    def file_kind(self) -> FileKind:
        """The file it goes to: the impugnação has its own, everything else is NOTI."""
        return FileKind.IMPUGNA if self is Section.IMPUGNACAO else FileKind.NOTI

    @property
    def numbered(self) -> bool:
        """Whether its pages get folhas: all but the capa (Manual, 2 “Capa”)."""
        return self is not Section.CAPA


class FileKind(StrEnum):
    """The two files that e-CAC takes; the order of definition is the order of upload."""

    NOTI = "NOTI"
    IMPUGNA = "IMPUGNA"

    @property
    def document_type(self) -> str:
        """What to choose as “Tipo do Documento” (Manual, 4)."""
        return "NOTIFICAÇÃO DE LANÇAMENTO" if self is FileKind.NOTI else "IMPUGNAÇÃO"


_HEADINGS = {
    Section.CAPA: "Capa",
    Section.NOTIFICACAO: "Notificação de Lançamento",
    Section.CIENCIA: "Ciência da Notificação de Lançamento",
    Section.DITR: "DITR",
    Section.TIF: "Termo de Intimação Fiscal",
    Section.TCIF: "Termo de Constatação e Intimação Fiscal",
    Section.IMPUGNACAO: "Impugnação",
    Section.TERMO: "Termo de Encaminhamento",
}

REQUIRED = (Section.NOTIFICACAO,)
"""The sections without which there is no case; what else the manual expects is only told."""
