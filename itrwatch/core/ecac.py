"""The steps in e-CAC for one case, and its index as the manual shows it (Manual, 2 and 4).

The juntada itself: https://www.gov.br/receitafederal/pt-br/assuntos/processos-digitais/juntada
"""

from __future__ import annotations

from dataclasses import dataclass

from itrwatch.core.manifest import Manifest
from itrwatch.core.sections import Section


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of the index: ``text`` is «NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 5)»; ``file`` the first PDF it is in."""

    section: Section
    text: str
    file: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the e-CAC form: ``value`` is exactly what to choose or type; ``copy``: worth a copy button."""

    label: str
    value: str
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step to tick: ``text`` is prose, ``fields`` what to choose and type, ``file`` the PDF it is about, or empty."""

    text: str
    fields: tuple[Field, ...] = ()
    file: str = ""


def case_index(manifest: Manifest) -> tuple[IndexLine, ...]:
    """The index of a published case in the order of the folhas; capa first, «CAPA (sem numeração)»."""
    raise NotImplementedError


def ecac_steps(manifest: Manifest) -> tuple[Step, ...]:
    """What to do in e-CAC, in order, one step for each file; nothing for a case that was not published."""
    raise NotImplementedError
