"""The keys of the sidecar: name, kind of value and purpose of each.

This table is the only source for the validator, which uses the words, and for the JSON Schema
(`itrwatch.sidecar.schema`), which gives an editor all of it. A new key is added here first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from itrwatch.core.case_description import Modo, Numeracao, OrdemVersos, Via
from itrwatch.core.choice import Choice
from itrwatch.core.manual import PAPERS
from itrwatch.core.pages import Turn
from itrwatch.core.sections import Section


@dataclass(frozen=True, slots=True)
class Text:
    """Any text on one line."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""


@dataclass(frozen=True, slots=True)
class WordList:
    """A list of words; ``known``: those that the manual uses; others are kept as written."""

    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileName:
    """One scan, optionally with pages after it."""


@dataclass(frozen=True, slots=True)
class PageList:
    """Pages of a scan; ``closed``: a range must have a last page."""

    closed: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number from ``least`` on, at most four digits."""

    least: int = 1


@dataclass(frozen=True, slots=True)
class Turns:
    """Pages with degrees clockwise."""


@dataclass(frozen=True, slots=True)
class SectionList:
    """The items of ``secoes``, in short or long form."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value, kept as written."""


@dataclass(frozen=True, slots=True)
class Block:
    """Keys with values, in any order."""

    keys: tuple[Key, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The keys, without accents."""
        return tuple(key.word for key in self.keys)


Value = Text | Day | Choice | WordList | FileName | PageList | Count | Turns | SectionList | Anything | Block


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``about``: the text that an editor shows (Portuguese); ``example``: a value in YAML."""

    word: str
    about: str
    value: Value = field(default_factory=Text)
    example: str = ""
    required: bool = False
    needs: str = ""
    """The key that this one requires, or empty."""


DOCUMENTS = tuple(PAPERS)
"""The words of ``documentos`` for the papers that the tutorial names."""

DEGREES: dict[int, Turn] = {0: 0, 90: 90, 180: 180, 270: 270, -90: 270, -180: 180, -270: 90}
"""Accepted values of `girar` → degrees clockwise."""

SECTIONS = {section.value: section.heading for section in Section}
"""The section words with their headings."""

LONG = Block(
    (
        Key("tipo", "A seção a que pertencem as páginas deste item.", Choice(SECTIONS), "impugnacao", required=True),
        Key(
            "arquivo",
            "O arquivo digitalizado, na própria pasta do processo; se está numa subpasta, com o nome dela na frente: 20261129/scan.pdf.",
            FileName(),
            "impugnacao.pdf",
            required=True,
        ),
        Key("paginas", "As páginas do arquivo, contadas a partir de 1; sem esta linha, todas.", PageList(), "1-26"),
        Key("girar", "Páginas a girar, com os graus no sentido do relógio.", Turns(), "{3: 90}"),
        Key("manter", "Páginas que nunca devem ser retiradas como em branco.", PageList(closed=True), "[4]"),
        Key("remover", "Páginas a deixar de fora, a pedido.", PageList(closed=True), "[9]"),
        Key(
            "versos",
            "O arquivo (ou as páginas dele) com os versos, quando foram digitalizados depois das frentes: as páginas são "
            "alternadas, frente e verso.",
            FileName(),
            "verso.pdf 1-26",
        ),
        Key(
            "ordem_versos",
            "Em que ordem os versos foram digitalizados.",
            Choice(
                {
                    OrdemVersos.INVERSA: "do último para o primeiro, com a pilha virada (é o normal)",
                    OrdemVersos.DIRETA: "na mesma ordem das frentes",
                }
            ),
            "direta",
            needs="versos",
        ),
        Key("girar_versos", "O mesmo que “girar”, no arquivo dos versos.", Turns(), "{3: 90}", needs="versos"),
        Key(
            "manter_versos",
            "O mesmo que “manter”, no arquivo dos versos.",
            PageList(closed=True),
            "[4]",
            needs="versos",
        ),
        Key(
            "remover_versos",
            "O mesmo que “remover”, no arquivo dos versos.",
            PageList(closed=True),
            "[9]",
            needs="versos",
        ),
        Key("folhas", "Quantas folhas este item deve ter; se não tiver, nada é publicado.", Count(), "26"),
    )
)
"""The long form of an item of ``secoes``, with keys that the short form lacks."""

_DOCUMENTOS = WordList(DOCUMENTS)

CIENCIA = Block(
    (
        Key(
            "modo",
            "Como o contribuinte foi cientificado.",
            Choice(
                {
                    Modo.PESSOAL: "entregue em mãos, com assinatura",
                    Modo.POSTAL: "pelo correio, com aviso de recebimento (AR)",
                    Modo.EDITAL: "publicada em edital",
                }
            ),
            "postal",
        ),
        Key("data", "O dia da ciência: dia/mês/ano.", Day(), "02/10/2023"),
        Key("documentos", "Os documentos que provam a ciência e estão no processo.", _DOCUMENTOS, "[ar]"),
        Key("envio", "O dia em que a carta foi enviada, se o AR voltou sem data: dia/mês/ano.", Day(), "02/10/2023"),
    )
)

IMPUGNACAO = Block(
    (
        Key("data", "O dia do protocolo, ou o da postagem se veio pelo correio: dia/mês/ano.", Day(), "20/10/2023"),
        Key(
            "via",
            "Como a impugnação chegou.",
            Choice({Via.PROTOCOLO: "entregue no protocolo", Via.CORREIOS: "enviada pelo correio"}),
            "protocolo",
        ),
        Key(
            "documentos",
            "Os documentos que acompanham a impugnação e estão no processo.",
            _DOCUMENTOS,
            "[protocolo, identidade]",
        ),
    )
)

SIDECAR = Block(
    (
        Key(
            "secoes",
            "O que é cada arquivo, um item por linha, em qualquer ordem: o itrwatch põe na ordem do manual. "
            "Só “notificacao” é obrigatória.",
            SectionList(),
            "[notificacao: scan 001.pdf 1-5]",
            required=True,
        ),
        Key(
            "processo",
            "O número do processo. Opcional; deve ser o mesmo do nome da pasta.",
            example="13153.720210/2019-34",
        ),
        Key("contribuinte", "O nome do contribuinte, para o relatório.", example="Fazenda Boa Vista Ltda"),
        Key("exercicio", "O exercício fiscalizado, para o relatório.", example="2019"),
        Key("nirf", "O NIRF (CIB) do imóvel, para o relatório.", example="0012345"),
        Key(
            "ciencia",
            "A ciência da notificação: modo, data e documentos. As páginas ficam em “secoes”.",
            CIENCIA,
            "{modo: postal, data: 02/10/2023, documentos: [ar]}",
        ),
        Key(
            "impugnacao",
            "A impugnação: data, via e documentos. As páginas ficam em “secoes”.",
            IMPUGNACAO,
            "{data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}",
        ),
        Key(
            "numeracao",
            "De onde vêm os números das folhas.",
            Choice(
                {
                    Numeracao.SEQUENCIAL: "o itrwatch conta e carimba (é o normal)",
                    Numeracao.PAPEL: "o papel já está numerado: a folha em branco retirada deixa um número vago",
                    Numeracao.NENHUMA: "nada é carimbado",
                }
            ),
            "sequencial",
        ),
        Key(
            "complemento",
            "A pasta tem só o que é novo, depois de uma juntada aceita: o número da juntada, 2 para o primeiro complemento. "
            "“notificacao” deixa de ser obrigatória.",
            Count(least=2),
            "2",
        ),
        Key(
            "primeira_folha",
            "O número da primeira folha do complemento: o seguinte ao da última folha que já foi juntada.",
            Count(),
            "77",
            needs="complemento",
        ),
        Key("andamento", "O que já aconteceu no e-CAC.", Anything(), "[]"),
    )
)
"""The first level."""
