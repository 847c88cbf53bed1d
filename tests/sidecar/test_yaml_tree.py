"""Bytes and YAML in, tree or exact sentences out."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itrwatch.core.tree import Mapping, Node, Place, Scalar, Sequence
from itrwatch.sidecar.yaml_tree import MAX_BYTES, MAX_NODES, decode, parse, read

NAME = "processo.yaml"
NESTED = "o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna"
UNCLOSED = "as aspas abertas aqui não foram fechadas; feche-as no fim do valor"
BACKSLASH = "entre aspas duplas a barra invertida (\\) não serve; use aspas simples (')"
LOOSE = "este sinal ficou solto; apague-o, ou ponha o valor inteiro entre aspas"
MARGIN = "as palavras do primeiro nível começam na margem esquerda; apague os espaços no começo desta linha"
AFTER_QUOTES = "há texto depois de fechar as aspas; ponha o valor inteiro entre as aspas, ou tire-as"
NOT_A_WORD = "aqui deve vir uma palavra antes dos dois-pontos; tire os colchetes ou chaves"
DEEP = "esta linha está recuada demais; alinhe-a com as outras do mesmo nível"
INVISIBLE = "este valor tem caracteres invisíveis; tire as barras invertidas (\\) ou use aspas simples"


def start(sign: str) -> str:
    return f"o valor não pode começar com {sign}; ponha-o entre aspas, ou apague o sinal"


def said(text: str) -> list[str]:
    """Findings as ``line:column message``."""
    return [str(finding).removeprefix(f"{NAME}:").replace(": ", " ", 1) for finding in parse(text, NAME).findings]


def plain(node: Node | None) -> object:
    """The tree without places."""
    match node:
        case Mapping():
            return {key.text: plain(value) for key, value in node.pairs}
        case Sequence():
            return [plain(item) for item in node.items]
        case Scalar():
            return node.text
    return None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("processo: 0012345\n", {"processo": "0012345"}),
        ("a: 2024_001\nb: 12:30\nc: 1:30:00\n", {"a": "2024_001", "b": "12:30", "c": "1:30:00"}),
        ("a: no\nb: on\nc: ~\nd: null\n", {"a": "no", "b": "on", "c": "~", "d": "null"}),
        ("a: 2024-03-05\nb: 1e3\n", {"a": "2024-03-05", "b": "1e3"}),
        ("a: [1-3, '8', \"x\\ty\"]\n", {"a": ["1-3", "8", "x\ty"]}),
        ("a: {b: c, d: }\n", {"a": {"b": "c", "d": ""}}),
        ("- a\n- - b\n", ["a", ["b"]]),
        ("---\na: b   # um comentário\n", {"a": "b"}),
        ("%YAML 1.1\n---\na: b\n", {"a": "b"}),
        ("<<: b\n", {"<<": "b"}),
        ("a:\tb\t\n\t\n\t# comentário\n", {"a": "b"}),
        ("a:\u00a0b\n", {"a": "b"}),
        ("a: Fazenda “Boa Vista”\n", {"a": "Fazenda “Boa Vista”"}),
    ],
)
def test_everything_is_text(text: str, tree: object) -> None:
    parsed = parse(text, NAME)
    assert plain(parsed.node) == tree
    assert parsed.findings == ()


def test_places_and_quotes() -> None:
    expected = Mapping(
        ((Scalar("a", Place(1, 1)), Sequence((Scalar("b", Place(2, 5), quoted=True),), Place(2, 3))),), Place(1, 1)
    )
    assert parse("a:\n  - 'b'\n", NAME).node == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "contribuinte: Laudo: parte 2\n",
            '1:20 há dois-pontos no meio do valor; se fazem parte dele, use aspas: “contribuinte: "Laudo: parte 2"”; senão, apague-os',
        ),
        (
            '- a: diz "x": y # z\n',
            "1:13 há dois-pontos no meio do valor; se fazem parte dele, use aspas: “- a: 'diz \"x\": y'”; senão, apague-os",
        ),
        ("a: X\n  b: Y\n", f"2:3 {DEEP}"),
        (
            "secoes\n  - capa: a.pdf\n",
            "1:1 faltam os dois-pontos depois de “secoes”; escreva “secoes:”",
        ),
        ("a: 1\nprocesso 13\nb: 2\n", "2:1 faltam os dois-pontos depois de “processo”; escreva “processo: 13”"),
        ("a: 1\nb\n", "2:1 faltam os dois-pontos depois de “b”; escreva “b:”"),
        ("s:\n  - a: 1\n - b: 2\n", f"3:2 {NESTED}"),
        ("s:\n  - a: 1\n   - b: 2\n", f"3:4 {NESTED}"),
        ("s:\n  - a: 1\n    b: 2\n   c: 3\n", f"4:4 {NESTED}"),
        ("s:\n  - a: 1\n  b: c.pdf\n", "3:3 falta o traço no começo desta linha; escreva “- b: c.pdf”"),
        (
            "s: - a: x\n",
            "1:4 a lista não pode começar nesta linha; passe “- a: x” para a linha de baixo, com dois espaços na frente",
        ),
        ("a: -\n", "1:4 o traço sozinho não é um valor; apague-o, ou deixe vazio depois dos dois-pontos"),
        ('a: "abc\nb: 1\n', f"1:4 {UNCLOSED}"),
        ("a: 'abc\nb: 1\n", f"1:4 {UNCLOSED}"),
        ('a: "b\n---\nc', f"1:4 {UNCLOSED}"),
        ('a: "C:\\Users\\x"\n', f"1:9 {BACKSLASH}"),
        ('a: "C:\\dados"\n', f"1:8 {BACKSLASH}"),
        ("t: [a, b\nc: 1\n", "1:4 falta fechar com ] o que começa com [, ou falta uma vírgula entre os itens"),
        ("t: {a: b]\n", "1:4 falta fechar com } o que começa com {, ou falta uma vírgula entre os itens"),
        (
            "t: [a # b]\n",
            "1:4 falta fechar com ] o que começa com [, ou falta uma vírgula entre os itens (o que vem depois de # é comentário)",
        ),
        ("a: ]\n", f"1:4 {LOOSE}"),
        ("a: [1], [2]\n", f"1:7 {LOOSE}"),
        ("a: @x\n", f"1:4 {start('@')}"),
        ("a: `x\n", f"1:4 {start('`')}"),
        ("a: %x\n", f"1:4 {start('%')}"),
        ("a: *x\n", f"1:4 {start('*')}"),
        ("a: * x\n", f"1:4 {start('*')}"),
        ("a: & Cia\n", f"1:4 {start('&')}"),
        ("a: &b c\n", f"1:4 {start('&')}"),
        ("a: !!python/object x\n", f"1:4 {start('!')}"),
        ("a: !<tag:%FF> x\n", f"1:4 {start('!')}"),
        ("a: |x\n", f"1:4 {start('|')}"),
        ("a: > 3\n", f"1:4 {start('>')}"),
        ("a: ?\n", f"1:4 {start('?')}"),
        ("%x\na: 1\n", "1:1 a linha não pode começar com %; apague o sinal ou ponha o valor entre aspas"),
        ("a: 1\n---\nb: 2\n", "2:1 o arquivo tem mais de uma parte; apague a linha “---” e deixe uma parte só"),
        ("  a: 1\nb: 2\n", f"1:1 {MARGIN}"),
        ('- a: "scan 001.pdf" 1-3\n', f"1:21 {AFTER_QUOTES}"),
        ("a: 'it's'\n", f"1:8 {AFTER_QUOTES}"),
        (": x\n", "1:1 falta a palavra antes dos dois-pontos"),
        ("[a]: b\n", f"1:1 {NOT_A_WORD}"),
        (
            "a: 1\nb: 2\na: 3\n",
            "3:1 “a” aparece duas vezes, nas linhas 1 e 3; deixe só uma, ou comece cada item com um traço se for uma lista",
        ),
        (
            "{a: 1, a: 2}\n",
            "1:8 “a” aparece duas vezes, na linha 1; deixe só uma, ou comece cada item com um traço se for uma lista",
        ),
        ("a:\n\t- b: 1\n", "2:1 tabulação (tecla Tab) no começo da linha 2; use espaços no lugar dela"),
        (
            "a:\n \t- b\n\t- c\n\t- d\n",
            "2:1 tabulação (tecla Tab) no começo das linhas 2, 3 e 4; use espaços no lugar dela",
        ),
        (
            "a: Anexo #3\n",
            '1:4 o que vem depois de # foi deixado de fora como comentário: “#3”; se faz parte do valor, escreva tudo entre aspas: “"Anexo #3"”',
        ),
        (
            "a: #3\n",
            '1:3 o que vem depois de # foi deixado de fora como comentário: “#3”; se faz parte do valor, escreva tudo entre aspas: “"#3"”',
        ),
        ("", "1:1 o arquivo está vazio; escreva o que falta e salve-o de novo"),
        ("---\n", "1:1 o arquivo está vazio; escreva o que falta e salve-o de novo"),
        ("# nada\n", "1:1 o arquivo só tem comentários (linhas com #); escreva o que falta e salve-o de novo"),
        ("a: b\x01\n", "1:5 há aqui um caractere invisível; apague-o e digite de novo este trecho"),
        ("a: b\nc: \u2028d\n", "2:4 há aqui um caractere invisível; apague-o e digite de novo este trecho"),
        ('a: "\\ud800"\n', f"1:4 {INVISIBLE}"),
        ('a: "\\0"\n', f"1:4 {INVISIBLE}"),
        ('a: "\\UFFFFFFFF"\n', "1:1 não entendi o que vem depois daqui; tire barras invertidas e sinais especiais"),
        ("[" * 3000, "1:22 há mais de 20 níveis, um dentro do outro; confira o recuo e os colchetes"),
        ("- a\n" * MAX_NODES, f"{MAX_NODES}:3 o arquivo tem itens demais; confira se é mesmo o arquivo certo"),
        ("a" * (MAX_BYTES + 1), "1:1 este arquivo é grande demais; o limite é 16 KB"),
    ],
)
def test_faults(text: str, sentence: str) -> None:
    assert said(text)[-1] == sentence


def test_all_faults_that_can_be_found_are_reported_at_once() -> None:
    text = "s:\n  – a: *x\n  -\u00a0b: “c”\n  - d: Anexo #3\n    d: !e f\n"
    assert [line.split()[0] for line in said(text)] == ["2:3", "2:8", "3:4", "3:8", "4:8", "5:5", "5:8"]


TEXT = "secoes:\n  - notificação: a.pdf\ncontribuinte: João\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_encodings(data: bytes) -> None:
    decoded = decode(data, NAME)
    assert (decoded.text, decoded.findings, decoded.ready) == (TEXT, (), True)


def test_ansi_is_read_with_a_warning() -> None:
    parsed = read(TEXT.replace("\n", "\r\n").encode("cp1252"), NAME)
    assert plain(parsed.node) == {"secoes": [{"notificação": "a.pdf"}], "contribuinte": "João"}
    assert [str(finding) for finding in parsed.findings] == [
        (
            "processo.yaml:2: o arquivo não está em UTF-8 e foi lido como ANSI (Windows-1252); confira os acentos a partir"
            " da linha 2; para não haver dúvida, salve-o no Bloco de Notas com a codificação UTF-8"
        )
    ]


UNFINISHED = "o arquivo ainda não está completo: uma parte dele não chegou à pasta; se isto continuar, salve-o de novo"
UNREADABLE = "este arquivo não é um texto que se possa ler; escreva-o no Bloco de Notas e salve em UTF-8"
NOT_TEXT = "escreva-o no Bloco de Notas e salve como texto em UTF-8"


@pytest.mark.parametrize(
    ("data", "sentence", "ready"),
    [
        (b"secoes:\n\0\0\0\0", UNFINISHED, False),
        (b"\0" * 512, UNFINISHED, False),
        (codecs.BOM_UTF16_LE + "a: b\0".encode("utf-16-le"), UNFINISHED, False),
        (codecs.BOM_UTF16_LE + b"a\0:", UNFINISHED, False),
        (b"a: \x81\xe7", UNREADABLE, True),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\0", UNREADABLE, True),
        (b"%PDF-1.4\0", f"este arquivo é um PDF; {NOT_TEXT}", True),
        (b"PK\x03\x04\0\0", f"este arquivo é um documento do Word ou um arquivo ZIP; {NOT_TEXT}", True),
        (b"{\\rtf1 secoes", f"este arquivo é um documento do WordPad (RTF); {NOT_TEXT}", True),
        (b"a" * (300 * 1024), "este arquivo é grande demais (300 KB); o limite é 16 KB", True),
    ],
)
def test_bytes_that_are_no_text(data: bytes, sentence: str, ready: bool) -> None:
    parsed = read(data, NAME)
    assert (parsed.node, [finding.message for finding in parsed.findings], parsed.ready) == (None, [sentence], ready)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.text(alphabet="ab:- \n\t#'\"[]{},&*!|>%@`?\\xU0\u00a0“–", max_size=60) | st.text(max_size=60))
def test_any_text_gives_a_tree_or_a_sentence(text: str) -> None:
    parsed = parse(text, NAME)
    assert parsed.node is not None or parsed.findings
    lines = text.count("\n") + 1
    assert all(1 <= (finding.line or 0) <= lines and (finding.column or 0) >= 1 for finding in parsed.findings)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=80))
def test_any_bytes_give_a_tree_or_a_sentence(data: bytes) -> None:
    parsed = read(data, NAME)
    assert parsed.node is not None or parsed.findings
