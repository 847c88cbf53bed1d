"""Draws pages of text (capa, letters, notification, petition, termo) with their stamps and signatures."""

from __future__ import annotations

import numpy as np
from PIL import Image

from itrwatch.demo import texts
from itrwatch.demo.marks import rubber_stamp, signature
from itrwatch.demo.sheet import BLACK, GREY, Colour, Sheet

BLUE_PEN: Colour = (32, 52, 148)
STAMP_INKS: tuple[Colour, ...] = ((38, 62, 160), (178, 32, 44), (88, 44, 130), (22, 112, 70), (30, 30, 36))
"""Blue, red, violet, green, black."""

_LEFT, _WIDTH = 28.0, 158.0
"""Left margin and line width of the text, mm. Chosen."""


def _heading(sheet: Sheet) -> float:
    """Draw the letterhead of the municipality; returns the y at which the text may begin, mm."""
    x, y = _LEFT + 9, 22.0
    sheet.pen.ellipse([sheet.px(v) for v in (x - 9, y - 9, x + 9, y + 9)], outline=BLACK, width=sheet.px(0.5))
    sheet.pen.polygon(
        [(sheet.px(x + dx), sheet.px(y + dy)) for dx, dy in ((-5.5, -5), (5.5, -5), (5.5, 2), (0, 7), (-5.5, 2))],
        outline=BLACK,
        width=sheet.px(0.5),
    )
    sheet.rule(x - 5.5, y - 1, x + 5.5, y - 1, 0.5)
    sheet.write(_LEFT + 23, 20, texts.MUNICIPALITY, 14, bold=True)
    sheet.write(_LEFT + 23, 26, texts.OFFICE, 10)
    sheet.write(_LEFT + 23, 31, "Praça da Matriz, 145 · CEP 37.999-000 · CNPJ 18.000.111/0001-22", 8, colour=GREY)
    sheet.rule(_LEFT, 36, _LEFT + _WIDTH, 36, 0.5)
    return 48.0


def _footer(sheet: Sheet) -> None:
    sheet.rule(_LEFT, 281, _LEFT + _WIDTH, 281, 0.2, GREY)
    code = sheet.rng.integers(1000, 9999)
    sheet.write(_LEFT, 286, f"Processo nº 13153.720210/2019-34 · Documento {code}", 8, colour=GREY)


def _body(sheet: Sheet, y: float, paragraphs: list[str], bottom: float = 262, points: float = 11) -> float:
    """Print paragraphs while they fit above ``bottom`` mm; returns the next y, mm."""
    for text in paragraphs:
        # Estimate: the average width of a letter is half the font size, 0.176 mm per point.
        lines = len(text) * points * 0.176 / _WIDTH + 1
        if y + lines * points * 0.53 > bottom:
            break
        y = sheet.paragraph(_LEFT, y, _WIDTH, text, points, indent=12) + 2.5
    return y


def _signer(sheet: Sheet, x: float, y: float, name: str, post: str) -> None:
    sheet.rule(x - 36, y, x + 36, y, 0.2)
    sheet.write(x, y + 5, name, 10, anchor="ms")
    sheet.write(x, y + 9.5, post, 9, anchor="ms")


def sign(sheet: Sheet, x: float, y: float, length: float, colour: Colour = BLUE_PEN) -> None:
    """Draw a signature about ``length`` mm long, upper left corner at ``x``, ``y`` mm."""
    sheet.ink(signature(sheet.rng, sheet.px(length), 0.45 / 25.4 * sheet.dpi), x, y, colour)


def stamp(sheet: Sheet, x: float, y: float, lines: list[tuple[str, float]], colour: Colour, angle: float) -> None:
    """Draw a rubber stamp of ``lines``, each with its size in points, upper left corner at ``x``, ``y`` mm."""
    sized = [(text, points / 72 * sheet.dpi) for text, points in lines]
    sheet.ink(rubber_stamp(sheet.rng, sized, angle=angle), x, y, colour)


def _protocol(sheet: Sheet, x: float, y: float, colour: Colour) -> None:
    lines = [
        ("PREFEITURA DE SERRA DO IPÊ", 11.0),
        ("PROTOCOLO GERAL", 15.0),
        (f"Nº {sheet.rng.integers(1000, 9999)}/2023", 13.0),
        (f"RECEBIDO EM {texts.date(sheet.rng)}", 11.0),
    ]
    stamp(sheet, x, y, lines, colour, sheet.between(-9, 9))


def _letter(rng: np.random.Generator, dpi: int, bottom: float) -> tuple[Sheet, float]:
    sheet = Sheet(rng, dpi)
    y = _heading(sheet)
    title = f"TERMO DE INTIMAÇÃO FISCAL Nº {rng.integers(10, 999)}/2023"
    sheet.write(sheet.width / 2, y, title, 13, bold=True, anchor="ms")
    sheet.write(_LEFT, y + 9, f"Contribuinte: {texts.OWNER}", 10)
    sheet.write(_LEFT, y + 14, f"Imóvel: {texts.FARM} · NIRF {texts.NIRF} · Exercício {rng.integers(2018, 2023)}", 10)
    y = _body(sheet, y + 25, texts.audit_paragraphs(rng, 9), bottom)
    _footer(sheet)
    return sheet, y


def capa(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Cover of the paper file."""
    sheet = Sheet(rng, dpi)
    _heading(sheet)
    sheet.frame(_LEFT, 70, _LEFT + _WIDTH, 240, 0.7)
    rows = (
        ("PROCESSO", "13153.720210/2019-34"),
        ("INTERESSADO", texts.OWNER),
        ("IMÓVEL", f"{texts.FARM} · NIRF {texts.NIRF}"),
        ("ASSUNTO", "ITR – Lançamento de ofício"),
        ("EXERCÍCIO", str(rng.integers(2018, 2023))),
        ("AUTUAÇÃO", texts.date(rng)),
    )
    for i, (label, value) in enumerate(rows):
        y = 84 + i * 26
        sheet.write(_LEFT + 8, y, label, 10, colour=GREY)
        sheet.write(_LEFT + 8, y + 10, value, 18, bold=i < 2)
        sheet.rule(_LEFT, y + 15, _LEFT + _WIDTH, y + 15, 0.25)
    return sheet.image


def letter(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Page of text of the tax office."""
    return _letter(rng, dpi, 266)[0].image


def notification(rng: np.random.Generator, dpi: int) -> Image.Image:
    """First page of the notificação, stamped and signed by author and head of the tax body."""
    sheet = Sheet(rng, dpi)
    y = _heading(sheet)
    sheet.write(sheet.width / 2, y + 2, "NOTIFICAÇÃO DE LANÇAMENTO", 17, bold=True, anchor="ms")
    sheet.write(
        sheet.width / 2, y + 9, f"Nº {rng.integers(1000, 9999)}/00{rng.integers(100, 999)}/2023", 12, anchor="ms"
    )
    top = y + 16
    cells = (
        ("1 – Sujeito passivo", texts.OWNER),
        ("2 – CNPJ", "12.345.678/0001-95"),
        ("3 – Imóvel rural", texts.FARM),
        ("4 – NIRF", texts.NIRF),
    )
    amounts = (
        ("5 – Imposto suplementar", 40_000),
        ("6 – Juros de mora", 9_000),
        ("7 – Multa de ofício (75 %)", 30_000),
        ("8 – Total R$", 80_000),
    )
    rows = [*cells, *((label, texts.money(rng, low, low * 2)) for label, low in amounts)]
    for i, (label, value) in enumerate(rows):
        left, high = _LEFT + (i % 2) * _WIDTH / 2, top + (i // 2) * 13
        sheet.frame(left, high, left + _WIDTH / 2, high + 13)
        sheet.write(left + 2, high + 4, label, 7)
        sheet.write(left + 2, high + 10.5, value, 11)
    _body(sheet, top + 64, texts.audit_paragraphs(rng, 5), 215)
    _signer(sheet, 68, 252, "Helena Prado Nogueira", "Fiscal de Tributos · Matr. 4.817")
    _signer(sheet, 146, 252, "Otávio Lima Serrano", "Secretário da Fazenda · Matr. 2.093")
    sign(sheet, 44, 236, 44)
    sign(sheet, 120, 237, 46, (24, 24, 60))
    lines = [("PREFEITURA MUNICIPAL", 9.0), ("FISCALIZAÇÃO DO ITR", 11.0), ("Matr. 4.817", 9.0)]
    stamp(sheet, 62, 241, lines, STAMP_INKS[0], sheet.between(-8, 8))
    _footer(sheet)
    return sheet.image


def stamped(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Letter with a coloured protocol stamp over its text."""
    sheet, _ = _letter(rng, dpi, 266)
    _protocol(sheet, sheet.between(60, 115), sheet.between(120, 205), STAMP_INKS[rng.integers(4)])
    return sheet.image


def signed(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Letter signed with a blue pen."""
    sheet, y = _letter(rng, dpi, 205)
    line = min(y + 34, 255.0)
    sheet.write(_LEFT + 12, line - 24, f"Serra do Ipê, {texts.date(rng)}.", 11)
    _signer(sheet, 128, line, "Helena Prado Nogueira", "Fiscal de Tributos · Matr. 4.817")
    sign(sheet, sheet.between(96, 106), line - 17, sheet.between(44, 58))
    return sheet.image


def petition(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Page of the landowner's defence, with the receipt stamped in black."""
    sheet = Sheet(rng, dpi)
    address = "ILUSTRÍSSIMO SENHOR DELEGADO DA RECEITA FEDERAL DO BRASIL DE JULGAMENTO"
    y = sheet.paragraph(_LEFT, 36, _WIDTH, address, 12)
    sheet.write(_LEFT, y + 26, f"Processo nº 13153.720210/2019-34 – Notificação nº {rng.integers(1000, 9999)}/2023", 11)
    sheet.write(sheet.width / 2, y + 40, "IMPUGNAÇÃO", 14, bold=True, anchor="ms")
    heads = ("I – DOS FATOS", "II – DO DIREITO", "III – DO PEDIDO")
    y += 52
    for head, text in zip(heads, texts.petition_paragraphs(rng, 3), strict=True):
        sheet.write(_LEFT, y, head, 11, bold=True)
        y = sheet.paragraph(_LEFT, y + 8, _WIDTH, text, 11, indent=12) + 6
    sheet.write(
        sheet.width / 2, 268, f"Advogado – OAB/MG {rng.integers(20, 190)}.{rng.integers(100, 999)}", 10, anchor="ms"
    )
    _protocol(sheet, sheet.between(105, 120), 42, STAMP_INKS[4])
    return sheet.image


def termo(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Termo de encaminhamento, the last sheet of the case."""
    sheet = Sheet(rng, dpi)
    y = _heading(sheet)
    sheet.write(sheet.width / 2, y + 6, "TERMO DE ENCAMINHAMENTO", 15, bold=True, anchor="ms")
    text = (
        f"Encaminha-se à Receita Federal do Brasil o processo nº 13153.720210/2019-34, do contribuinte {texts.OWNER}, "
        f"NIRF {texts.NIRF}, com folhas numeradas de 1 a 18, inclusive este termo. Houve impugnação, apresentada em 20/10/2023, "
        "que está nas folhas 14 a 17 e segue em arquivo separado. Foram retiradas da digitalização as páginas em branco. O "
        "processo em papel será arquivado neste Município."
    )
    y = sheet.paragraph(_LEFT, y + 24, _WIDTH, text, 12, leading=1.7, indent=14)
    sheet.write(_LEFT + 14, y + 14, "Serra do Ipê, 06 de novembro de 2023.", 12)
    _signer(sheet, sheet.width / 2, y + 52, "Helena Prado Nogueira", "Fiscal de Tributos · Matr. 4.817")
    sign(sheet, 78, y + 34, 52, (28, 28, 34))
    _footer(sheet)
    return sheet.image
