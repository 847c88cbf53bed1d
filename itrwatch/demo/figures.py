"""Draws pages without running text: form, photograph, postal receipt, single marks, blank sheets."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from itrwatch.demo import texts
from itrwatch.demo.layouts import BLUE_PEN, STAMP_INKS, sign, stamp
from itrwatch.demo.marks import handwriting, postmark, rubber_stamp, written_number
from itrwatch.demo.sheet import BLACK, GREY, Sheet

_AR_SIZE = (186.0, 114.0)
"""Size of the postal receipt, mm. Physical."""

_FORM_ROWS = (
    "Área total do imóvel",
    "Área de preservação permanente",
    "Área de reserva legal",
    "Área tributável",
    "Área ocupada com benfeitorias",
    "Área aproveitável",
    "Área de produtos vegetais",
    "Área de descanso",
    "Área de reflorestamento",
    "Área de pastagem",
    "Área de exploração extrativa",
    "Área utilizada na atividade rural",
    "Grau de utilização (%)",
    "Valor total do imóvel",
    "Valor das construções e benfeitorias",
    "Valor das culturas e pastagens",
    "Valor da terra nua",
    "Valor da terra nua tributável",
    "Alíquota (%)",
    "Imposto devido",
)


def form(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Page of the declaration: a grid of labels and numbers."""
    sheet = Sheet(rng, dpi)
    left, right = 18.0, 192.0
    sheet.frame(left, 14, right, 34, 0.4)
    sheet.write(left + 4, 22, "MINISTÉRIO DA FAZENDA – RECEITA FEDERAL", 9)
    sheet.write(left + 4, 30, "DITR – DECLARAÇÃO DO IMPOSTO SOBRE A PROPRIEDADE TERRITORIAL RURAL", 10, bold=True)
    sheet.write(right - 4, 22, f"EXERCÍCIO {rng.integers(2018, 2023)}", 11, bold=True, anchor="rs")
    for i, (label, value) in enumerate(
        (("NIRF", texts.NIRF), ("NOME DO IMÓVEL", texts.FARM), ("MUNICÍPIO / UF", "SERRA DO IPÊ / MG"))
    ):
        x = left + i * 58
        sheet.frame(x, 38, x + 58, 51)
        sheet.write(x + 2, 42, label, 7)
        sheet.write(x + 2, 48.5, value, 11)
    sheet.frame(left, 56, right, 63, 0.25, fill=(222, 222, 222))
    sheet.write(left + 3, 61, "DISTRIBUIÇÃO DAS ÁREAS (ha) E CÁLCULO DO IMPOSTO (R$)", 9, bold=True)
    for i, label in enumerate(_FORM_ROWS):
        y = 63 + i * 10.0
        sheet.frame(left, y, right, y + 10)
        sheet.rule(left + 14, y, left + 14, y + 10)
        sheet.rule(right - 55, y, right - 55, y + 10)
        sheet.write(left + 7, y + 6.6, f"{i + 1:02d}", 10, anchor="ms")
        sheet.write(left + 17, y + 6.6, label, 10)
        # The first thirteen rows are areas, the others amounts.
        value = texts.money(rng) if i >= 13 else texts.hectares(rng)
        sheet.write(right - 3, y + 6.6, value, 11, anchor="rs")
    sheet.write(
        left,
        271,
        f"Recibo nº {rng.integers(10, 99)}.{rng.integers(10, 99)}.{rng.integers(10, 99)}.{rng.integers(10, 99)}-{rng.integers(10, 99)}",
        9,
    )
    sheet.write(
        right,
        271,
        f"Transmitida em {texts.date(rng)} às {rng.integers(8, 18):02d}:{rng.integers(0, 60):02d}",
        9,
        anchor="rs",
    )
    return sheet.image


def _clouds(rng: np.random.Generator, width: int, height: int, cells: int, octaves: int = 5) -> NDArray[np.float32]:
    """Smooth random noise from 0 to 1, ``(height, width)``: the sum of ``octaves`` octaves, the coarsest with ``cells`` cells across."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        across = cells << octave
        grid = rng.random((max(2, across * height // width), across), dtype=np.float32)
        # Value noise: each octave has twice as many cells and half the weight of the previous one.
        total += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC) / (1 << octave)
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low)


def landscape(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A photograph of fields, hills and sky, ``width`` by ``height`` pixels."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    sky = np.array((96, 148, 214), np.float32) * (1 - down) + np.array((226, 232, 236), np.float32) * down
    cloud = np.clip(_clouds(rng, width, height, 4) * 2.2 - 0.9, 0, 1)[..., None]
    # From far to near: each ridge covers the scene behind it.
    scene = sky * (1 - 0.75 * cloud) + 248 * 0.75 * cloud
    rows = np.arange(height, dtype=np.float32)[:, None]
    grass = _clouds(rng, width, height, 24, 4)[..., None]
    ridges = (
        (0.42, 0.10, (120, 140, 158)),
        (0.50, 0.08, (86, 116, 92)),
        (0.58, 0.05, (104, 132, 58)),
        (0.72, 0.03, (158, 146, 70)),
    )
    for level, relief, colour in ridges:
        # One row of noise is the outline of the hill.
        ridge = height * (level + relief * (_clouds(rng, width, 2, 3, 5)[0] - 0.5))
        land = np.clip(rows - ridge[None, :], 0, 1)[..., None]
        shade = np.array(colour, np.float32) * (0.62 + 0.6 * grass + 0.25 * (down - level))
        scene = scene * (1 - land) + shade * land
    scene += rng.normal(0, 5, (height, width, 1)).astype(np.float32)
    image = np.ascontiguousarray(np.clip(scene, 0, 255).astype(np.uint8))
    for _ in range(int(rng.integers(8, 14))):
        x, y = int(rng.integers(0, width)), int(height * rng.uniform(0.6, 0.75))
        size = height * rng.uniform(0.02, 0.06)
        cv2.line(image, (x, y), (x, round(y - size)), (74, 56, 40), max(1, round(size / 8)), cv2.LINE_AA)
        for _ in range(9):
            leaf = (round(x + rng.normal(0, size * 0.45)), round(y - size * rng.uniform(1, 1.9)))
            green = (int(rng.integers(34, 60)), int(rng.integers(70, 104)), int(rng.integers(30, 50)))
            cv2.circle(image, leaf, round(size * 0.42), green, -1, cv2.LINE_AA)
    return Image.fromarray(image)


def photo(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Photograph with a caption."""
    sheet = Sheet(rng, dpi)
    sheet.write(25, 30, f"ANEXO {rng.integers(1, 9)} – REGISTRO FOTOGRÁFICO", 12, bold=True)
    picture = landscape(rng, sheet.px(160), sheet.px(112))
    sheet.image.paste(picture, (sheet.px(25), sheet.px(42)))
    caption = f"Foto {rng.integers(1, 20)} – Vista do talhão {rng.integers(1, 40)}, {texts.FARM}, em {texts.date(rng)}."
    sheet.write(25, 162, caption, 10)
    sheet.write(
        25,
        168,
        f"Coordenadas: 21°{rng.integers(10, 59)}'S 45°{rng.integers(10, 59)}'O · altitude {rng.integers(600, 1100)} m",
        9,
        colour=GREY,
    )
    return sheet.image


def ar_card(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Postal receipt: a cream card with handwriting and a round postmark."""
    sheet = Sheet(rng, dpi, _AR_SIZE, (250, 241, 214))
    nib = 0.4 / 25.4 * dpi
    sheet.frame(5, 5, 181, 109, 0.4)
    sheet.write(10, 15, "CORREIOS", 15, bold=True, colour=(28, 60, 130))
    sheet.write(62, 14, "AVISO DE RECEBIMENTO", 13, bold=True)
    sheet.write(174, 15, "AR", 22, bold=True, anchor="rs")
    sheet.rule(5, 19, 181, 19)
    sheet.write(8, 23, "DESTINATÁRIO", 7)
    for i, text in enumerate(
        (texts.OWNER.upper(), "RODOVIA MG-050, KM 318, ZONA RURAL", "37.999-000 SERRA DO IPÊ – MG")
    ):
        sheet.write(10, 30 + i * 6, text, 11)
    sheet.rule(5, 46, 181, 46)
    sheet.write(8, 50, "DECLARAÇÃO DE CONTEÚDO", 7)
    sheet.write(10, 56, f"NOTIFICAÇÃO DE LANÇAMENTO ITR Nº {rng.integers(1000, 9999)}/2023", 11)
    sheet.rule(5, 60, 181, 60)
    for x, y, label in (
        (8, 64, "ASSINATURA DO RECEBEDOR"),
        (94, 64, "DATA DE RECEBIMENTO"),
        (8, 83, "NOME LEGÍVEL DO RECEBEDOR"),
        (94, 83, "Nº DOCUMENTO DE IDENTIFICAÇÃO"),
    ):
        sheet.write(x, y, label, 7)
    sheet.rule(5, 79, 136, 79)
    sheet.rule(5, 98, 136, 98)
    sheet.rule(92, 60, 92, 98)
    sheet.rule(136, 60, 136, 109)
    sheet.write(
        8, 104, f"JL {rng.integers(100, 999)} {rng.integers(100, 999)} {rng.integers(100, 999)} BR", 12, bold=True
    )
    sign(sheet, 14, 65.5, 46)
    sheet.ink(handwriting(rng, sheet.px(58), sheet.px(2.2), nib), 12, 87, BLUE_PEN)
    for i, part in enumerate(("02", "10", "23")):
        sheet.ink(written_number(rng, part, sheet.px(5.5), nib), 97 + i * 12, 69.5, BLUE_PEN)
    sheet.ink(written_number(rng, f"{rng.integers(1000000, 9999999)}", sheet.px(5), nib), 97, 88, BLUE_PEN)
    sheet.ink(postmark(rng, sheet.px(31), "SERRA DO IPÊ", "02 OUT 2023"), 139, 62, (44, 44, 56))
    return sheet.image


def lone_signature(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Sheet with a signature and nothing else."""
    sheet = Sheet(rng, dpi)
    sign(sheet, sheet.between(40, 110), sheet.between(60, 220), sheet.between(42, 60))
    return sheet.image


def lone_stamp(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Sheet with only a receipt stamp, which is content, unlike a stamp that declares the page blank."""
    sheet = Sheet(rng, dpi)
    lines = [
        ("PROTOCOLO GERAL", 15.0),
        (f"Nº {rng.integers(1000, 9999)}/2023", 13.0),
        (f"RECEBIDO EM {texts.date(rng)}", 11.0),
    ]
    stamp(
        sheet,
        sheet.between(30, 110),
        sheet.between(40, 220),
        lines,
        STAMP_INKS[rng.integers(4)],
        sheet.between(-12, 12),
    )
    return sheet.image


def faint_pencil(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Sheet with a few lines of pencil, 10 to 20 % darker than the paper."""
    sheet = Sheet(rng, dpi)
    level = round(255 * (1 - sheet.between(0.10, 0.20)))
    x, y = sheet.between(30, 60), sheet.between(60, 180)
    for i in range(int(rng.integers(2, 5))):
        line = handwriting(rng, sheet.px(sheet.between(60, 100)), sheet.px(2.6), 0.5 / 25.4 * dpi)
        sheet.ink(line, x + sheet.between(-2, 2), y + i * 11, (level, level, level))
    return sheet.image


def short_line(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Sheet with one short printed line."""
    sheet = Sheet(rng, dpi)
    lines = ("Nada mais havendo, encerra-se.", "É o relatório.", "Fim do documento.", f"Anexo {rng.integers(1, 9)}")
    sheet.write(28, sheet.between(30, 60), lines[rng.integers(len(lines))], 11)
    return sheet.image


def sheet_number(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Sheet with a number written by hand in the upper right corner and nothing else."""
    sheet = Sheet(rng, dpi)
    number = written_number(rng, str(rng.integers(2, 140)), sheet.px(sheet.between(6, 9)), 0.5 / 25.4 * dpi)
    sheet.ink(number, sheet.between(172, 184), sheet.between(9, 16), BLUE_PEN if rng.random() < 0.6 else BLACK)
    return sheet.image


def blank(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Blank sheet; `paper.scan` adds the texture of paper and scanner."""
    return Sheet(rng, dpi).image


def blank_stamp(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Sheet with only a stamp that declares it blank."""
    sheet = Sheet(rng, dpi)
    text = ("EM BRANCO", "PÁGINA EM BRANCO", "FOLHA EM BRANCO")[rng.integers(3)]
    points = sheet.between(26, 42) if text == "EM BRANCO" else sheet.between(20, 30)
    angle = sheet.between(-10, 10) if rng.random() < 0.5 else sheet.between(25, 55)
    mask = rubber_stamp(
        rng, [(text, points / 72 * dpi)], framed=bool(rng.random() < 0.6), angle=angle, wear=sheet.between(0.15, 0.4)
    )
    x = (sheet.width - mask.shape[1] / dpi * 25.4) / 2 + sheet.between(-15, 15)
    y = (sheet.height - mask.shape[0] / dpi * 25.4) / 2 + sheet.between(-50, 40)
    sheet.ink(mask, x, y, STAMP_INKS[rng.integers(len(STAMP_INKS))])
    return sheet.image
