"""The manual's worked example of numbering: the folhas of each section."""

from itrwatch.core.sections import Section

SPANS = {
    Section.NOTIFICACAO: (1, 5),
    Section.CIENCIA: (6, 7),
    Section.DITR: (8, 11),
    Section.TIF: (12, 23),
    Section.TCIF: (24, 49),
    Section.IMPUGNACAO: (50, 75),
    Section.TERMO: (76, 76),
}
