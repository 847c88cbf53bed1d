"""The steps in e-CAC for one case, and its index as the manual shows it (Manual, 2 and 4).

The screens of the juntada: https://www.gov.br/receitafederal/pt-br/assuntos/processos-digitais/juntada

Names and titles of the PDFs (Manual, 4 “Nome dos arquivos”).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from itrwatch.core.manifest import FileEntry, Manifest
from itrwatch.core.sections import FileKind, Section


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of the index: ``text`` is “NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 5)”; ``files``: the PDFs it is in."""

    section: Section
    text: str
    files: tuple[str, ...]


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
    """The index of a published case in the order of the folhas, whatever file they are in; capa first."""
    return tuple(
        IndexLine(
            section.kind,
            f"{section.kind.heading.upper()} ({_folhas(section.folhas)})",
            _files_of(section.kind, manifest),
        )
        for section in manifest.sections
    )


def ecac_steps(manifest: Manifest) -> tuple[Step, ...]:
    """What to do in e-CAC, in order, one step for each file; nothing for a case that was not published."""
    if not manifest.published:
        return ()
    return (
        Step("Entre no e-CAC e abra “Legislação e Processo” e, dentro dele, “Processos Digitais (e-Processo)”."),
        Step(
            "Em “Meus Processos”, procure o processo e confira o número. Se ele ainda não está lá, requeira-o antes à Receita.",
            (Field("Número do processo", manifest.processo or "", copy=True),),
        ),
        Step("Clique no ícone à esquerda do número e escolha “Solicitar Juntada de Documento”."),
        *_uploads(manifest.files),
        Step(
            f"Confira a lista do rascunho: {_list(manifest.files)}, cada arquivo com o seu tipo (“Documentos Comprobatórios - "
            "Outros” não serve). Espere o antivírus terminar."
        ),
        Step("Clique em “Enviar Solicitação”."),
        Step(
            "Guarde o recibo em PDF, que prova o envio; pode ser nesta mesma pasta da entrada, com um nome que comece "
            "com “recibo”."
        ),
        Step(
            "Anote no processo.yaml o dia e o número do protocolo da juntada; se já há nele um “andamento”, acrescente só a "
            "segunda linha. Isso não refaz os PDFs.",
            (
                Field(
                    "Linhas para o processo.yaml",
                    "andamento:\n  - juntada: {data: DIA/MÊS/ANO, protocolo: NÚMERO}",
                    copy=True,
                ),
            ),
        ),
        Step(
            "Acompanhe a análise no e-CAC. Se a juntada for aceita, guarde o Termo de Análise, que prova a aceitação; se for "
            "rejeitada, corrija o que a Receita apontou e junte de novo."
        ),
    )


def _uploads(files: tuple[FileEntry, ...]) -> Iterator[Step]:
    for file in files:
        yield Step(
            f"Clique em “Adicionar Documento para Rascunho”, preencha como abaixo, escolha o arquivo {file.name} e clique em "
            "“Salvar”.",
            (
                Field("Tipo do Documento", file.type, copy=True),
                Field("Título", file.title, copy=True) if file.title else Field("Título", "deixe em branco"),
                Field("Cópia Simples", "marque"),
                Field("Arquivo", file.name, copy=True),
            ),
            file.name,
        )


def _folhas(numbers: tuple[int, int] | None) -> str:
    return folhas_phrase(*numbers) if numbers else "sem numeração"


def _files_of(section: Section, manifest: Manifest) -> tuple[str, ...]:
    outputs = {page.output for page in manifest.pages if page.section is section}
    return tuple(file.name for file in manifest.files if file.name in outputs)


def _list(files: tuple[FileEntry, ...]) -> str:
    names = [file.name for file in files]
    return f"só {names[0]}" if len(names) == 1 else f"{', '.join(names[:-1])} e {names[-1]}, nesta ordem"


def file_name(kind: FileKind, part: int, parts: int) -> str:
    """``part`` counts from 1: NOTI.pdf, NOTI2.pdf, …; IMPUGNA.pdf alone, or IMPUGNA1.pdf, IMPUGNA2.pdf."""
    unnumbered = parts == 1 if kind is FileKind.IMPUGNA else part == 1
    return f"{kind}.pdf" if unnumbered else f"{kind}{part}.pdf"


def part_title(part: int, parts: int) -> str:
    """The “Título” to type in e-CAC: empty for a single file, else “Parte 1 de 2”."""
    return f"Parte {part} de {parts}" if parts > 1 else ""


def folhas_phrase(first: int, last: int) -> str:
    """“folhas 1 a 5”, or “folha 76” for a single one."""
    return f"folha {first}" if first == last else f"folhas {first} a {last}"
