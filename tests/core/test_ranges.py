"""Pages as the sidecar writes them: text in, exact values or exact sentences out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itrwatch.core.ranges import LAST, BadPages, Pages, Span, parse_pages, resolve

HELP = "escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)"


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("7", "7"),
        ("1-5", "1-5"),
        ("1-3,8,10-", "1-3,8,10-"),
        (" 1-3, 8 ", "1-3,8"),
        ("8,1-3", "8,1-3"),
        ("001-005", "1-5"),
        ("3-3", "3"),
    ],
)
def test_usual_ways_need_no_remark(text: str, spans: str) -> None:
    pages = parse_pages(text)
    assert isinstance(pages, Pages)
    assert ",".join(map(str, pages.spans)) == spans
    assert pages.reminder == ""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1–5", "1-5"),
        ("1—5", "1-5"),
        ("1 - 5", "1-5"),
        ("1 a 5", "1-5"),
        ("1 até 5", "1-5"),
        ("1 ATE 5", "1-5"),
        ("1-3; 8", "1-3,8"),
        ("1-3 e 8", "1-3,8"),
        ("páginas 1-5", "1-5"),
        ("pág. 3", "3"),
        ("1..5", "1-5"),
        ("1…5", "1-5"),
        ("1_5", "1-5"),
        ("de 1 ao 5", "1-5"),
        ("1a5", "1-5"),
        ("1ª à 5ª", "1-5"),
        ("(1-5)", "1-5"),
        (", páginas 1-5", "1-5"),
        ("10 em diante", "10-"),
        ("10 até o fim", "10-"),
        ("todas", "1-"),
        ("todas as páginas", "1-"),
        ("10 -", "10-"),
        ("1\u00a0a\u00a05", "1-5"),
    ],
)
def test_other_ways_are_understood_with_a_reminder(text: str, plain: str) -> None:
    pages, usual = parse_pages(text), parse_pages(plain)
    assert isinstance(pages, Pages)
    assert isinstance(usual, Pages)
    assert pages.spans == usual.spans
    shown = " ".join(text.split())
    assert pages.reminder == f"páginas “{shown}” entendidas como {plain}; prefira escrever assim"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"faltam as páginas; {HELP}"),
        ("1-x", f"não entendi as páginas “1-x”; {HELP}"),
        ("1-2-3", f"não entendi as páginas “1-2-3”; {HELP}"),
        ("1,,3", f"há uma vírgula a mais em “1,,3”; {HELP}"),
        ("1-3,", f"há uma vírgula a mais em “1-3,”; {HELP}"),
        ("-5", "“-5” não diz a primeira página; escreva 1-5"),
        ("1 5", "falta um sinal entre 1 e 5; escreva 1-5 (de uma até a outra) ou 1,5 (só as duas)"),
        ("0", "a página 0 não existe: as páginas do arquivo contam a partir de 1"),
        ("0-3", "a página 0 não existe: as páginas do arquivo contam a partir de 1"),
        ("99999", "a página 99999 é alta demais; confira o número"),
        ("1-3,3", "a página 3 aparece duas vezes em “1-3,3”; deixe-a uma vez só"),
        ("8-,9", "a página 9 aparece duas vezes em “8-,9”; deixe-a uma vez só"),
        ("9" * 1500, "a página 999999999 é alta demais; confira o número"),
        ("9" * 5000, "há páginas demais em um item só; divida-o em vários itens da mesma seção"),
        ("fls. 1-5", "“fls. 1-5” são folhas; escreva as páginas do arquivo digitalizado, contadas a partir de 1"),
    ],
)
def test_faults_are_reported_with_what_to_write(text: str, message: str) -> None:
    pages = parse_pages(text)
    assert (pages.message if isinstance(pages, BadPages) else pages.reminder) == message


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("1-3,8", 8, (1, 2, 3, 8)),
        ("8-", 10, (8, 9, 10)),
        ("10-", 10, (10,)),
        ("3,1", 3, (3, 1)),
        ("9", 8, "a página 9 não existe: o arquivo só tem 8 páginas"),
        ("1-3", 1, "a página 3 não existe: o arquivo só tem 1 página"),
        ("12-", 8, "a página 12 não existe: o arquivo só tem 8 páginas"),
    ],
)
def test_ranges_ask_for_pages_that_are_there(text: str, count: int, expected: tuple[int, ...] | str) -> None:
    pages = parse_pages(text)
    assert isinstance(pages, Pages)
    numbers = resolve(pages.spans, count)
    assert (numbers.message if isinstance(numbers, BadPages) else numbers) == expected


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("1-3,,8,", "1-3,8"),
        ("-5", "1-5"),
        ("2,-5", "2,1-5"),
        ("1-3.", "1-3"),
        ("7:", "7"),
        ("1-x", ""),
        ("5-0,x", ""),
        ("1 5", ""),
    ],
)
def test_the_pages_that_were_probably_meant(text: str, proposal: str) -> None:
    pages = parse_pages(text)
    assert isinstance(pages, BadPages)
    assert pages.proposal == proposal


def test_no_spans_are_all_pages() -> None:
    assert resolve((), 3) == (1, 2, 3)


def test_a_span_knows_its_pages() -> None:
    assert [page for page in range(1, 8) if page in Span(3, 5)] == [3, 4, 5]
    assert 900 in Span(8, None)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789-,; ae–º\u00a0\u200b", max_size=20) | st.text(max_size=20))
def test_any_text_gives_pages_or_a_sentence(text: str) -> None:
    pages = parse_pages(text)
    if isinstance(pages, BadPages):
        assert pages.message
    else:
        again = parse_pages(",".join(map(str, pages.spans)))
        assert again == Pages(pages.spans, order=pages.order)
        numbers = resolve(pages.spans, 9999)
        assert not isinstance(numbers, BadPages) or LAST in pages.spans
        assert isinstance(numbers, BadPages) or len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("text", "count", "pages"),
    [
        ("impares", 5, (1, 3, 5)),
        ("pares", 5, (2, 4)),
        ("as páginas ímpares", 5, (1, 3, 5)),
        ("1-5 pares", 9, (2, 4)),
        ("4- impares", 9, (5, 7, 9)),
        ("7-1 ímpares", 9, (7, 5, 3, 1)),
        ("última", 5, (5,)),
        ("1-2, última página", 5, (1, 2, 5)),
        ("3 a última", 5, (3, 4, 5)),
        ("5-1", 5, (5, 4, 3, 2, 1)),
        ("3-1,5,4", 5, (3, 2, 1, 5, 4)),
    ],
)
def test_words_and_falling_ranges_mean_what_they_say(text: str, count: int, pages: tuple[int, ...]) -> None:
    read = parse_pages(text)
    assert isinstance(read, Pages)
    assert resolve(read.spans, count) == pages


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("10-1", "páginas 10-1 na ordem escrita, de trás para a frente: 10, 9, …, 1; {}"),
        ("3-1", "páginas 3-1 na ordem escrita, de trás para a frente: 3, 2, 1; {}"),
        ("8,2-1", "páginas 2-1 na ordem escrita, de trás para a frente: 2, 1; {}"),
        ("8,2,1", ""),
    ],
)
def test_whoever_writes_pages_backwards_is_reminded_of_their_order(text: str, order: str) -> None:
    read = parse_pages(text)
    assert isinstance(read, Pages)
    assert read.order == order.format("confira no relatório se a primeira folha ficou mesmo em primeiro lugar")
    assert read.reminder == ""


@pytest.mark.parametrize(
    ("text", "count", "message"),
    [
        ("pares", 1, "não há páginas pares: o arquivo só tem 1 página"),
        ("9- impares", 8, "não há páginas 9- impares: o arquivo só tem 8 páginas"),
        ("8-10,ultima", 10, "a página 10 aparece duas vezes em “8-10,ultima”: o arquivo só tem 10 páginas"),
        ("10-1", 8, "a página 10 não existe: o arquivo só tem 8 páginas"),
    ],
)
def test_pages_that_the_file_has_not_are_reported(text: str, count: int, message: str) -> None:
    read = parse_pages(text)
    assert isinstance(read, Pages)
    assert resolve(read.spans, count) == BadPages(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("impares,7", "a página 7 aparece duas vezes em “impares,7”; deixe-a uma vez só"),
        ("5-1,3", "a página 3 aparece duas vezes em “5-1,3”; deixe-a uma vez só"),
        ("3-3 pares", "não há páginas pares em 3-3"),
        ("5 pares", f"não entendi as páginas “5 pares”; {HELP}"),
    ],
)
def test_words_that_cannot_be_meant_are_reported(text: str, message: str) -> None:
    read = parse_pages(text)
    assert isinstance(read, BadPages)
    assert read.message == message
