"""Pages of cases as offices have them: titles as they are written in different places, pages that go on without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from bench.case_bodies import body
from itrwatch.core.sections import Section
from itrwatch.demo import texts
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.sheet import Sheet
from itrwatch.pdf.accents import typeface

DPI = 200
_LEFT, _WIDTH = 25.0, 160.0

TITLES: dict[Section, tuple[str, ...]] = {
    Section.NOTIFICACAO: (
        "NOTIFICAÇÃO DE LANÇAMENTO",
        "NOTIFICAÇÃO DE LANÇAMENTO – ITR",
        "Notificação de Lançamento nº 9304/00123/2023",
        "MINISTÉRIO DA FAZENDA|NOTIFICAÇÃO DE LANÇAMENTO",
        "NOTIFICAÇÃO|DE LANÇAMENTO",
    ),
    Section.CIENCIA: (
        "AVISO DE RECEBIMENTO – AR",
        "TERMO DE JUNTADA DE AR",
        "EDITAL DE INTIMAÇÃO Nº 3/2023",
        "TERMO DE CIÊNCIA",
    ),
    Section.DITR: (
        "DECLARAÇÃO DO IMPOSTO SOBRE A|PROPRIEDADE TERRITORIAL RURAL",
        "DITR – EXERCÍCIO 2019",
        "DIAC – DOCUMENTO DE INFORMAÇÃO E ATUALIZAÇÃO CADASTRAL DO ITR",
        "RECIBO DE ENTREGA DA DECLARAÇÃO DO ITR",
    ),
    Section.TIF: (
        "TERMO DE INTIMAÇÃO FISCAL Nº 017/2022",
        "Termo de Intimação Fiscal",
        "TERMO DE INTIMAÇÃO FISCAL – TIF",
    ),
    Section.TCIF: (
        "TERMO DE CONSTATAÇÃO E INTIMAÇÃO FISCAL",
        "TERMO DE CONSTATAÇÃO|E INTIMAÇÃO FISCAL Nº 5/2022",
        "TERMO DE CONSTATAÇÃO FISCAL",
    ),
    Section.IMPUGNACAO: ("IMPUGNAÇÃO", "IMPUGNAÇÃO AO LANÇAMENTO", "IMPUGNAÇÃO ADMINISTRATIVA"),
    Section.TERMO: ("TERMO DE ENCAMINHAMENTO", "Termo de Encaminhamento", "TERMO DE ENCAMINHAMENTO DE PROCESSO"),
}
"""How documents of each section are headed; “|” breaks the line."""


UNUSUAL: dict[Section, str] = {
    Section.NOTIFICACAO: "LANÇAMENTO DE OFÍCIO – ITR",
    Section.CIENCIA: "RECEBI NESTA DATA A NOTIFICAÇÃO",
    Section.DITR: "EXTRATO DO CONTRIBUINTE",
    Section.TIF: "OFÍCIO Nº 12/2022",
    Section.TCIF: "RELATÓRIO DE FISCALIZAÇÃO",
    Section.IMPUGNACAO: "À PREFEITURA MUNICIPAL",
    Section.TERMO: "OFÍCIO DE REMESSA",
}
"""Headings that say nothing to a program, and to a stranger little."""
RARELY = 0.03
"""So many documents bear one: not known of real offices, chosen so that the figures are not those of the best case."""


COUNTED = 0.5
"""So many documents of several pages have their pages counted in print, in 9 pt. Chosen."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page to draw: ``section`` as it should be proposed; ``first``: it is the first of its document."""

    section: Section
    first: bool
    draw: Callable[[], Image.Image]


def document(section: Section, pages: int, rng: np.random.Generator) -> list[CasePage]:
    """A document of so many pages, and the papers that come with it: an answer, an AR of its own, copies."""
    seed = int(rng.integers(1 << 30))
    made = [CasePage(section, True, lambda: _first(section, seed))]
    made += [CasePage(section, False, lambda number=number: _further(seed + number)) for number in range(1, pages)]  # type: ignore[misc]
    if pages > 1 and rng.random() < COUNTED:
        made = [replace(page, draw=_counted(page.draw, number, pages)) for number, page in enumerate(made, 1)]
    if section in (Section.TIF, Section.TCIF) and rng.random() < 0.5:
        made.append(CasePage(section, False, lambda: draw(PageKind.AR_CARD, seed, DPI)))
    if section is Section.IMPUGNACAO and rng.random() < 0.5:
        made.append(CasePage(section, False, lambda: _first(Section.NOTIFICACAO, seed)))
    if rng.random() < 0.2:
        made.append(CasePage(section, False, lambda: draw(PageKind.BLANK, seed, DPI)))
    return made


def _counted(draw_page: Callable[[], Image.Image], number: int, of: int) -> Callable[[], Image.Image]:
    def drawn() -> Image.Image:
        image = draw_page()
        place = (image.width - round(_LEFT / 25.4 * DPI), image.height - round(6 / 25.4 * DPI))
        ImageDraw.Draw(image).text(place, f"Página {number} de {of}", (60, 60, 60), typeface(25), anchor="rs")
        return image

    return drawn


def _first(section: Section, seed: int) -> Image.Image:
    rng = np.random.default_rng([seed, 1])
    own = {
        Section.CAPA: PageKind.CAPA,
        Section.NOTIFICACAO: PageKind.NOTIFICATION,
        Section.CIENCIA: PageKind.AR_CARD,
        Section.DITR: PageKind.FORM,
        Section.IMPUGNACAO: PageKind.PETITION,
        Section.TERMO: PageKind.TERMO,
    }
    if section in UNUSUAL and rng.random() < RARELY:
        return _titled(UNUSUAL[section], rng, section, ordinary=False)
    if section in own and (section not in TITLES or rng.random() < 0.4):
        return draw(own[section], seed, DPI)
    return _titled(str(rng.choice(TITLES[section])), rng, section)


def _titled(title: str, rng: np.random.Generator, section: Section, *, ordinary: bool = True) -> Image.Image:
    sheet = Sheet(rng, DPI)
    y = 20.0
    if rng.random() < 0.7:
        sheet.write(sheet.width / 2, y, texts.MUNICIPALITY, 13, bold=True, anchor="ms")
        sheet.write(sheet.width / 2, y + 6, texts.OFFICE, 10, anchor="ms")
        y += 22
    points = sheet.between(11, 18)
    for line in title.split("|"):
        size = min(points, 11 * _WIDTH / (sheet.font(11).getlength(line) / DPI * 25.4) * 0.98)
        place = (sheet.width / 2, "ms") if rng.random() < 0.8 else (_LEFT, "ls")
        sheet.write(place[0], y + 6, line, size, bold=bool(rng.random() < 0.7), anchor=place[1])
        y += size * 0.53 + 1.5
    sheet.write(_LEFT, y + 12, f"Processo nº 13153.720210/2019-34 · Contribuinte: {texts.OWNER}", 10)
    if section is Section.TERMO:
        sheet.paragraph(_LEFT, y + 24, _WIDTH, _body_of_a_termo(rng), 11, leading=1.5, indent=10)
    elif ordinary:
        _paragraphs(sheet, y + 24, rng)
    else:
        y += 24
        for text in body(section, rng):
            y = sheet.paragraph(_LEFT, y, _WIDTH, text, 11, indent=10) + 2.5
    return sheet.image


def _body_of_a_termo(rng: np.random.Generator) -> str:
    """What a termo says, in the words of different offices; whether there is an impugnação, and the folhas, by chance."""
    last, first = int(rng.integers(20, 200)), int(rng.integers(5, 18))
    filed = rng.random() < 0.6
    some = {
        True: (
            f"Houve impugnação, que está nas folhas {first} a {last - 1}.",
            f"A contribuinte apresentou impugnação tempestiva (fls. {first} a {last - 1}).",
            f"Consta defesa protocolizada em {texts.date(rng)}, às fls. {first} a {last - 1}.",
        ),
        False: (
            "Não houve impugnação no prazo.",
            "Decorreu o prazo sem apresentação de defesa.",
            "O prazo de trinta dias transcorreu sem impugnação do sujeito passivo.",
        ),
    }[filed]
    sends = (
        f"Encaminha-se à Receita Federal do Brasil o processo acima, com folhas numeradas de 1 a {last}, inclusive este termo.",
        f"Encaminhamos a Vossa Senhoria, para as providências dessa Delegacia da Receita Federal, os autos do processo em referência, com {last} folhas.",
        f"Nesta data faço remessa à Receita Federal do Brasil dos presentes autos, que contêm {last} folhas numeradas e rubricadas.",
        f"Remetemos o processo administrativo fiscal à unidade da RFB competente para o seu prosseguimento. O volume tem {last} fls.",
        f"Ao término do procedimento, remeta-se o processo à Receita Federal, com as suas {last} folhas.",
    )
    ends = (
        "O processo em papel será arquivado neste Município.",
        "Foram retiradas da digitalização as páginas em branco.",
        f"A folha {first} está pouco legível no original.",
        "Sem mais para o momento, renovamos protestos de estima e consideração.",
    )
    return " ".join(str(rng.choice(part)) for part in (sends, some, ends))


def _further(seed: int) -> Image.Image:
    """A page that goes on: text, a photograph, a map without words, pencil."""
    rng = np.random.default_rng([seed, 2])
    if rng.random() < 0.25:
        return draw(PageKind(str(rng.choice([PageKind.PHOTO, PageKind.SHEET_NUMBER, PageKind.LONE_STAMP]))), seed, DPI)
    sheet = Sheet(rng, DPI)
    _paragraphs(sheet, 30.0, rng)
    return sheet.image


def _paragraphs(sheet: Sheet, y: float, rng: np.random.Generator) -> None:
    for text in texts.audit_paragraphs(rng, 8):
        if y + len(text) * 11 * 0.176 / _WIDTH * 6 > 265:
            break
        y = sheet.paragraph(_LEFT, y, _WIDTH, text, 11, indent=10) + 2.5
