"""Every row of the trace has its paragraph in the module, and the paragraph its sentence in some output.

The outputs: report, panel and note of the golden cases (`tests/report/golden`), the guide and the questions.
"""

import html
import re
from pathlib import Path

import pytest

from itrwatch.core.manual import SECTIONS, Paragraph

P = Paragraph
HERE = Path(__file__).parent
ROOT = next(folder for folder in HERE.parents if (folder / "pyproject.toml").exists())
TRACE = ROOT.parent / "shared" / "manual-trace.md"
needs_trace = pytest.mark.skipif(not TRACE.exists(), reason="the trace is not at hand")

ROWS = {
    1: P.PILOTO,
    2: P.NORMA,
    3: P.SERVIDOR,
    5: P.FASE_SOLICITAR,
    6: P.FASE_CONVERTER,
    7: P.FASE_JUNTAR,
    8: P.FASE_JUNTAR,
    9: P.FASE_VALIDAR,
    10: P.FASE_ARQUIVAR,
    11: P.ORDEM,
    12: P.CAPA,
    13: P.NL_PRIMEIRO,
    14: P.NL_CARIMBO,
    15: P.NL_CARIMBO,
    16: P.CIENCIA_LUGAR,
    17: P.CIENCIA_PESSOAL,
    18: P.CIENCIA_PESSOAL,
    19: P.CIENCIA_PESSOAL,
    20: P.CIENCIA_PESSOAL,
    21: P.CIENCIA_ASSINATURA,
    22: P.CIENCIA_POSTAL,
    23: P.CIENCIA_RASTREAMENTO,
    24: P.CIENCIA_TERMO_JUNTADA,
    25: P.CIENCIA_TERMO_JUNTADA,
    26: P.CIENCIA_EDITAL,
    27: P.CIENCIA_EDITAL,
    28: P.DITR,
    29: P.TIF,
    30: P.TCIF,
    31: P.TCIF,
    32: P.IMPUGNACAO_DECRETO,
    33: P.IMPUGNACAO_MOTIVOS,
    34: P.IMPUGNACAO_CONTESTADA,
    35: P.IMPUGNACAO_IDENTIDADE,
    36: P.IMPUGNACAO_PODERES,
    37: P.IMPUGNACAO_PRAZO,
    38: P.IMPUGNACAO_FORA_DO_PRAZO,
    39: P.IMPUGNACAO_PROTOCOLO,
    40: P.IMPUGNACAO_ENVELOPE,
    41: P.IMPUGNACAO_ENVELOPE,
    42: P.TERMO_RELATAR,
    43: P.TERMO_RELATAR,
    44: P.TERMO_RELATAR,
    **dict.fromkeys((45, 46, 47), P.TERMO_IMPUGNACAO),
    48: P.TERMO_NUMERAR,
    49: P.NUMERAR_ORDEM,
    50: P.NUMERAR_ORDEM,
    51: P.NUMERAR_PAPEL,
    52: P.NUMERAR_NORMA,
    53: P.NUMERAR_MOTIVO,
    **dict.fromkeys(range(54, 62), P.EXEMPLO),
    62: P.INSTRUIR_ANTES,
    63: P.RESOLUCAO,
    64: P.RESOLUCAO,
    65: P.EM_BRANCO,
    66: P.EM_BRANCO,
    67: P.ROTACIONAR,
    68: P.LEGIVEIS,
    69: P.LEGIVEIS,
    70: P.LEGIVEIS,
    71: P.ARQUIVO_NOTI,
    72: P.ARQUIVO_NOTI,
    73: P.ARQUIVO_NOTI,
    74: P.ARQUIVO_NOTI,
    75: P.ARQUIVO_IMPUGNA,
    76: P.NUMEROS_FICAM,
    77: P.QUANDO_SOLICITAR,
    78: P.QUANDO_SOLICITAR,
    79: P.FASE_SOLICITAR,
    80: P.QUEM_SOLICITA,
    81: P.SOLICITAR_1,
    82: P.SOLICITAR_1,
    83: P.SOLICITAR_2,
    84: P.SOLICITAR_SERVICO,
    85: P.SOLICITAR_PREENCHER,
    86: P.SOLICITAR_ENVIAR,
    87: P.SOLICITAR_ATRASO,
    88: P.SOLICITAR_ATRASO,
    89: P.JUNTAR_1,
    90: P.JUNTAR_1,
    91: P.JUNTAR_CPF,
    92: P.JUNTAR_2,
    93: P.JUNTAR_3,
    94: P.JUNTAR_QUADRO,
    95: P.JUNTAR_LISTA,
    96: P.JUNTAR_4,
    97: P.JUNTAR_MAIS,
    98: P.JUNTAR_MAIS,
    99: P.JUNTAR_5,
    100: P.JUNTAR_RASCUNHO,
    101: P.JUNTAR_6,
    102: P.JUNTAR_IMPU,
    103: P.JUNTAR_LUPA,
    104: P.JUNTAR_LUPA,
    105: P.JUNTAR_IMPU,
    106: P.JUNTAR_LUPA,
    107: P.JUNTAR_NOMENCLATURA,
    108: P.JUNTAR_NOMENCLATURA,
    109: P.JUNTAR_7,
    110: P.JUNTAR_LIMITE,
    111: P.JUNTAR_DATA,
    112: P.JUNTAR_COPIA,
    113: P.JUNTAR_8,
    114: P.JUNTAR_8,
    115: P.JUNTAR_NOME,
    116: P.JUNTAR_9,
    117: P.JUNTAR_9,
    118: P.JUNTAR_ENVIAR,
    119: P.JUNTAR_ENVIAR,
    120: P.JUNTAR_10,
    121: P.JUNTAR_10,
    122: P.JUNTAR_PROVA,
    123: P.JUNTAR_REJEITADA,
    124: P.CONSULTAR,
    125: P.CONSULTAR_MOTIVO,
    126: P.CONSULTAR_ACEITA,
    127: P.CONSULTAR_ACEITA,
    128: P.CONSULTAR_1,
    129: P.CONSULTAR_CERTIFICADO,
    130: P.CONSULTAR_2,
    131: P.CONSULTAR_3,
    132: P.CONSULTAR_4,
    133: P.FILTRO_ACEITAS,
    134: P.FILTRO_REJEITADAS,
    135: P.FILTRO_PENDENTES,
    136: P.CONSULTAR_5,
    137: P.CONSULTAR_DOWNLOAD,
    138: P.GESTAO,
    139: P.GESTAO_3,
    140: P.GESTAO_PENDENTE,
    141: P.GESTAO_NAO_ANALISADA,
    142: P.GESTAO_DEMORA,
}
"""Row of the trace → the paragraph that answers for it."""


def squeezed(text):
    """Words on one line, as they are read: capitals, marks of Markdown and kinds of quotes do not count."""
    plain = re.sub(r"[*`“”“”\"]", "", html.unescape(text))
    return re.sub(r"\s+", " ", plain).casefold()


def outputs():
    documents = [ROOT / "docs" / name for name in ("guia-do-fiscal.md", "perguntas.md")]
    golden = sorted((ROOT / "tests" / "report" / "golden").glob("*.txt"))
    assert golden
    return squeezed("\n".join(path.read_text("utf-8") for path in (*documents, *golden)))


def pattern(says):
    """Our sentence as a pattern: what stands in braces differs from case to case."""
    words = squeezed(says).rstrip(".")
    return ".{1,200}?".join(re.escape(piece) for piece in re.split(r"\{\w+\}", words))


@pytest.mark.parametrize("paragraph", [p for p in P if p.says], ids=lambda paragraph: paragraph.name)
def test_every_paragraph_is_said_somewhere(paragraph):
    assert re.search(pattern(paragraph.says), outputs()), paragraph.says


def rows():
    for line in TRACE.read_text("utf-8").splitlines():
        if found := re.match(r"\| (\d+) \| ([^|]+) \| ([^|]+) \|", line):
            yield int(found[1]), found[3].strip()


@needs_trace
def test_every_row_of_the_trace_has_its_paragraph():
    assert sorted(ROWS) == [number for number, _ in rows()]


@needs_trace
@pytest.mark.parametrize(("number", "sentence"), list(rows()) if TRACE.exists() else [])
def test_the_paragraph_of_a_row_is_the_one_that_the_row_quotes(number, sentence):
    """Of the words that the row quotes, most stand in the quote of its paragraph; remarks in brackets are not quoted."""
    if sentence.startswith("(") and sentence.endswith(")"):
        return
    words = re.findall(r"[\wçãáéíóúâêô]{4,}", squeezed(sentence))
    quoted = squeezed(ROWS[number].quote)
    assert sum(word in quoted for word in words) >= 0.5 * len(words), (sentence, ROWS[number].quote)


def test_the_index_stands_in_the_outputs_as_the_tutorial_prints_it():
    said = outputs()
    for line, rule in zip(P.EXEMPLO.quote.split("\n"), SECTIONS.values(), strict=True):
        assert squeezed(line) in said, rule
