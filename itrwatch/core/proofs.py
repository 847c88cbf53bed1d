"""Papers that e-CAC gives back: the receipt of a juntada and the Termo de Análise, known by their names."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Proof(StrEnum):
    """What a file proves; the value is for people."""

    RECIBO = "recibo da juntada"
    TERMO_ANALISE = "Termo de Análise"


def proof_of(name: str) -> Proof | None:
    """What ``recibo*.pdf`` and ``termo*analise*.pdf`` are, in any case and with or without accents; else None."""
    raise NotImplementedError


def find_proofs(names: Iterable[str], sidecar_text: str) -> tuple[tuple[str, Proof], ...]:
    """The proofs among the files of a case that its sidecar does not speak of, by name."""
    raise NotImplementedError
