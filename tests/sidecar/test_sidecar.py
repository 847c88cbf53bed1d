"""The sidecar: the contract's example read into values, and every slip reported in an exact sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itrwatch.core.case_description import (
    CienciaInfo,
    ImpugnacaoInfo,
    Modo,
    Numeracao,
    SectionEntry,
    Sidecar,
    Source,
    Via,
)
from itrwatch.core.dates import parse_date
from itrwatch.core.findings import Finding
from itrwatch.core.ranges import Span
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import match, nearest
from itrwatch.core.tree import Place, Scalar
from itrwatch.sidecar.sidecar import SidecarRead, read_sidecar
from itrwatch.sidecar.sources import split_source
from itrwatch.sidecar.yaml_tree import read

NAME = "processo.yaml"
EXAMPLE = """\
secoes:                                  # in any order: itrwatch puts them in the manual's order
  - capa: capa.pdf                       # short form: FILE, or FILE PAGES
  - notificacao: scan 001.pdf 1-5        # pages: 7 · 1-5 · 1-3,8,10- ; they count the pages of the scan file, from 1
  - ciencia: scan 001.pdf 6-7
  - tif: [tif.tif, resposta.pdf 1-3]     # several sources; the same section may also be listed again
  - tipo: impugnacao                     # long form, for what the short form cannot say
    arquivo: impugnacao.pdf
    paginas: 1-26
    girar: {3: 90}                       # turn scan page 3 clockwise; overrides what was detected
    manter: [4]                          # never remove this page as blank
    remover: [9]                         # remove this page, reason "pedido"
  - termo: termo.jpg
processo: 13153.720210/2019-34           # optional; must agree with the folder
contribuinte: Fazenda Boa Vista Ltda     # optional, like exercicio, nirf: shown in report and document information
ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}       # pessoal | postal | edital
impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}   # via: protocolo | correios
numeracao: sequencial                    # sequencial (default) | papel (keep the paper's numbers, blanks leave holes) | nenhuma
"""
NOTI = "secoes:\n  - notificacao: n.pdf\n"
WORDS = "capa, notificacao, ciencia, ditr, tif, tcif, impugnacao, termo"
HELP = "escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)"
CIENCIA = "não entendi o valor de “ciencia”; escreva, por exemplo, ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}; as páginas ficam em “secoes”"
NO_NL = "falta a seção “notificacao” (Notificação de Lançamento), sem a qual não há processo; acrescente em “secoes” um item como “notificacao: scan 001.pdf 1-5” (se a pasta é só o complemento de um processo cuja juntada já foi aceita, escreva “complemento: 2” numa linha própria) (Manual, 2. Notificação de Lançamento)"
REPEATED = "deixe só uma, ou comece cada item com um traço se for uma lista"
PATH = "o arquivo deve estar na própria pasta do processo, sem caminho"


def everything(data: bytes) -> tuple[SidecarRead, list[Finding]]:
    """The sidecar and all findings of both readers, as a job does it."""
    parsed = read(data, NAME)
    got = read_sidecar(parsed.node, NAME) if parsed.node else SidecarRead(None, ())
    return got, [*parsed.findings, *got.findings]


def said(text: str) -> list[str]:
    """All findings as ``line:column severity message``, without the severity if it is an error."""
    _, findings = everything(text.encode())
    return [
        f"{finding.line}:{finding.column} "
        + (f"{finding.severity}: " if finding.severity != "error" else "")
        + finding.message
        + (f" ({finding.rule})" if finding.rule else "")
        for finding in findings
    ]


def sections(text: str) -> list[tuple[str, list[str]]]:
    """Sections with their sources in short form."""
    got, findings = everything(text.encode())
    assert got.sidecar, findings
    return [
        (
            entry.section.value,
            [" ".join([source.file, ",".join(map(str, source.spans))]).strip() for source in entry.sources],
        )
        for entry in got.sidecar.sections
    ]


def test_the_example_of_the_contract() -> None:
    got, findings = everything(EXAMPLE.encode())
    assert findings == []
    assert got.sidecar == Sidecar(
        sections=(
            SectionEntry(Section.CAPA, (Source("capa.pdf", (), Place(2, 11)),), Place(2, 5)),
            SectionEntry(
                Section.NOTIFICACAO,
                (Source("scan 001.pdf", (Span(1, 5),), Place(3, 18), pages_place=Place(3, 31)),),
                Place(3, 5),
            ),
            SectionEntry(
                Section.CIENCIA,
                (Source("scan 001.pdf", (Span(6, 7),), Place(4, 14), pages_place=Place(4, 27)),),
                Place(4, 5),
            ),
            SectionEntry(
                Section.TIF,
                (
                    Source("tif.tif", (), Place(5, 11)),
                    Source("resposta.pdf", (Span(1, 3),), Place(5, 20), pages_place=Place(5, 33)),
                ),
                Place(5, 5),
            ),
            SectionEntry(
                Section.IMPUGNACAO,
                (Source("impugnacao.pdf", (Span(1, 26),), Place(7, 14), ((3, 90),), (4,), (9,), Place(8, 14)),),
                Place(6, 5),
            ),
            SectionEntry(Section.TERMO, (Source("termo.jpg", (), Place(12, 12)),), Place(12, 5)),
        ),
        processo=Scalar("13153.720210/2019-34", Place(13, 11)),
        contribuinte=Scalar("Fazenda Boa Vista Ltda", Place(14, 15)),
        ciencia=CienciaInfo(Modo.POSTAL, date(2023, 10, 2), ("ar",), Place(15, 1), Place(15, 31), Place(15, 55)),
        impugnacao=ImpugnacaoInfo(
            date(2023, 10, 20),
            Via.PROTOCOLO,
            ("protocolo", "identidade"),
            Place(16, 1),
            Place(16, 20),
            Place(16, 60),
        ),
        numeracao=Numeracao.SEQUENCIAL,
        numeracao_written=True,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_example_in_other_encodings(encoding: str) -> None:
    windows = EXAMPLE.replace("\n", "\r\n").encode(encoding)
    assert everything(windows) == everything(EXAMPLE.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("secoes:\n- notificacao: n.pdf\n", [("notificacao", ["n.pdf"])]),
        ("Seções:\n  - NOTIFICAÇÕES: n.PDF\n", [("notificacao", ["n.PDF"])]),
        ("SECAO:\n  - Notificação: Anexo 2.PDF\n", [("notificacao", ["Anexo 2.PDF"])]),
        ("secoes:\n  - notificacao: scan 001.pdf 1-3, 8\n", [("notificacao", ["scan 001.pdf 1-3,8"])]),
        ('secoes:\n  - notificacao: "scan 001.pdf 1-3,10-"\n', [("notificacao", ["scan 001.pdf 1-3,10-"])]),
        ("secoes:\n  - notificacao: 001 5\n", [("notificacao", ["001 5"])]),
        ("secoes:\n  - notificacao: n.pdf - Cópia\n", [("notificacao", ["n.pdf - Cópia"])]),
        ("secoes:\n  - notificacao:\n      - a.pdf 2\n      - b.tif\n", [("notificacao", ["a.pdf 2", "b.tif"])]),
        (
            "secoes:\n  - notificacao: a.pdf\n  - tif: x.pdf\n  - notificacao: b.pdf\n",
            [("notificacao", ["a.pdf"]), ("tif", ["x.pdf"]), ("notificacao", ["b.pdf"])],
        ),
        (
            "secoes:\n  - Tipo: Notificação\n    Arquivos: n.pdf\n    PÁGINA: [1, 3-4]\n",
            [("notificacao", ["n.pdf 1,3-4"])],
        ),
        ("secoes:\n  - {tipo: notificacao, arquivo: n.pdf 2-}\n", [("notificacao", ["n.pdf 2-"])]),
    ],
)
def test_all_forms_of_a_section_are_read_without_a_word(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert sections(text) == expected
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected", "reminder"),
    [
        (
            "secoes:\n  capa: c.pdf\n  notificacao: n.pdf\n",
            [("capa", ["c.pdf"]), ("notificacao", ["n.pdf"])],
            "2:3 reminder: “secoes” entendida sem os traços; prefira começar cada item com um traço (- )",
        ),
        (
            "secoes:\n  - capa: c.pdf\n    notificacao: n.pdf\n",
            [("capa", ["c.pdf"]), ("notificacao", ["n.pdf"])],
            "3:5 reminder: “notificacao” entendida como outro item da lista; prefira pôr um traço na frente (- )",
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n    paginas: 1-3\n",
            [("notificacao", ["n.pdf 1-3"])],
            "2:5 reminder: “notificacao” junto de outras palavras entendida como “tipo: notificacao”; prefira escrever “tipo” e “arquivo” em linhas separadas",
        ),
        (
            "secoes:\n  - notificacao: n.pdf 1 a 3\n",
            [("notificacao", ["n.pdf 1-3"])],
            "2:24 reminder: páginas “1 a 3” entendidas como 1-3; prefira escrever assim",
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    paginas: 1 a 3\n",
            [("notificacao", ["n.pdf 1-3"])],
            "4:14 reminder: páginas “1 a 3” entendidas como 1-3; prefira escrever assim",
        ),
        (
            NOTI + "ciencia: {documentos: [AR, procuraçao, protcolo]}\n",
            [("notificacao", ["n.pdf"])],
            "3:40 warning: não conheço o documento “protcolo”; você quis dizer “protocolo”?",
        ),
    ],
)
def test_understood_with_a_remark(text: str, expected: list[tuple[str, list[str]]], reminder: str) -> None:
    assert sections(text) == expected
    assert said(text)[-1] == reminder


def test_what_is_ordered_for_single_pages_goes_with_them() -> None:
    got, findings = everything(
        b"secoes:\n  - notificacao:\n      arquivo: n.pdf\n      girar: {1: -90, 2-3: 180, 4: 90\xc2\xb0, 5: 0}\n"
        b"      manter: 4,6\n      remover: [7-8, 10]\n  - {tipo: tif, arquivo: t.pdf, girar: , manter: [], remover: }\n"
    )
    assert findings == []
    assert got.sidecar
    source = got.sidecar.sections[0].sources[0]
    assert source.turns == ((1, 270), (2, 180), (3, 180), (4, 90), (5, 0))
    assert (source.keep, source.remove) == ((4, 6), (7, 8, 10))


def test_the_rest_of_the_first_level() -> None:
    text = (
        NOTI + "Contribuintes: '  José   & Filhos '\nEXERCÍCIO: 2019\nnirf: 0012345\nciência:\nNumerações: Papéis\n"
        "andamento: [{data: 01/02/2024, texto: enviado}]\n"
    )
    got, findings = everything(text.encode())
    assert findings == []
    assert got.sidecar
    assert got.sidecar.contribuinte == Scalar("José & Filhos", Place(3, 16), quoted=True)
    assert (got.sidecar.exercicio, got.sidecar.nirf) == (Scalar("2019", Place(4, 12)), Scalar("0012345", Place(5, 7)))
    assert (got.sidecar.processo, got.sidecar.ciencia) == (None, None)
    assert got.sidecar.numeracao is Numeracao.PAPEL
    assert got.sidecar.andamento is not None


def test_a_missing_list_has_no_corrected_line():
    """The citation of a paragraph once stood there, as if it were one."""
    node = read(b"secoes:\nprocesso: 1\n", "processo.yaml")
    (finding,) = read_sidecar(node.node, "processo.yaml", node.lines).findings
    assert finding.picture() == ("está:    secoes:", "         ^")


def in_list(item: str) -> str:
    return f"secoes:\n  - notificacao: n.pdf\n  - {item}\n"


def in_long(field: str) -> str:
    return f"secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    {field}\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "capa\n",
            "1:1 não entendi “capa”; o arquivo deve ter a linha “secoes:” e, abaixo dela, a lista dos arquivos",
        ),
        (
            "- notificacao: n.pdf\n",
            "1:1 falta a linha “secoes:” acima da lista; acrescente-a como primeira linha do arquivo",
        ),
        (
            "processo: 1\n",
            "1:1 falta a lista “secoes” com os arquivos do processo; cada item como “notificacao: scan 001.pdf 1-5”",
        ),
        (
            "# x\nsecoes:\n",
            "2:1 falta a lista “secoes” com os arquivos do processo; cada item como “notificacao: scan 001.pdf 1-5”",
        ),
        ("secoes:\n  - capa: c.pdf\n", f"1:1 {NO_NL}"),
        (
            "secoes: n.pdf\n",
            "1:9 “secoes” leva uma lista, um item por linha; passe para a linha de baixo e escreva, por exemplo, “- notificacao: scan 001.pdf 1-5”",
        ),
        ("secoes:\n  - notificaco: n.pdf\n", "2:5 palavra desconhecida “notificaco”; você quis dizer “notificacao”?"),
        (in_list("xyz: n.pdf"), f"3:5 palavra desconhecida “xyz”; as palavras que existem são: {WORDS}"),
        (in_list("capa:"), "3:5 falta o arquivo de “capa”; escreva, por exemplo, “capa: scan 001.pdf 1-5”"),
        (in_list("capa: []"), "3:5 falta o arquivo de “capa”; escreva, por exemplo, “capa: scan 001.pdf 1-5”"),
        (
            in_list(""),
            "3:4 este item está vazio; apague o traço ou escreva a seção e o arquivo, como “notificacao: scan 001.pdf 1-5”",
        ),
        (in_list("c.pdf"), "3:5 falta a seção na frente de “c.pdf”; escreva, por exemplo, “capa: c.pdf”"),
        (in_list("capa c.pdf"), "3:5 faltam os dois-pontos depois de “capa”; escreva “capa: c.pdf”"),
        (
            in_list("- capa: c.pdf"),
            "3:5 há um traço ou colchete a mais; escreva a seção e o arquivo, como “notificacao: scan 001.pdf 1-5”",
        ),
        (in_list("capa: ..\\c.pdf"), f"3:11 “..\\c.pdf” não serve: {PATH}; escreva “c.pdf”"),
        (in_list("capa: C:\\casos\\c.pdf 1"), f"3:11 “C:\\casos\\c.pdf” não serve: {PATH}; escreva “c.pdf”"),
        (in_list("capa: C:c.pdf"), f"3:11 “C:c.pdf” não serve: {PATH}; escreva “c.pdf”"),
        (in_list("capa: /mnt/c.pdf"), f"3:11 “/mnt/c.pdf” não serve: {PATH}; escreva “c.pdf”"),
        (in_list("capa: .."), f"3:11 “..” não serve: {PATH}; escreva só o nome do arquivo"),
        (
            in_list("capa: " + "c" * 300),
            f"3:11 “{'c' * 60}…” é longo demais para o nome de um arquivo; confira se falta fechar aspas ou separar itens",
        ),
        (
            in_list("tif: a.pdf, b.pdf 1-3"),
            "3:10 “a.pdf, b.pdf” parece mais de um arquivo; ponha a lista entre colchetes, como [tif.tif, resposta.pdf 1-3]",
        ),
        (
            in_list("tif: a.pdf e b.pdf"),
            "3:10 “a.pdf e b.pdf” parece mais de um arquivo; ponha a lista entre colchetes, como [tif.tif, resposta.pdf 1-3]",
        ),
        (
            in_list("tif: [a.pdf, b.pdf 1-3,8]"),
            '3:28 “8” ficou separado do arquivo por uma vírgula; use aspas: “"b.pdf 1-3,8"”',
        ),
        (
            in_list("tif: [a.pdf, {b: c}]"),
            "3:18 cada arquivo da lista é um texto simples, como em [tif.tif, resposta.pdf 1-3]",
        ),
        (in_list("tif: a.pdf 1-x"), f"3:16 não entendi as páginas “1-x”; {HELP}"),
        (in_list("tif: a.pdf 0"), "3:16 a página 0 não existe: as páginas do arquivo contam a partir de 1"),
        (in_list("arquivo: x.pdf"), f"3:5 falta “tipo” neste item; escreva “tipo:” com uma destas palavras: {WORDS}"),
        (in_list("tipo: tif"), "3:5 falta “arquivo” neste item; escreva, por exemplo, “arquivo: scan 001.pdf”"),
        (in_list("{tipo: tiff, arquivo: x.pdf}"), "3:12 valor desconhecido “tiff” em “tipo”; você quis dizer “tif”?"),
        (
            in_list("{tipo: tif, arquivos: [a, b]}"),
            "3:27 “arquivo” leva um arquivo só; para outro, repita o item com o mesmo “tipo”",
        ),
        (
            in_list("{tipo: tif, arquivo: a.pdf, paginas: 1-3,8}"),
            '3:46 “8” ficou separado por uma vírgula; ponha todas as páginas entre aspas, por exemplo "1-3,8"',
        ),
        (in_list("tif: [a.pdf, '']"), "3:18 falta o nome do arquivo; escreva, por exemplo, “scan 001.pdf”"),
        (
            in_list("tif: [a.pdf, [b.pdf]]"),
            "3:18 cada arquivo da lista é um texto simples, como em [tif.tif, resposta.pdf 1-3]",
        ),
        (in_long("pginas: 3"), "4:5 palavra desconhecida “pginas”; você quis dizer “paginas”?"),
        (
            in_long("paginas: {1: 2}"),
            "4:14 não entendi as páginas em “paginas”; escreva, por exemplo, “paginas: 1-3,8”",
        ),
        (in_long("paginas: três"), f"4:14 não entendi as páginas “três”; {HELP}"),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf 1\n    paginas: 2\n",
            "4:5 as páginas já estão junto de “arquivo”; deixe-as em um lugar só",
        ),
        (in_long("girar: 90"), "4:12 em “girar” diga a página e os graus, por exemplo girar: {3: 90}"),
        (in_long("girar: {3:90}"), "4:13 falta um espaço depois dos dois-pontos; escreva girar: {3: 90}"),
        (
            in_long("girar: {3: 45}"),
            "4:16 não sei girar “45”; use 0, 90, 180 ou 270 graus no sentido do relógio, como girar: {3: 90}",
        ),
        (in_long("girar: {3-: 90}"), "4:13 em “3-” diga também a última página: 3-4, por exemplo"),
        (in_long("girar: {3: 90, 2-4: 90}"), "4:20 a página 3 aparece duas vezes em “girar”; deixe-a uma vez só"),
        (in_long("manter: 4-"), "4:13 em “manter” diga também a última página: 4-5, por exemplo"),
        (in_long("manter: 4\n    remover: 3-5"), "5:5 a página 4 está em “manter” e em “remover”; deixe-a em um só"),
        (in_long("Páginas: 1\n    pagina: 2"), f"5:5 “pagina” aparece duas vezes, nas linhas 4 e 5; {REPEATED}"),
        (
            NOTI + "Seções:\n  - capa: c.pdf\n",
            "3:1 “Seções” aparece duas vezes, nas linhas 1 e 3; apague a linha 3: os itens abaixo dela já continuam a lista",
        ),
        (
            NOTI + "processo: 1\nSeções:\n  - capa: c.pdf\n",
            "4:1 “Seções” aparece duas vezes, nas linhas 1 e 4; passe os itens que estão abaixo da linha 4 para a lista da linha 1, e apague a linha 4",
        ),
        (NOTI + "andamneto: x\n", "3:1 palavra desconhecida “andamneto”; você quis dizer “andamento”?"),
        (
            NOTI + "capa: c.pdf\n",
            "3:1 “capa” é uma seção; passe esta linha para dentro de “secoes”, com dois espaços e um traço na frente",
        ),
        (NOTI + "ciencia: postal\n", f"3:10 {CIENCIA}"),
        (
            NOTI + "ciencia: scan.pdf 6-7\n",
            "3:1 “ciencia” é uma seção; passe esta linha para dentro de “secoes”, com dois espaços e um traço na frente",
        ),
        (
            "secoes:\n  notificacao = n.pdf\n",
            "2:3 cada item de “secoes” começa com um traço e tem dois-pontos depois da seção; escreva como em “- notificacao: scan 001.pdf 1-5”",
        ),
        (NOTI + "exercicio: [2019]\n", "3:12 “exercicio” leva um valor só; escreva o texto depois dos dois-pontos"),
        (NOTI + "nirf: {a: 1}\n", "3:7 “nirf” leva um valor só; escreva o texto depois dos dois-pontos"),
        (NOTI + "processo: [1, 2]\n", "3:11 “processo” leva um valor só; escreva o texto depois dos dois-pontos"),
        (NOTI + "numeracao: papl\n", "3:12 valor desconhecido “papl” em “numeracao”; você quis dizer “papel”?"),
        (
            NOTI + "numeracao: 3\n",
            "3:12 valor desconhecido “3” em “numeracao”; as palavras que existem são: sequencial, papel, nenhuma",
        ),
        (NOTI + "ciencia: {modo: pesoal}\n", "3:17 valor desconhecido “pesoal” em “modo”; você quis dizer “pessoal”?"),
        (
            NOTI + "ciencia: {dia: 1}\n",
            "3:11 palavra desconhecida “dia”; as palavras que existem são: modo, data, documentos, envio",
        ),
        (
            NOTI + "impugnacao: {via: pombo}\n",
            "3:19 valor desconhecido “pombo” em “via”; as palavras que existem são: protocolo, correios",
        ),
        (
            NOTI + "impugnacao: {documentos: [[ar]]}\n",
            "3:27 em “documentos” escreva só as palavras, por exemplo “documentos: [ar, edital]”",
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    girar: {9: 90}\n    páginas: 1-3\n",
            "4:5 a página 9 em “girar” não está entre as páginas deste item (1-3); confira o número (conta a partir de 1, no arquivo digitalizado)",
        ),
        (
            NOTI + "impugnacao: {data: 31/02/2023}\n",
            "3:20 a data “31/02/2023” não existe no calendário; confira o dia e o mês",
        ),
    ],
)
def test_faults(text: str, sentence: str) -> None:
    got, _ = everything(text.encode())
    assert got.sidecar is None
    assert said(text) == [sentence]


def test_all_faults_at_once() -> None:
    text = (
        "secoes:\n  - notificaco: n.pdf\n  - capa c.pdf\n  - tif: a.pdf 5,5\n  - ditr: a.pdf 1 a 2\nnumeracao: x\n"
        "ciencia: {modo: y, data: 1/2/23}\nandamneto: z\nprocesso: Anexo #3\n"
    )
    got, findings = everything(text.encode())
    assert got.sidecar is None
    assert [(finding.severity.value, finding.line) for finding in findings] == [
        ("warning", 9),
        ("error", 2),
        ("error", 3),
        ("error", 4),
        ("reminder", 5),
        ("error", 6),
        ("error", 7),
        ("error", 7),
        ("error", 8),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("02/10/2023", date(2023, 10, 2)),
        ("2/1/2023", date(2023, 1, 2)),
        ("02-10-2023", date(2023, 10, 2)),
        ("02.10.2023", date(2023, 10, 2)),
        ("2023-10-02", date(2023, 10, 2)),
        ("2 de outubro de 2023", date(2023, 10, 2)),
        ("1º de MARÇO de 2024", date(2024, 3, 1)),
        ("29/02/2024", date(2024, 2, 29)),
        ("02/10/23", "a data “02/10/23” tem o ano com dois algarismos; escreva os quatro, por exemplo 02/10/2023"),
        ("02/10/98", "a data “02/10/98” tem o ano com dois algarismos; escreva os quatro, por exemplo 02/10/1998"),
        ("2 / 10 / 2023", date(2023, 10, 2)),
        ("12/13/2023", "na data “12/13/2023” o mês seria 13; se o dia veio depois, escreva 13/12/2023"),
        ("01/25/2023", "na data “01/25/2023” o mês seria 25; se o dia veio depois, escreva 25/01/2023"),
        ("00/25/2023", "a data “00/25/2023” não existe no calendário; confira o dia e o mês"),
        ("10/25/2023", "na data “10/25/2023” o mês seria 25; se o dia veio depois, escreva 25/10/2023"),
        ("30/02/2023", "a data “30/02/2023” não existe no calendário; confira o dia e o mês"),
        ("00/10/2023", "a data “00/10/2023” não existe no calendário; confira o dia e o mês"),
        ("02/10/0203", "o ano 0203 não parece certo; escreva dia/mês/ano, por exemplo 02/10/2023"),
        ("02/10-2023", "não entendi a data “02/10-2023”; escreva dia/mês/ano, por exemplo 02/10/2023"),
        ("ontem", "não entendi a data “ontem”; escreva dia/mês/ano, por exemplo 02/10/2023"),
        (
            "2 de outubre de 2023",
            "não entendi a data “2 de outubre de 2023”; escreva dia/mês/ano, por exemplo 02/10/2023",
        ),
    ],
)
def test_dates_are_read_as_an_office_writes_them_or_refused_with_advice(text: str, day: date | str) -> None:
    assert parse_date(text) == day


def test_words_are_known_without_accents_capitals_and_plurals() -> None:
    assert match(" CIÊNCIAS ", ("ciencia", "capa")) == "ciencia"
    assert match("impugnações", ("impugnacao",)) == "impugnacao"
    assert match("tifs", ("tif", "tcif")) == "tif"
    assert match("ca\u200bpa", ("capa",)) == "capa"
    assert match("x" * 9999, ("capa",)) is None
    assert nearest("notificasao", ("notificacao", "ciencia")) == "notificacao"
    assert nearest("zzz", ("notificacao",)) is None


def test_a_file_name_keeps_its_blanks_and_digits() -> None:
    assert split_source("  scan  001.pdf  ") == ("scan  001.pdf", None)
    assert split_source("a.pdf 1-3.pdf") == ("a.pdf 1-3.pdf", None)
    assert split_source("scan 001 1-5") == ("scan 001 1-5", None)


LINES = EXAMPLE.splitlines()


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.data())
def test_a_damaged_sidecar_never_raises(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.sampled_from(LINES), max_size=14))
    text = "\n".join(lines)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 3))
        text = text[:at] + data.draw(st.text("-: \n\t#'\"[]{},&*0123aç\u00a0“–", max_size=3)) + text[at + cut :]
    got, findings = everything(text.encode())
    assert (got.sidecar is None) <= any(finding.severity == "error" for finding in findings)
    assert all(finding.message and finding.file == NAME for finding in findings)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, len(EXAMPLE)), st.binary(max_size=6))
def test_damaged_bytes_never_raise(at: int, junk: bytes) -> None:
    data = EXAMPLE.encode()
    got, findings = everything(data[:at] + junk + data[at + len(junk) :])
    assert got.sidecar or findings
