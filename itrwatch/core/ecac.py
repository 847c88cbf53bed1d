"""The steps in e-CAC for one case by phase, its index in the tutorial's form, and names and titles of the PDFs.

    ecac_steps(manifest, portal) -> {Phase.REQUEST: (Step(…), …), …}

`manual` has the sentences and the portal's nouns; this module selects the paragraphs of each list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from itrwatch.core.complement import next_folder, next_lines
from itrwatch.core.manifest import FileEntry, Manifest
from itrwatch.core.manual import PART_TITLE, TEAM, TYPES, UNNUMBERED_CAPA, Filter, Paragraph, Screen
from itrwatch.core.sections import FileKind, Section
from itrwatch.core.settings import PortalConfig

P = Paragraph
UNKNOWN_CHOICE = "escolha na tela (o manual mostra este valor só em imagem)"
LINES_REQUESTED = "andamento:\n  - requerimento: DIA/MÊS/ANO"
LINES_AVAILABLE = "  - disponibilizado: DIA/MÊS/ANO"
LINES_ATTACHED = "andamento:\n  - juntada: {data: DIA/MÊS/ANO, protocolo: NÚMERO}"
LINES_ACCEPTED = "  - aceita: DIA/MÊS/ANO"
LINES_REJECTED = "  - rejeitada: {data: DIA/MÊS/ANO, motivo: MOTIVO DA RECEITA}"
"""Lines for the fiscal to copy into the sidecar; the step says to leave out ``andamento:`` if it is there already."""
_APPEND = "se já há nele um “andamento”, acrescente só a segunda linha. Isso não refaz os PDFs."


_COMPLEMENT = (
    "Isto é um complemento: só o que é novo vai para o processo digital, que já existe; a disponibilização não é solicitada de novo. O "
    "manual não trata do complemento: os tipos e os nomes são os mesmos da primeira juntada."
)


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of the index: ``text`` is “NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 5)”.

    ``places``: each PDF that contains the section, with the section's first page in it.
    """

    section: Section
    text: str
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the e-CAC form and what to choose or type in it; ``copy``: ``value`` is that text exactly, shown with a copy button."""

    label: str
    value: str
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step to tick: ``text`` is prose, ``fields`` are the values to enter, ``file`` is the PDF concerned, or empty."""

    text: str
    fields: tuple[Field, ...] = ()
    file: str = ""


class Phase(StrEnum):
    """The phases on the portal, in the order of the tutorial; the value is an anchor of the report."""

    REQUEST = "solicitar"
    ATTACH = "juntar"
    RESULT = "consultar"
    FOLLOW_UP = "acompanhar"

    @property
    def heading(self) -> str:
        """The heading of the phase in the report."""
        return _HEADINGS[self]


_HEADINGS = {
    Phase.REQUEST: P.FASE_SOLICITAR.says,
    Phase.ATTACH: P.FASE_JUNTAR.says,
    Phase.RESULT: P.CONSULTAR.says,
    Phase.FOLLOW_UP: "Acompanhe os processos pendentes de análise",
}


def file_name(kind: FileKind, part: int, parts: int) -> str:
    """``part`` counts from 1: NOTI.pdf, NOTI2.pdf, …; IMPUGNA.pdf alone, or IMPUGNA1.pdf, IMPUGNA2.pdf."""
    unnumbered = parts == 1 if kind is FileKind.IMPUGNA else part == 1
    return f"{kind}.pdf" if unnumbered else f"{kind}{part}.pdf"


def part_title(part: int, parts: int) -> str:
    """``(1, 2)`` → ``Parte 1 de 2``; empty for a single file: only several files of one type need a Título."""
    return PART_TITLE.format(part=part, parts=parts) if parts > 1 else ""


def folhas_phrase(first: int, last: int) -> str:
    """``(1, 5)`` → ``folhas 1 a 5``; ``(76, 76)`` → ``folha 76``."""
    return f"folha {first}" if first == last else f"folhas {first} a {last}"


def case_index(manifest: Manifest) -> tuple[IndexLine, ...]:
    """The index of a published case in the order of the folhas across both files; capa first."""
    return tuple(
        IndexLine(
            section.kind,
            f"{section.kind.index_line} ({_folhas(section.kind, section.folhas)})",
            _places_of(section.kind, manifest),
        )
        for section in manifest.sections
    )


def ecac_steps(manifest: Manifest, portal: PortalConfig) -> dict[Phase, tuple[Step, ...]]:
    """The steps in e-CAC by phase; empty for an unpublished case."""
    if not manifest.published:
        return {}
    asked = {} if manifest.complemento else {Phase.REQUEST: request_steps(portal)}
    return {
        **asked,
        Phase.ATTACH: attach_steps(manifest),
        Phase.RESULT: (*result_steps(), more_came(manifest)),
        Phase.FOLLOW_UP: follow_up(),
    }


def request_steps(portal: PortalConfig) -> tuple[Step, ...]:
    """The steps to request the case; ``portal``: the values that the tutorial shows only in a picture."""
    return (
        Step(f"{P.QUANDO_SOLICITAR.says} {P.QUEM_SOLICITA.says}"),
        Step(P.SOLICITAR_1.says),
        Step(P.SOLICITAR_2.says),
        Step(
            P.SOLICITAR_SERVICO.says,
            (_choice(Screen.AREA, portal.concentration_area), _choice(Screen.SERVICO, portal.service)),
        ),
        Step(P.SOLICITAR_PREENCHER.says),
        Step(P.SOLICITAR_ENVIAR.says),
        _to_write_down("Anote no processo.yaml o dia em que solicitou", LINES_REQUESTED),
        Step(f"{P.FASE_CONVERTER.says} {P.SOLICITAR_ATRASO.says}"),
        _to_write_down(
            f"Quando ele estiver em “{Screen.AUTORIZACAO}”, anote no processo.yaml o dia em que o viu", LINES_AVAILABLE
        ),
    )


def attach_steps(manifest: Manifest) -> tuple[Step, ...]:
    """The steps to attach the files; among them one for each file, which names it in ``Step.file``."""
    number = Field("Número do processo", manifest.processo or "", copy=True)
    # A complement's process is digital already and need not be requested.
    ask_the_team = f"Se o processo não consta na lista, entre em contato pelo e-mail {TEAM}."
    not_listed = ask_the_team if manifest.complemento else P.JUNTAR_LISTA.says
    return (
        *((Step(_COMPLEMENT),) if manifest.complemento else ()),
        Step(f"{P.JUNTAR_1.says} {P.JUNTAR_CPF.says}"),
        Step(P.JUNTAR_2.says),
        Step(f"{P.JUNTAR_3.says} {P.JUNTAR_QUADRO.says}"),
        Step(f"{P.JUNTAR_4.says} {not_listed}", (number,)),
        Step(P.JUNTAR_MAIS.says),
        *_uploads(manifest.files),
        Step(f"{P.JUNTAR_9.says.format(files=_list(manifest.files))} {P.JUNTAR_NOMENCLATURA.says}"),
        Step(f"{P.JUNTAR_ENVIAR.says} {P.JUNTAR_RASCUNHO.says}"),
        Step(
            f"{P.JUNTAR_10.says} {P.JUNTAR_PROVA.says} Pode ficar na pasta deste processo na entrada, com o nome que o "
            "portal lhe dá."
        ),
        _to_write_down("Anote no processo.yaml o dia e o número do protocolo da juntada", LINES_ATTACHED),
    )


def result_steps() -> tuple[Step, ...]:
    """The steps to look up the result of the analysis and act on it."""
    return (
        Step(f"{P.FASE_VALIDAR.says} {P.CONSULTAR_1.says} {P.CONSULTAR_CERTIFICADO.says}"),
        Step(P.CONSULTAR_2.says),
        Step(P.CONSULTAR_3.says),
        Step(
            P.CONSULTAR_4.says,
            (
                Field(P.FILTRO_ACEITAS.says, Filter.ACEITAS),
                Field(P.FILTRO_REJEITADAS.says, Filter.REJEITADAS),
                Field(P.FILTRO_PENDENTES.says, Filter.PENDENTES),
            ),
        ),
        Step(f"{P.CONSULTAR_5.says} {P.CONSULTAR_DOWNLOAD.says} {P.CONSULTAR_ACEITA.says}"),
        Step(f"Se foi rejeitada: {_lower_first(P.CONSULTAR_MOTIVO.says)} {P.JUNTAR_REJEITADA.says}"),
        Step(
            "Anote no processo.yaml o resultado. Isso não refaz os PDFs.",
            (Field("Se foi aceita", LINES_ACCEPTED, copy=True), Field("Se foi rejeitada", LINES_REJECTED, copy=True)),
        ),
        Step(f"Se foi aceita: {_lower_first(P.FASE_ARQUIVAR.says)}"),
    )


def more_came(manifest: Manifest) -> Step:
    """The step for papers that arrive after the juntada was accepted: they get a folder of their own; this one stays as it is."""
    return Step(
        "Chegaram papéis depois da juntada aceita? Não mexa nesta pasta: crie na entrada outra pasta, com o nome abaixo, copie para ela "
        "só as digitalizações novas e ponha estas linhas no processo.yaml dela. São publicadas só as folhas novas, com os números "
        "que continuam os deste processo.",
        (
            Field("Nome da pasta", next_folder(manifest), copy=True),
            Field("Linhas para o processo.yaml", next_lines(manifest), copy=True),
        ),
    )


def follow_up() -> tuple[Step, ...]:
    """The steps about the portal's list of pending cases, and what an entry in it means."""
    return (
        Step(P.GESTAO.says),
        Step(f"{P.GESTAO_1.says} {P.GESTAO_CPF.says}"),
        Step(P.GESTAO_2.says),
        Step(f"{P.GESTAO_3.says} {P.GESTAO_PENDENTE.says} {P.GESTAO_NAO_ANALISADA.says}"),
        Step(P.GESTAO_DEMORA.says),
    )


def _choice(label: str, value: str) -> Field:
    return Field(label, value, copy=True) if value else Field(label, UNKNOWN_CHOICE)


def _to_write_down(what: str, lines: str) -> Step:
    advice = _APPEND if "\n" in lines else "Isso não refaz os PDFs."
    joint = "; " if "\n" in lines else ". "
    label = "Linhas para o processo.yaml" if "\n" in lines else "Linha para o processo.yaml"
    return Step(f"{what}{joint}{advice}", (Field(label, lines, copy=True),))


def _uploads(files: tuple[FileEntry, ...]) -> Iterator[Step]:
    for file in files:
        kind = next(kind for kind in TYPES.values() if kind.name == file.type)
        suggested = P.JUNTAR_6.says.format(typed=kind.typed, type=kind.name)
        yield Step(
            f"{P.JUNTAR_5.says} {P.JUNTAR_8.says.format(file=file.name)}",
            (
                Field(Screen.TIPO, f"{suggested}; {P.JUNTAR_LUPA.says}"),
                Field(Screen.TITULO, file.title, copy=True) if file.title else Field(Screen.TITULO, P.JUNTAR_7.says),
                Field(Screen.DATA_DOCUMENTO, P.JUNTAR_DATA.says),
                Field(Screen.COPIA_SIMPLES, P.JUNTAR_COPIA.says),
                Field("Arquivo", file.name, copy=True),
            ),
            file.name,
        )


def _folhas(section: Section, numbers: tuple[int, int] | None) -> str:
    if not section.numbered:
        return UNNUMBERED_CAPA
    return folhas_phrase(*numbers) if numbers else "sem numeração"


def _places_of(section: Section, manifest: Manifest) -> tuple[tuple[str, int], ...]:
    first: dict[str, int] = {}
    for page in manifest.pages:
        if page.section is section and page.output and page.output_page:
            first[page.output] = min(page.output_page, first.get(page.output, page.output_page))
    return tuple((file.name, first[file.name]) for file in manifest.files if file.name in first)


def _list(files: tuple[FileEntry, ...]) -> str:
    """``só NOTI.pdf, com o tipo correto`` → one file; ``NOTI.pdf e IMPUGNA.pdf, nesta ordem e com o tipo correto``; at least one file."""
    names = [file.name for file in files]
    if len(names) == 1:
        return f"só {names[0]}, com o tipo correto"
    return f"{', '.join(names[:-1])} e {names[-1]}, nesta ordem e com o tipo correto"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
