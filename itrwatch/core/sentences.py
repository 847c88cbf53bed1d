"""Code and facts → the Portuguese sentence: ``(Code.SECTION_EMPTY, {"section": "termo"})`` → “todas as páginas da seção …”.

Only this module turns findings into text; no code parses the text. A sentence has two parts: ``what`` was found, also shown
alone beside the picture of a page, and ``then``, what to do, with its leading comma or colon. The fact ``text`` is a sentence
made by the reader of a scan or of the sidecar; it replaces the sentence of the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from itrwatch.core.codes import Code
from itrwatch.core.manual import FIRST_DAY_WITHOUT_CAPA, PAPERS, SECTIONS, Norm, Paragraph, Rule

Fact = str | int | date
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Sentence:
    """``what`` (or the text that it returns) and ``then`` have facts in braces; ``rule``: the paragraph or norm that supports it."""

    what: str | Callable[[Facts], str] = "{text}"
    then: str = ""
    rule: Rule | None = None

    def __post_init__(self) -> None:
        assert self.then[:1] in tuple(",;:.( ") or not self.then, f"“then” begins with its comma or colon: {self.then}"


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence with its facts inserted."""

    what: str
    then: str
    rule: str

    @property
    def message(self) -> str:
        """Both parts."""
        return self.what + self.then


def word(code: Code, facts: Facts) -> Wording:
    """The sentence of a finding. Raises ``KeyError`` if a required fact is missing."""
    sentence = SENTENCES.get(code, _WORDED)
    rule = str(facts.get("rule", sentence.rule or ""))
    if "text" in facts:
        return Wording(str(facts["text"]), str(facts.get("then", "")), rule)
    shown = {name: f"{fact:%d/%m/%Y}" if isinstance(fact, date) else fact for name, fact in facts.items()}
    what = sentence.what if isinstance(sentence.what, str) else sentence.what(facts)
    return Wording(what.format_map(shown), sentence.then.format_map(shown), rule)


_WORDED = Sentence()
_DOCUMENT = ". Se já está entre as páginas, acrescente “{word}” em “documentos”; se não está, junte ao processo"
_KEPT = ": a página foi mantida; confira"
_BOTH = "; os dois são obrigatórios, o AR devolvido e o Edital"


def _legible(what: str, better: str, check: str = "confira se dá para ler tudo; se não dá") -> Sentence:
    return Sentence(what, f": {check}, digitalize de novo{better}; {Paragraph.LEGIVEIS.says}", Paragraph.LEGIVEIS)


def _missing(word: str, rule: Paragraph) -> Sentence:
    section = SECTIONS[word]
    return Sentence(f"falta a seção “{word}” ({section.heading})", f": {section.missing}", rule)


def _pages_unused(facts: Facts) -> str:
    one = facts["count"] == 1
    which = "a página {pages} de {name} está" if one else "as páginas {pages} de {name} estão"
    return f"{which} fora de todas as seções e não {'foi' if one else 'foram'} para os PDFs"


def _as_scanned(facts: Facts) -> str:
    published = (
        "foi publicado o desenho dela, como um leitor de PDF a mostra"
        if facts["drawn"]
        else "foi publicada a própria imagem da digitalização"
    )
    return f"nenhuma forma mais leve desta página passou na conferência com o original; {published}, e o arquivo fica maior"


def _numbers_missing(facts: Facts) -> str:
    if facts["count"] == 1:
        return "falta a {numbers}, que está em branco e foi retirada de um processo numerado no papel"
    return "faltam as {numbers}, que estão em branco e foram retiradas de um processo numerado no papel"


def _termo_order(facts: Facts) -> str:
    says = {
        "none": ("não houve impugnação até o fim do prazo", "do processo"),
        "filed": ("há impugnação", "dela e as do processo"),
        "late": ("a petição foi apresentada fora do prazo", "dela e as do processo"),
    }
    impugnacao, folhas = says[str(facts["impugnacao"])]
    order = Paragraph.TERMO_IMPUGNACAO.says.format(impugnacao=impugnacao, folhas=folhas)
    return f"{order}; {Paragraph.TERMO_NUMERAR.says}" if facts["unnumbered"] else order


def _undated(facts: Facts) -> str:
    day = {
        "pessoal": "a data da assinatura",
        "postal": "a data que está no AR ou, se ele não traz data, “envio” com a data da expedição",
        "edital": "a data da publicação do edital",
    }
    return f"escreva em “ciencia” {day[str(facts['modo'])]}, para o itrwatch calcular o prazo"


def _paper(word: str) -> str:
    return PAPERS[word].name


P = Paragraph
_NUMBER_THE_PAPER = f"{P.NUMERAR_PAPEL.says} ({P.NUMERAR_NORMA.says}; {P.NUMERAR_MOTIVO.says})"

SENTENCES: dict[Code, Sentence] = {
    Code.PROCESSO_MISSING: Sentence(
        "o nome da pasta “{folder}” não traz o número do processo",
        "; renomeie a pasta para começar com ele, por exemplo “13153.720210-2019-34 Fazenda Boa Vista”",
    ),
    Code.PROCESSO_INCOMPLETE: Sentence("o número do processo no nome da pasta “{folder}” não está inteiro", ": {why}"),
    Code.PROCESSO_DISAGREES: Sentence(
        "o número do processo “{written}” não é o da pasta ({processo})", "; corrija um dos dois"
    ),
    Code.CHECK_DIGITS: Sentence(
        "os dígitos verificadores do processo {processo} não conferem (o cálculo dá {computed})",
        "; confira o número da pasta",
        Norm.CHECK_DIGITS,
    ),
    Code.ENTRY_REFUSED: Sentence("“{name}” {why}"),
    Code.SIDECAR_UNREADABLE: Sentence("não consegui ler o arquivo ({why})", "; confira as permissões"),
    Code.SIDECAR_MORE: Sentence("há mais {kind} neste arquivo", "; veja primeiro os que estão acima"),
    Code.DRAFT_UNCONFIRMED: Sentence(
        "a linha “{entry}” veio do rascunho como palpite ({word})", "; compare-a com as páginas e apague a marca"
    ),
    Code.EVENT_IN_FUTURE: Sentence("a data de “{event}”, {day}, ainda não chegou", "; confira o dia e o ano"),
    Code.SCAN_UNUSED: Sentence(
        "o arquivo {name} está fora de todas as seções e não foi para os PDFs",
        ". Se faz parte do processo, inclua-o em “secoes”",
    ),
    Code.SCAN_UNUSED_BROKEN: Sentence("este arquivo está fora de todas as seções e não pôde ser lido", ": {why}"),
    Code.FILE_UNUSED: Sentence("este arquivo está fora de todas as seções, e o itrwatch não o leria", ": {why}"),
    Code.RECEIPT_BROKEN: Sentence("parece ser o {receipt}, que não entra nos PDFs, e não pôde ser lido", ": {why}"),
    Code.RECEIPT_UNUSED: Sentence(
        "{name} parece ser o {receipt}, que não entra nos PDFs",
        "; se faz parte do processo, inclua-o em “secoes”",
        P.JUNTAR_PROVA,
    ),
    Code.PAGES_UNUSED: Sentence(_pages_unused, ". Se faz parte do processo, inclua em “secoes”"),
    Code.PAGE_BROKEN_REMOVED: Sentence("{why}; retirada a pedido"),
    Code.PAGE_AS_SCANNED: Sentence(
        _as_scanned,
        ": confira se a página está como no papel",
    ),
    Code.PAGE_UNREAD: Sentence(
        "o texto desta página não foi lido ({why}); no PDF ela aparece inteira, mas não se pesquisa nem se copia o que ela diz",
    ),
    Code.SCAN_TWICE: Sentence(
        "as {pages} de {second} parecem as mesmas de {first}",
        ": a pilha foi digitalizada duas vezes? Se foi, deixe em “secoes” só um dos dois arquivos",
    ),
    Code.PAGE_NOT_SCANNED: Sentence(
        "a contagem impressa no papel (“Página … de …”) salta {missing} entre a página {before} do arquivo e esta",
        ": procure no papel, digitalize e ponha no lugar",
    ),
    Code.PAGE_OF_ANOTHER: Sentence(
        "esta página traz o número de outro processo, e o deste não: parece ser de outro",
        "; se for, use “remover” no item dela, e guarde o papel no processo certo",
    ),
    Code.TERMO_SILENT: Sentence(
        "o termo não fala da impugnação, que está no processo",
        "; se for assim no papel, refaça o termo: ele diz se houve impugnação e em que folhas está",
        P.TERMO_IMPUGNACAO,
    ),
    Code.TERMO_OTHER_FOLHAS: Sentence(
        "o termo cita folhas que não são as do processo numerado: pela numeração, {what} vai da folha {first} à {last}",
        "; confira as folhas citadas e, se for o caso, refaça o termo",
        P.TERMO_IMPUGNACAO,
    ),
    Code.FOLHAS_ON_PAPER: Sentence(
        "{pages} já trazem número de folha no papel, e o carimbo dá outro (aqui, {stamped})",
        "; se o processo foi numerado no papel, acrescente “numeracao: papel” ao processo.yaml",
    ),
    Code.DATE_ON_PAPER: Sentence(
        "nesta página, a data {what} não é a do processo.yaml ({written})",
        "; confira no papel qual vale: dela depende o prazo",
    ),
    Code.SHEET_TWICE: Sentence(
        "parece a mesma folha que {where}, digitalizada duas vezes",
        "; se for, acrescente “remover: [{page}]” ao item desta página",
    ),
    Code.PAGE_TURN_UNSURE: Sentence(
        "não deu para saber se a página está na posição de leitura (tem pouco ou nenhum texto impresso)",
        "; se estiver de lado, acrescente girar: {{{page}: 90}}",
        P.ROTACIONAR,
    ),
    Code.PAGE_ALONE: Sentence(
        "parece em branco, mas é tudo o que há na seção “{section}”",
        ": a página foi mantida; confira e, se ela deve sair, escreva “remover: [{page}]”",
        P.EM_BRANCO,
    ),
    Code.PAGE_PERHAPS_SEPARATOR: Sentence(
        "há nesta página um código grande, como o das folhas separadoras, que não pôde ser lido",
        "; se ela é uma, escreva “remover: [{page}]”; se não é, “manter: [{page}]”",
    ),
    Code.LOW_RESOLUTION: _legible("resolução abaixo de 200 dpi", " a 300 dpi"),
    Code.DARK: _legible("o papel saiu muito escuro", " mais claro"),
    Code.PALE: _legible("a impressão está muito clara", " com mais contraste"),
    Code.OUT_OF_FOCUS: _legible("a imagem está fora de foco", ""),
    Code.CUT_OFF: _legible(
        "o texto vai até a borda da imagem e parece cortado",
        " com a folha inteira",
        "confira se falta algo; se falta",
    ),
    Code.MANY_BLANK: Sentence(
        "{blank} das {pages} páginas foram retiradas por estarem em branco, mais de um terço do processo",
        "; confira no relatório se alguma delas tem conteúdo",
        P.EM_BRANCO,
    ),
    Code.PAGE_FAINT: Sentence(
        "só há marcas muito claras (lápis, impressão apagada ou o verso que transparece)", _KEPT, P.EM_BRANCO
    ),
    Code.PAGE_SPECKS: Sentence("quase em branco, mas com pontos que podem ser escrita", _KEPT, P.EM_BRANCO),
    Code.PAGE_DARK_SHEET: Sentence("papel escuro demais para dizer se está em branco", _KEPT, P.EM_BRANCO),
    Code.SECTION_EMPTY: Sentence(
        "todas as páginas da seção “{section}” foram retiradas (a pedido, ou são folhas separadoras)",
        "; ela não pode ficar vazia",
    ),
    Code.SECTION_EMPTIED: Sentence(
        "todas as páginas da seção “{section}” foram retiradas (a pedido, ou são folhas separadoras)"
    ),
    Code.NOTIFICACAO_MISSING: Sentence(rule=P.NL_PRIMEIRO),
    Code.CIENCIA_MISSING: _missing("ciencia", P.CIENCIA_LUGAR),
    Code.DITR_MISSING: _missing("ditr", P.DITR),
    Code.TERMO_MISSING: _missing("termo", P.TERMO_RELATAR),
    Code.TIF_MISSING: Sentence("não há TIF no processo", ": confira", P.TIF),
    Code.TIF_PAPERS: Sentence(P.TIF.says, rule=P.TIF),
    Code.TCIF_PAPERS: Sentence(P.TCIF.says, rule=P.TCIF),
    Code.CAPA_IMPOSSIBLE: Sentence(
        P.CAPA.says + ", e este é de {year}",
        "; confira a página e, se ela não faz parte do processo, apague a seção “capa”",
        P.CAPA,
    ),
    Code.CAPA_YEAR: Sentence(
        f"confira se o processo foi gerado antes de {FIRST_DAY_WITHOUT_CAPA}: só esses têm capa", rule=P.CAPA
    ),
    Code.FIRST_SHEETS_SIGNED: Sentence(P.NL_CARIMBO.says, rule=P.NL_CARIMBO),
    Code.NUMBER_THE_PAPER: Sentence(
        _NUMBER_THE_PAPER,
        ". O papel já está numerado? Escreva “numeracao: papel”. Se não está, escreva nele estes mesmos números, de preferência no "
        "canto superior direito: {numbers}. Nem a capa nem as páginas em branco levam número",
        P.NUMERAR_PAPEL,
    ),
    Code.NUMBER_ANYTHING: Sentence(
        _NUMBER_THE_PAPER,
        ". Com “numeracao: nenhuma”, os PDFs saem sem número. O papel já está numerado? Troque por “numeracao: papel”. Se não está, "
        "apague essa linha: o itrwatch numera, e o relatório diz que números escrever no papel",
        P.NUMERAR_PAPEL,
    ),
    Code.NUMBERS_MISSING: Sentence(_numbers_missing, "; informe isso no termo", P.TERMO_RELATAR),
    Code.COMPLEMENT_FROM_ONE: Sentence(
        "as folhas do complemento começam em 1",
        ": para que continuem as que já foram juntadas, escreva “primeira_folha” com o número seguinte ao da última, por exemplo "
        "“primeira_folha: 77”",
        P.NUMERAR_PAPEL,
    ),
    Code.SEVERAL_NOTIFICACOES: Sentence(
        "há mais de uma notificação, cada uma com a sua ciência, e uma pasta é de uma notificação só",
        ": se são lançamentos diferentes (um por exercício), faça uma pasta para cada notificação, com o número e a ciência dela; se as duas "
        "têm o mesmo número de processo, a segunda pasta é um complemento (“complemento: 2”). Se é uma notificação só, em partes, escreva "
        "primeiro todos os itens de “notificacao” e depois os de “ciencia”",
        P.CIENCIA_LUGAR,
    ),
    Code.CIENCIA_UNKNOWN: Sentence(
        "escreva em “ciencia” como e quando foi a ciência, por exemplo “ciencia: {{modo: postal, data: 02/10/2023, documentos: "
        "[ar]}}”: com isso o itrwatch confere os documentos e calcula o prazo",
        rule=P.CIENCIA_LUGAR,
    ),
    Code.CIENCIA_UNDATED: Sentence(_undated, rule=P.IMPUGNACAO_PRAZO),
    Code.CIENCIA_PESSOAL: Sentence(f"{P.CIENCIA_PESSOAL.says}; {P.CIENCIA_ASSINATURA.says}", rule=P.CIENCIA_PESSOAL),
    Code.CIENCIA_POSTAL: Sentence(
        f"{P.CIENCIA_POSTAL.says}; {P.CIENCIA_TERMO_JUNTADA.says}; {P.CIENCIA_RASTREAMENTO.says}", rule=P.CIENCIA_POSTAL
    ),
    Code.CIENCIA_EDITAL: Sentence(P.CIENCIA_EDITAL.says, rule=P.CIENCIA_EDITAL),
    Code.SIGNATURE_MISSING: Sentence(
        f"ciência pessoal sem a {_paper('assinatura')} na notificação", _DOCUMENT, P.CIENCIA_PESSOAL
    ),
    Code.SIGNER_IDENTITY_MISSING: Sentence(
        "ciência pessoal sem o documento de identificação com foto do signatário", _DOCUMENT, P.CIENCIA_PESSOAL
    ),
    Code.SIGNATURE_SAME: Sentence(P.CIENCIA_ASSINATURA.says, rule=P.CIENCIA_ASSINATURA),
    Code.SIGNER_PROXY: Sentence(
        "se a notificação foi assinada por procurador, confira se está acompanhada da procuração",
        rule=P.CIENCIA_PESSOAL,
    ),
    Code.AR_MISSING: Sentence(
        f"ciência postal sem o {_paper('ar')}; {P.CIENCIA_RASTREAMENTO.says}", _DOCUMENT, P.CIENCIA_POSTAL
    ),
    Code.TRACKING_REFUSED: Sentence(
        f"ciência postal sem o {_paper('ar')}; a tela do rastreamento não é aceita", _DOCUMENT, P.CIENCIA_RASTREAMENTO
    ),
    Code.POSTING_REFUSED: Sentence(
        f"ciência postal sem o {_paper('ar')}; o protocolo de envio de correspondências não é aceito",
        _DOCUMENT,
        P.CIENCIA_RASTREAMENTO,
    ),
    Code.AR_RETURNED_MISSING: Sentence(
        f"ciência por edital sem o Aviso de Recebimento devolvido pelos Correios{_BOTH}", _DOCUMENT, P.CIENCIA_EDITAL
    ),
    Code.EDITAL_MISSING: Sentence(f"ciência por edital sem o Edital{_BOTH}", _DOCUMENT, P.CIENCIA_EDITAL),
    Code.AR_IDENTIFIES: Sentence(
        "confira se o Aviso de Recebimento (AR) identifica o documento entregue",
        f"; {P.CIENCIA_TERMO_JUNTADA.says}; {P.CIENCIA_RASTREAMENTO.says}",
        P.CIENCIA_POSTAL,
    ),
    Code.IMPUGNACAO_NO_PAGES: Sentence(
        "há dados da impugnação, mas nenhuma seção “impugnacao” com as suas páginas",
        "; inclua a seção em “secoes” ou apague estes dados",
        P.IMPUGNACAO_DECRETO,
    ),
    Code.IMPUGNACAO_BEFORE_CIENCIA: Sentence(
        "a data da impugnação ({filed}) é anterior à da ciência ({known})", "; confira as duas", P.IMPUGNACAO_PRAZO
    ),
    Code.IMPUGNACAO_LATE: Sentence(
        "a petição de {filed} veio depois do último dia ({last}, a conferir)",
        f": {P.IMPUGNACAO_FORA_DO_PRAZO.says} ({Norm.LATE})",
        P.IMPUGNACAO_FORA_DO_PRAZO,
    ),
    Code.IMPUGNACAO_AT_LIMIT: Sentence(
        "a impugnação de {filed} está no limite do prazo, que termina {last} (a conferir)",
        f": confira o calendário do município; se {P.IMPUGNACAO_FORA_DO_PRAZO.says} ({Norm.LATE})",
        P.IMPUGNACAO_FORA_DO_PRAZO,
    ),
    Code.PROTOCOLO_MISSING: Sentence(
        f"impugnação sem o {_paper('protocolo')}, que é imprescindível", _DOCUMENT, P.IMPUGNACAO_PROTOCOLO
    ),
    Code.PROTOCOLO_THERE: Sentence(P.IMPUGNACAO_PROTOCOLO.says, rule=P.IMPUGNACAO_PROTOCOLO),
    Code.IDENTITY_MISSING: Sentence(
        f"impugnação sem a cópia do {_paper('identidade')}", _DOCUMENT, P.IMPUGNACAO_IDENTIDADE
    ),
    Code.IDENTITY_THERE: Sentence(P.IMPUGNACAO_IDENTIDADE.says, rule=P.IMPUGNACAO_IDENTIDADE),
    Code.ENVELOPE_MISSING: Sentence(
        "impugnação enviada pelos Correios sem o envelope, que atesta a data da postagem",
        _DOCUMENT,
        P.IMPUGNACAO_ENVELOPE,
    ),
    Code.ENVELOPE_THERE: Sentence(P.IMPUGNACAO_ENVELOPE.says, rule=P.IMPUGNACAO_ENVELOPE),
    Code.TRACKING_NEEDED: Sentence(
        f"confira se a data da postagem consta no envelope; se não consta, junte a {_paper('rastreamento')}",
        rule=P.IMPUGNACAO_ENVELOPE,
    ),
    Code.POWERS: Sentence(P.IMPUGNACAO_PODERES.says, rule=P.IMPUGNACAO_PODERES),
    Code.GROUNDS: Sentence(f"{P.IMPUGNACAO_MOTIVOS.says} ({P.IMPUGNACAO_DECRETO.says})", rule=P.IMPUGNACAO_MOTIVOS),
    Code.CONTESTED: Sentence(P.IMPUGNACAO_CONTESTADA.says, rule=P.IMPUGNACAO_CONTESTADA),
    Code.TERMO_TELLS: Sentence(_termo_order, rule=P.TERMO_IMPUGNACAO),
}
"""Codes without an entry take their sentence from the fact ``text``."""
