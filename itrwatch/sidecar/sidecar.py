"""The sidecar ``processo.yaml``: the fiscal's description of a case, read into values.

    read_sidecar(node, "processo.yaml") -> SidecarRead(sidecar, findings, draft)

Faults are not raised: all are collected, each with its place and correction. Only entries that cannot
be carried out are errors; an unambiguous variant is accepted with a reminder of the usual notation.
"""

from __future__ import annotations

from collections.abc import Sequence as Several
from dataclasses import dataclass

from itrwatch.core.case_description import Complement, Numeracao, Sidecar
from itrwatch.core.complement import FIRST
from itrwatch.core.excerpts import DELETE
from itrwatch.core.filenames import SCAN_SUFFIXES
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.findings import Finding
from itrwatch.core.text_matching import cited, match
from itrwatch.core.tree import Mapping, Node, Scalar, Sequence, is_empty
from itrwatch.sidecar.andamento import read_andamento
from itrwatch.sidecar.events import read_ciencia, read_impugnacao
from itrwatch.sidecar.keys import CIENCIA, IMPUGNACAO, LONG, SIDECAR
from itrwatch.sidecar.reading import count_of, keyed, text_of, word_of
from itrwatch.sidecar.sections import SECTION_WORDS, read_sections
from itrwatch.sidecar.sources import split_source

_NUMBERS = {2: "dois", 4: "quatro", 6: "seis"}
KEYS = SIDECAR.words
"""The words of the first level."""


_NOTHING = Sidecar(())


@dataclass(frozen=True, slots=True)
class SidecarRead:
    """``sidecar`` is None exactly when ``findings`` hold an error.

    ``readable``: the readable part, with or without errors, so that faults in its content are reported together with
    those of the notation.
    """

    sidecar: Sidecar | None
    findings: tuple[Finding, ...]
    readable: Sidecar = _NOTHING


def read_sidecar(tree: Node, file_name: str, lines: Several[str] = ()) -> SidecarRead:
    """The sidecar in ``tree`` and all findings about it, from top to bottom.

    With the ``lines`` of the file, each finding quotes its line. The findings of the YAML reader are not repeated
    here; its errors prevent publication as well.
    """
    collector = FindingCollector(file_name, lines)
    if isinstance(tree, Scalar):
        said = f"não entendi {cited(tree.text)}"
        collector.error(
            tree.place, f"{said}; o arquivo deve ter a linha “secoes:” e, abaixo dela, a lista dos arquivos"
        )
        return SidecarRead(None, collector.findings())
    sidecar = _sidecar(_fields(tree, collector), collector)
    return SidecarRead(None if collector.failed() else sidecar, collector.findings(), sidecar)


def _sidecar(fields: dict[str, tuple[Scalar, Node]], collector: FindingCollector) -> Sidecar:
    numeracao = word_of(fields.get("numeracao"), tuple(Numeracao), collector)
    return Sidecar(
        sections=read_sections(fields.get("secoes"), collector, complement="complemento" in fields),
        processo=text_of(fields.get("processo"), collector),
        contribuinte=text_of(fields.get("contribuinte"), collector),
        exercicio=text_of(fields.get("exercicio"), collector),
        nirf=text_of(fields.get("nirf"), collector),
        ciencia=read_ciencia(fields.get("ciencia"), collector),
        impugnacao=read_impugnacao(fields.get("impugnacao"), collector),
        numeracao=Numeracao(numeracao) if numeracao else Numeracao.SEQUENCIAL,
        numeracao_written=numeracao is not None,
        andamento=read_andamento(fields["andamento"][1], collector.file_name) if "andamento" in fields else None,
        complemento=_complement(fields, collector),
    )


def _complement(fields: dict[str, tuple[Scalar, Node]], collector: FindingCollector) -> Complement | None:
    """The complement from ``complemento: 2`` and ``primeira_folha: 77``; the second key requires the first."""
    juntada = count_of(fields.get("complemento"), "o número da juntada, por exemplo “complemento: 2”", collector)
    first = count_of(fields.get("primeira_folha"), "um número, por exemplo “primeira_folha: 77”", collector)
    if "complemento" not in fields:
        if first:
            message = "“primeira_folha” vale só num complemento; acrescente a linha “complemento: 2”, ou apague esta"
            collector.error(fields["primeira_folha"][0].place, message, fix=DELETE)
        return None
    place = fields["complemento"][0].place
    if juntada and juntada.number < FIRST:
        message = (
            "a primeira juntada não é complemento: é o próprio processo; escreva “complemento: 2”, ou apague a linha"
        )
        collector.error(juntada.place, message, fix=(juntada.text, str(FIRST)))
    if juntada is None and is_empty(fields["complemento"][1]):
        collector.error(
            place, "falta o número da juntada; escreva “complemento: 2”", fix=("complemento:", "complemento: 2")
        )
    return Complement(juntada.number if juntada else FIRST, first.number if first else None, place)


def _fields(tree: Mapping | Sequence, collector: FindingCollector) -> dict[str, tuple[Scalar, Node]]:
    """The pairs of the first level by word; a list or section outside ``secoes`` is reported as such."""
    if isinstance(tree, Sequence):
        # YAML permits an unindented list directly below its key.
        message = "falta a linha “secoes:” acima da lista; acrescente-a como primeira linha do arquivo"
        collector.error(tree.place, message, fix=collector.below("secoes:", tree.place))
        return {"secoes": (Scalar("secoes", tree.place), tree)}
    pairs: list[tuple[Scalar, Node]] = []
    outside: list[Mapping] = []
    dash: int | None = None  # column of the dashes of the list directly above
    for key, value in tree.pairs:
        if match(key.text, SECTION_WORDS) and (not match(key.text, KEYS) or _is_scan(value)):
            if not outside and not any(match(other.text, KEYS) == "secoes" for other, _ in tree.pairs):
                message = "falta a linha “secoes:” acima das seções; acrescente-a antes desta linha"
                collector.error(key.place, message, fix=collector.below("secoes:\n  - ", key.place))
                dash = 2
            else:
                _note_outside(key, dash, collector)
            outside.append(Mapping(((key, value),), key.place))
            continue
        dash = value.place.column - 1 if match(key.text, KEYS) == "secoes" and isinstance(value, Sequence) else None
        if (inside := _inside(key.text)) and not match(key.text, KEYS):
            spaces = collector.inner(key.place, inside[1])
            said = f"{cited(key.text)} faz parte {inside[0]}"
            message = f"{said}; ponha {_NUMBERS.get(spaces, str(spaces))} espaços no começo desta linha"
            collector.error(key.place, message, fix=(key.text, " " * spaces + key.text))
        else:
            pairs.append((key, value))
    fields = keyed(pairs, KEYS, collector)
    if outside and "secoes" not in fields:
        first = outside[0].place
        fields["secoes"] = Scalar("secoes", first), Sequence(tuple(outside), first)
    return fields


def _note_outside(key: Scalar, dash: int | None, collector: FindingCollector) -> None:
    """Notes a section word without indentation: directly below the list the remedy is to indent it, elsewhere to move it."""
    said = f"{cited(key.text)} é uma seção"
    message = f"{said}; passe esta linha para dentro de “secoes”, com dois espaços e um traço na frente"
    collector.error(key.place, message, fix="" if dash is None else (key.text, f"{' ' * dash}- {key.text}"))


def _is_scan(value: Node) -> bool:
    """Whether ``ciencia`` or ``impugnacao`` at the first level names a scan instead of describing the event."""
    return isinstance(value, Scalar) and split_source(value.text)[0].casefold().endswith(SCAN_SUFFIXES)


def _inside(word: str) -> tuple[str, int] | None:
    """The block to which an unindented word belongs, and its indentation; None for other words."""
    if match(word, (*CIENCIA.words, *IMPUGNACAO.words)):
        return "de “ciencia” ou de “impugnacao”", 2
    return ("de um item de “secoes”", 4) if match(word, LONG.words) else None
