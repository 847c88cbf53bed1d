"""The tutorial “Entregar processo de ITR via e-CAC” as values: `Paragraph.CAPA` → quotation, sentence for the fiscal.

Every sentence of the tutorial that requires something is a `Paragraph`. `quote` is the tutorial's text, letter by letter
(without emphasis marks); `says` is our sentence for the fiscal, with ``{…}`` for values that depend on the case.
If a law has superseded the paragraph, `overtaken` names the norm, and `says` has both.

A new edition of the tutorial changes only this file. It is Python and not a data file: mypy checks every name used
elsewhere, and each noun of the portal is defined once and inserted into the sentences.

The tutorial is inconsistent in two nouns (text “Legislação e Processos”, screen “Legislação e Processo”; text
“Requerimentos WEB”, screen “Requerimentos Web”): this file uses the screen's form, which the fiscal sees.
“Decreto nº 7.574/2021” is a typing error of the tutorial for 7.574/2011.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

NAME = "Entregar processo de ITR via e-CAC"
PORTAL = "https://cav.receita.fazenda.gov.br"
TEAM = "equipeitr@rfb.gov.br"
NORM = "NE Cofis nº 2/2013"
DECREE = "Decreto nº 7.574/2011"
AVAILABLE_WITHIN = 5
"""Working days after which a requested case should be available."""
LAST_YEAR_OF_CAPA = 2023
"""Cases generated from 21/11/2023 on have no capa; the case number has only the year."""
FIRST_DAY_WITHOUT_CAPA = "21/11/2023"


class Screen(StrEnum):
    """A noun of the portal, exactly as on the screen."""

    ENTRAR = "Entrar com gov.br"
    LEGISLACAO = "Legislação e Processo"
    REQUERIMENTOS = "Requerimentos Web"
    AREA = "Área de Concentração de Serviço"
    SERVICO = "Serviço"
    PREENCHER = "Preencher Requerimento"
    ENVIAR_REQUERIMENTO = "Enviar"
    PROCESSOS_DIGITAIS = "Processos Digitais (e-Processo)"
    AUTORIZACAO = "Processos que tenho Autorização para Acessar"
    SIMBOLO_MAIS = "símbolo +"
    SOLICITAR_JUNTADA = "Solicitar Juntada de Documento"
    ADICIONAR = "Adicionar Documento para Rascunho"
    TIPO = "Tipo do Documento"
    TITULO = "Título"
    DATA_DOCUMENTO = "Data Documento"
    COPIA_SIMPLES = "Cópia Simples"
    SELECIONAR = "Selecionar"
    SALVAR = "Salvar"
    TERMO_SOLICITACAO = "TERMO DE SOLICITAÇÃO DE JUNTADA"
    DOCUMENTO_TERMO = "DOCUMENTO-TERMO.pdf"
    ENVIAR = "Enviar Solicitação"
    PROTOCOLO = "Protocolo de Envio de Solicitação de Juntada de Documento"
    CAIXA_POSTAL = "Caixa Postal"
    MINHAS_JUNTADAS = "Minhas Juntadas de Documentos"
    TERMO_ANALISE = "Termo de Análise de Solicitação de Juntada"
    DOWNLOAD = "Download"
    OUTROS = "Documentos Comprobatórios - Outros"


class Filter(StrEnum):
    """Text to type into the filter of the list of juntadas."""

    ACEITAS = "documentos juntados"
    REJEITADAS = "documentos não juntados"
    PENDENTES = "aguardando"


@dataclass(frozen=True, slots=True)
class SectionRule:
    """A section of the case: ``heading`` for sentences and bookmarks, ``index`` for the index in the tutorial's form.

    ``file``: `NOTI` or `IMPUGNA`. ``missing``: the reason for the warning if the section is missing, or empty.
    """

    heading: str
    index: str
    file: str = "NOTI"
    numbered: bool = True
    missing: str = ""


SECTIONS = {
    "capa": SectionRule("Capa", "CAPA", numbered=False),
    "notificacao": SectionRule("Notificação de Lançamento", "NOTIFICAÇÃO DE LANÇAMENTO"),
    "ciencia": SectionRule(
        "Ciência da Notificação de Lançamento",
        "DOCUMENTOS DE CIÊNCIA DA NL",
        missing="sem a comprovação da ciência a juntada pode ser rejeitada",
    ),
    "ditr": SectionRule("DITR", "DITR", missing="o manual pede a DITR do exercício fiscalizado"),
    "tif": SectionRule("Termo de Intimação Fiscal", "TIF + CIÊNCIA + RESPOSTA AO TIF"),
    "tcif": SectionRule("Termo de Constatação e Intimação Fiscal", "TCIF + CIÊNCIA + RESPOSTA AO TCIF"),
    "impugnacao": SectionRule("Impugnação", "IMPUGNAÇÃO", file="IMPUGNA"),
    "termo": SectionRule(
        "Termo de Encaminhamento",
        "TERMO DE ENCAMINHAMENTO À RFB",
        missing="ele encerra o processo e informa se há impugnação",
    ),
}
"""The sections by their word, in the order of the tutorial."""

UNNUMBERED_CAPA = "não é necessário numerar"
"""Text after CAPA in the index."""


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A document type of e-CAC: ``name`` in full; ``typed``: the letters to type so that the portal suggests it."""

    name: str
    typed: str


TYPES = {
    "NOTI": DocumentType("NOTIFICAÇÃO DE LANÇAMENTO", "NOTI"),
    "IMPUGNA": DocumentType("IMPUGNAÇÃO", "IMPU"),
}
"""The types by file name, in the order of upload."""


PART_TITLE = "Parte {part} de {parts}"
"""The Título of one of several files of the same type."""


@dataclass(frozen=True, slots=True)
class ChecklistPaper:
    """A paper of the ciência or of the impugnação: ``name`` in the tutorial's words; ``also``: synonyms that users write."""

    name: str
    also: tuple[str, ...] = ()


PAPERS = {
    "assinatura": ChecklistPaper(
        "assinatura do sujeito passivo ou do procurador",
        (
            "assinatura do sujeito passivo",
            "assinatura do sujeito passivo ou procurador",
            "assinatura do contribuinte",
            "assinatura do procurador",
        ),
    ),
    "identidade": ChecklistPaper(
        "documento de identificação do signatário",
        (
            "documento de identificacao",
            "documento de identificacao com foto",
            "documento de identificacao do signatario",
            "documento de identificacao com foto do signatario",
            "copia do documento de identificacao",
            "copia do documento de identificacao do signatario",
            "documento de identidade",
            "identificacao",
            "identificacao do signatario",
            "carteira de identidade",
            "carteira profissional",
            "passaporte",
            "rg",
            "cnh",
        ),
    ),
    "procuracao": ChecklistPaper(
        "procuração",
        (
            "documentos que comprovem poderes",
            "documentos de representacao",
            "poderes para representar o contribuinte",
            "poderes do representante",
            "instrumento de procuracao",
        ),
    ),
    "ar": ChecklistPaper(
        "Aviso de Recebimento (AR)",
        (
            "aviso de recebimento",
            "aviso de recebimento (ar)",
            "ar devolvido",
            "ar devolvido pelos correios",
            "aviso de recebimento devolvido",
            "aviso de recebimento devolvido pelos correios",
        ),
    ),
    "juntada": ChecklistPaper(
        "termo de juntada de AR",
        ("termo de juntada", "termo de juntada de ar", "termo de juntada do ar", "anexo 9.1", "anexo 9.1 da ne cofis"),
    ),
    "edital": ChecklistPaper("Edital", ("copia do edital", "edital publicado", "publicacao do edital")),
    "protocolo": ChecklistPaper(
        "protocolo do recebimento",
        (
            "protocolo do recebimento",
            "protocolo de recebimento",
            "protocolo do recebimento da impugnacao",
            "protocolo de recebimento da impugnacao",
            "carimbo de protocolo",
            "comprovante de protocolo",
        ),
    ),
    "envelope": ChecklistPaper("envelope", ("envelope dos correios", "envelope da postagem")),
    "rastreamento": ChecklistPaper(
        "tela do Rastreamento dos Correios",
        (
            "tela do rastreamento",
            "tela de rastreamento",
            "tela do rastreamento dos correios",
            "tela de rastreamento dos correios",
            "rastreamento dos correios",
            "rastreio",
        ),
    ),
}
"""The papers by their word in ``documentos``; ``also`` is written without accents, in lower case."""

CIENCIA_PAPERS = {"pessoal": ("assinatura", "identidade"), "postal": ("ar",), "edital": ("ar", "edital")}
"""The papers that each kind of ciência requires."""
IMPUGNACAO_PAPERS = ("protocolo", "identidade")
"""The papers that every impugnação requires."""
POSTED_PAPERS = ("envelope",)
"""The additional papers of an impugnação sent by post."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The content of a `Paragraph`."""

    title: str
    quote: str
    says: str = ""
    why: str = ""
    overtaken: str = ""


_I, _F, _P = "Introdução", "Como Funcionará?", "Instrução do Processo Físico"
_CI, _IM, _TE = "2.1. Comprovação do recebimento da NL", "6. Impugnação", "7. Termo de Encaminhamento"
_NU, _AN, _DU = "Numeração das Páginas", "Antes de digitalizar", "Durante a digitalização"
_EN = f"Acesse o Portal e-CAC ({PORTAL}) e clique em “{Screen.ENTRAR}”."
_ENTER = f"1) Acesse o Portal e-CAC ({PORTAL})\nClique em Entrar com gov.br"
_CPF = "OBS.: O acesso será realizado utilizando o CPF do fiscal."
_DIGITAL = "2) Clique na funcionalidade Legislação e Processos e depois em Processos Digitais (e-Processo);"
_FRAME = "3) Clique no quadro Processos que tenho Autorização para Acessar"
_EXAMPLE = """CAPA (não é necessário numerar)
NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 5)
DOCUMENTOS DE CIÊNCIA DA NL (folhas 6 a 7)
DITR (folhas 8 a 11)
TIF + CIÊNCIA + RESPOSTA AO TIF (folhas 12 a 23)
TCIF + CIÊNCIA + RESPOSTA AO TCIF (folhas 24 a 49)
IMPUGNAÇÃO (folhas 50 a 75)
TERMO DE ENCAMINHAMENTO À RFB (folha 76)"""


class Paragraph(Enum):
    """A paragraph of the tutorial, in its order: `Paragraph.CAPA` cites itself as ``Manual, 1. Capa do Processo``."""

    PILOTO = _Text(
        "título",
        "(PROJETO PILOTO PARA OS ESTADOS DF, GO, MT, MS, TO)",
        f"O itrwatch segue o manual da Receita Federal “{NAME}”, escrito como projeto piloto para DF, GO, MT, MS e TO.",
    )
    NORMA = _Text(
        _I,
        "são encaminhados fisicamente a uma Unidade da Receita Federal, conforme a Norma de Execução Cofis nº 2 de 5/7/13",
        "O processo em papel segue a NE Cofis nº 2, de 5/7/2013, ainda em vigor.",
    )
    SERVIDOR = _Text(
        _I,
        "o servidor responsável pelo lançamento digitalizará os documentos e os encaminhará via e-CAC.\n"
        "Agora, é possível enviar os documentos do processo via e-CAC!",
        "Quem digitaliza e envia é o servidor responsável pelo lançamento.",
    )
    BENEFICIOS = _Text(
        "Benefícios",
        "- Redução nos custos com despesas postais (quando o processo é enviado via Postal) ou com despesas relacionadas à entrega "
        "pessoal dos processos físicos (transporte, diárias, indisponibilidade do servidor);\n"
        "- Maior segurança no tratamento das informações (ferramenta homologada pela Receita Federal);\n"
        "- Menor risco de expor dados protegidos pelo sigilo fiscal no transporte desses documentos;\n"
        "- Maior agilidade no trâmite dos processos;\n"
        "- O contribuinte acessará o processo com maior facilidade e de forma mais rápida (via e-CAC).",
        why="diz por que entregar pelo e-CAC; não pede nada",
    )
    FASE_SOLICITAR = _Text(
        _F,
        "1. O Servidor Municipal responsável pelo Lançamento formalizará o processo físico, digitalizará os documentos e "
        "solicitará a disponibilização do processo no e-CAC através de um formulário eletrônico.",
        "Solicite a disponibilização do processo no e-CAC",
    )
    FASE_CONVERTER = _Text(
        _F,
        "2. A Receita Federal analisará a solicitação, converterá o processo em DIGITAL e incluirá o CPF do fiscal como "
        "interessado no processo.",
        "A Receita analisa a solicitação, converte o processo em digital e inclui o seu CPF como interessado; antes disso ele "
        "não aparece na lista.",
    )
    FASE_JUNTAR = _Text(
        _F,
        "3. A partir desse momento, o fiscal juntará os documentos digitalizados ao processo DIGITAL;",
        "Junte os documentos ao processo digital no e-CAC",
    )
    FASE_VALIDAR = _Text(
        _F,
        "4. A Receita Federal validará os documentos (aceite da juntada) e dará prosseguimento ao processo, conforme sua "
        "situação.",
        "A Receita valida os documentos: a juntada é aceita ou rejeitada.",
    )
    FASE_ARQUIVAR = _Text(
        _F,
        "5. O fiscal municipal anexará o comprovante de que a juntada foi aceita e arquivará o processo físico.",
        f"Imprima o {Screen.TERMO_ANALISE}, junte-o ao processo em papel e arquive o processo físico.",
    )
    ORDEM = _Text(
        _P,
        "O processo em papel deverá ser instruído e ordenado com os seguintes documentos:",
        "O processo em papel é instruído e ordenado assim: capa (se houver), Notificação de Lançamento, comprovação da ciência, DITR, "
        "TIF, TCIF, impugnação (se houver) e Termo de Encaminhamento.",
    )
    CAPA = _Text(
        "1. Capa do Processo",
        "1. Capa do Processo (se houver)\nPara os processos gerados a partir de 21/11/2023 não será mais possível emitir a CAPA. "
        "Dessa forma, não será mais necessário instruir o processo com a CAPA.",
        f"processos gerados a partir de {FIRST_DAY_WITHOUT_CAPA} não têm capa",
    )
    NL_PRIMEIRO = _Text(
        "2. Notificação de Lançamento",
        "O processo iniciará com a Notificação de Lançamento.\n2. Notificação de Lançamento",
        "o processo começa pela Notificação de Lançamento",
        why="core/plan.py puts the sections in order",
    )
    NL_CARIMBO = _Text(
        "2. Notificação de Lançamento",
        "OBS.: Recomenda-se que o autor do lançamento carimbe e assine a primeira folha dos documentos emitidos (juntamente "
        "com o Titular do Órgão da Administração Tributária).",
        "confira se a primeira folha de cada documento emitido (notificação, TIF, TCIF, termo) tem carimbo e assinatura do autor "
        "do lançamento e do Titular do Órgão da Administração Tributária (recomendado)",
    )
    CIENCIA_LUGAR = _Text(
        _CI,
        "2.1. Comprovação do recebimento da NL (CIÊNCIA) (Pessoal, AR ou Edital)\n"
        "OBS.: Apesar de a NE COFIS sugerir outra ordem para este documento, a Equipe ITR orienta a juntar a comprovação de "
        "ciência da NL logo após a referida notificação para facilitar a análise.",
        "a comprovação da ciência vem logo depois da notificação",
        why="core/plan.py puts the sections in order",
    )
    CIENCIA_PESSOAL = _Text(
        _CI,
        "CIÊNCIA PESSOAL: a Notificação de Lançamento deverá conter assinatura do sujeito passivo ou procurador e deverá estar "
        "acompanhada da procuração (se for o caso) e do documento de identificação com foto do signatário.",
        "ciência pessoal: confira se a notificação tem a assinatura do sujeito passivo ou do procurador e está acompanhada da "
        "procuração (se for o caso) e do documento de identificação com foto do signatário",
    )
    CIENCIA_ASSINATURA = _Text(
        _CI,
        "É importante que a assinatura que conste na notificação seja a mesma que conste no documento de identificação juntado.",
        "confira se a assinatura na notificação é a mesma do documento de identificação juntado",
    )
    CIENCIA_POSTAL = _Text(
        _CI,
        "CIÊNCIA POSTAL: juntar o Aviso de Recebimento (AR) com a identificação do documento objeto da ciência.",
        "ciência postal: confira se o Aviso de Recebimento (AR) identifica o documento entregue",
    )
    CIENCIA_RASTREAMENTO = _Text(
        _CI,
        "A tela do rastreamento e/ou protocolo de envio de correspondências não é aceita para fins de comprovação de ciência.",
        "a tela do rastreamento e o protocolo de envio de correspondências não são aceitos",
    )
    CIENCIA_TERMO_JUNTADA = _Text(
        _CI,
        "OBS.: O termo de juntada de AR (anexo 9.1 da NE COFIS) foi concebido para deixar claro à qual documento refere-se o "
        "Aviso de Recebimento. Se esta informação estiver clara no Aviso de Recebimento, o termo é dispensado.",
        f"se o AR não identifica o documento, junte o termo de juntada de AR (anexo 9.1 da {NORM})",
    )
    CIENCIA_EDITAL = _Text(
        _CI,
        "CIÊNCIA POR EDITAL: é obrigatório juntar o Aviso de Recebimento devolvido pelos Correios e o Edital.",
        "ciência por edital: confira se estão juntados o Aviso de Recebimento devolvido pelos Correios e o Edital; os dois são "
        "obrigatórios",
    )
    DITR = _Text(
        "3. DITR",
        "3. DITR do exercício fiscalizado",
        "o manual pede a DITR do exercício fiscalizado",
    )
    TIF = _Text(
        "4. Termo de Intimação Fiscal",
        "4. Termo de Intimação Fiscal (TIF) + CIÊNCIA + Resposta ao TIF (se houver)",
        "confira se o TIF está com a sua ciência e, se houve, a resposta",
    )
    TCIF = _Text(
        "5. Termo de Constatação e Intimação Fiscal",
        "5. Termo(s) de Constatação e Intimação Fiscal (TCIF) + CIÊNCIA + Resposta ao(s) TCIF (se houver);",
        "confira se cada TCIF está com a sua ciência e, se houve, a resposta",
    )
    IMPUGNACAO_DECRETO = _Text(
        _IM,
        "6. Impugnação à Notificação de Lançamento (se houver)\n"
        "O Decreto nº 7.574/2021, em seus artigos 56 a 58, dispõe que:",
        f"{DECREE}, arts. 56 a 58",
        overtaken="the decree is 7.574/2011, of 29/9/2011",
    )
    IMPUGNACAO_MOTIVOS = _Text(
        f"{_IM}, a",
        "a. A impugnação deve conter os motivos de fato e de direito em que se fundamenta (não basta somente apresentar "
        "documentos comprobatórios como um laudo, por exemplo).",
        "confira se a impugnação contém os motivos de fato e de direito em que se fundamenta; não basta apresentar documentos "
        "comprobatórios, como um laudo",
    )
    IMPUGNACAO_CONTESTADA = _Text(
        f"{_IM}, b",
        "b. Considera-se não impugnada a matéria que não tenha sido expressamente contestada;",
        "confira o que a impugnação contesta expressamente: a matéria que não é contestada considera-se não impugnada; se for só "
        "uma parte, informe no termo",
    )
    IMPUGNACAO_IDENTIDADE = _Text(
        f"{_IM}, c",
        "c. Deve ser juntada à impugnação a cópia do documento de identificação do signatário para identificação da assinatura;",
        "confira se a cópia do documento de identificação do signatário está juntada à impugnação",
    )
    IMPUGNACAO_PODERES = _Text(
        f"{_IM}, d",
        "d. Se a impugnação estiver assinada por representante, devem ser juntados documentos que comprovem ter o signatário "
        "poderes para representar o contribuinte.",
        "se a impugnação foi assinada por representante, confira se estão juntados os documentos que comprovam os poderes dele para "
        "representar o contribuinte",
    )
    IMPUGNACAO_PRAZO = _Text(
        f"{_IM}, e",
        "e. O prazo para apresentação da Impugnação é de 30 dias, contados da data da ciência da Notificação de Lançamento, e que",
        "{days}, contados da data da ciência",
        why="core/deadline.py counts",
        overtaken="LC 227/2026",
    )
    IMPUGNACAO_FORA_DO_PRAZO = _Text(
        f"{_IM}, e",
        "“eventual petição, apresentada fora do prazo, não caracteriza impugnação, não instaura a fase litigiosa do procedimento, "
        "não suspende a exigibilidade do crédito tributário nem comporta julgamento de primeira instância, salvo se caracterizada "
        "ou suscitada a tempestividade, como preliminar.”",
        "apresentada fora do prazo, não caracteriza impugnação, não instaura a fase litigiosa do procedimento, não suspende a "
        "exigibilidade do crédito tributário nem comporta julgamento de primeira instância, salvo se caracterizada ou suscitada a "
        "tempestividade, como preliminar",
    )
    IMPUGNACAO_PROTOCOLO = _Text(
        _IM,
        "OBS.: É imprescindível que a impugnação contenha o protocolo do recebimento!",
        "confira se a impugnação contém o protocolo do recebimento, que é imprescindível",
    )
    IMPUGNACAO_ENVELOPE = _Text(
        _IM,
        "OBS.: Caso a impugnação tenha sido enviada pelos Correios, o envelope deverá ser juntado ao processo, bem como a tela do "
        "Rastreamento dos Correios para atestar a data da postagem (quando essa informação não constar no envelope).",
        "se a impugnação foi enviada pelos Correios, confira se o envelope está juntado e, quando a data da postagem não consta "
        "nele, também a tela do Rastreamento dos Correios",
    )
    TERMO_RELATAR = _Text(
        _TE,
        "7. Termo de Encaminhamento Processual\n"
        "Além do conteúdo previsto na NE COFIS, este é o local que o fiscal tem a oportunidade de relatar algo que considere "
        "relevante. Problemas com a numeração, ausência de algum documento. As observações do fiscal são relevantes para a análise "
        "do processo pela Receita Federal.",
        f"Confira também o conteúdo previsto na {NORM}, e relate aqui o que considerar relevante, como problemas com a numeração ou a "
        "ausência de algum documento: as observações do fiscal são relevantes para a análise do processo pela Receita Federal.",
    )
    TERMO_IMPUGNACAO = _Text(
        _TE,
        "OBS.: Atente-se a informar neste termo se há impugnação!",
        "confira se o termo informa que {impugnacao} e cita as folhas {folhas}",
    )
    TERMO_NUMERAR = _Text(
        _TE,
        "OBS.: Caso o termo de encaminhamento não cite as páginas que compõe o processo e a impugnação, este também deverá ser "
        "numerado.",
        "se não cita, ele também deve ser numerado",
    )
    NUMERAR_ORDEM = _Text(
        _NU,
        "Após finalizar o processo, ordene conforme orientação acima e numere sequencialmente no canto superior direito das páginas "
        "(preferencialmente).",
        "numere as páginas em sequência, de preferência no canto superior direito",
        why="core/folhas.py counts, pdf/ prints the number in the upper right corner",
    )
    NUMERAR_PAPEL = _Text(
        _NU,
        "Mesmo que opte por digitalizar o processo e enviá-lo pelo e-CAC, RECOMENDAMOS NUMERAR O PROCESSO FÍSICO!",
        "o manual recomenda numerar o processo físico",
    )
    NUMERAR_NORMA = _Text(
        _NU,
        "A NE COFIS que exige a numeração das páginas do processo físico ainda está em vigor!",
        f"a {NORM}, ainda em vigor, exige a numeração",
    )
    NUMERAR_MOTIVO = _Text(
        _NU,
        "O processo deverá ser numerado pois será arquivado pelo município e a numeração das páginas garante sua integridade e "
        "consultas posteriores, se necessário.",
        "o papel fica arquivado no município, e a numeração garante a sua integridade",
    )
    EXEMPLO = _Text(
        "Exemplo",
        _EXAMPLE,
        "CAPA (não é necessário numerar)",
        why="`SECTIONS` gives each line of the index",
    )
    INSTRUIR_ANTES = _Text(
        _AN,
        "Certifique-se que o processo físico foi instruído nos termos da NE Cofis nº 2 de 5/7/2013, conforme orientações do "
        "capítulo anterior;",
        "Antes de digitalizar, instrua, ordene e numere o processo em papel.",
    )
    RESOLUCAO = _Text(
        _AN,
        "Ajuste seu equipamento (Scanner) para a menor resolução possível (desde que não comprometa a leitura e a qualidade do "
        "documento). A Resolução recomendada é 300 DPI.",
        "Digitalize a 300 dpi, a resolução recomendada, e não mais: vale a menor que não comprometa a leitura.",
    )
    EM_BRANCO = _Text(
        _DU,
        "Elimine as páginas em branco (inclusive aquelas que contenham somente o carimbo informando que a página está em branco);",
        "as páginas em branco são retiradas, também as que só têm o carimbo de que estão em branco",
        why="imaging/ sees them, core/plan.py holds them against the whole case",
    )
    ROTACIONAR = _Text(
        _DU,
        "Rotacione as páginas para a posição habitual de leitura;",
        "as páginas são giradas para a posição de leitura",
        why="imaging/analysis sees how a page lies",
    )
    LEGIVEIS = _Text(
        _DU,
        "Verifique se, após a digitalização, as páginas permanecem legíveis e se é possível visualizar claramente as informações que "
        "constam no documento. Caso o documento esteja ilegível e não seja possível melhorar a digitalização, informe o ocorrido no "
        "termo de encaminhamento para evitar que o município seja intimado a sanear o processo.",
        "se não for possível melhorar a digitalização, informe no termo, para evitar que o município seja intimado a sanear o "
        "processo",
    )
    ARQUIVO_NOTI = _Text(
        "Nome do Arquivo PDF",
        "Nome do Arquivo PDF (SUGESTÃO)\tConteúdo do Arquivo PDF (EXEMPLO DE CASO PRÁTICO)\n"
        "CAPA (se houver) (não é necessário numerar)\nC:/ITR/11183721321212132/NOTI.pdf Caso o tamanho do arquivo ultrapasse 15MB, será necessário dividi-lo em dois ou mais "
        "arquivos: C:/ITR/11183721321212132/NOTI2.pdf C:/ITR/11183721321212132/NOTI3.pdf",
        "NOTI.pdf; acima de 15 MB, também NOTI2.pdf, NOTI3.pdf",
        why="core/ecac.py names the files, core/parts.py divides",
    )
    ARQUIVO_IMPUGNA = _Text(
        "Nome do Arquivo PDF",
        "C:/ITR/11183721321212132/IMPUGNA.pdf\tIMPUGNAÇÃO (folhas 50 a 75)",
        "a impugnação fica em arquivo separado, IMPUGNA.pdf",
        why="core/ecac.py names the files",
    )
    NUMEROS_FICAM = _Text(
        "Nome do Arquivo PDF",
        "OBS. Verifique que não houve alteração na numeração. O que houve foi a separação da IMPUGNAÇÃO em um novo arquivo com "
        "nomenclatura exclusiva.",
        "a numeração não muda quando a impugnação é separada",
        why="core/folhas.py numbers before core/parts.py divides",
    )
    QUANDO_SOLICITAR = _Text(
        "Quando Solicitar?",
        "Após a protocolização tempestiva da impugnação ou o encerramento do prazo regular para Impugnação.",
        "Solicite a disponibilização depois da protocolização tempestiva da impugnação ou do encerramento do prazo.",
    )
    QUEM_SOLICITA = _Text(
        "Quem Poderá Solicitar?",
        "O fiscal responsável por emitir a Notificação de Lançamento, instruir e formalizar o processo.",
        "Quem pode: o fiscal responsável por emitir a Notificação de Lançamento, instruir e formalizar o processo.",
    )
    SOLICITAR_1 = _Text("Como Solicitar?, passo 1", _ENTER, _EN)
    SOLICITAR_2 = _Text(
        "Como Solicitar?, passo 2",
        "2) Clique na funcionalidade Legislação e Processos e depois em Requerimentos WEB;",
        f"Clique em “{Screen.LEGISLACAO}” e depois em “{Screen.REQUERIMENTOS}”.",
    )
    SOLICITAR_SERVICO = _Text(
        "Como Solicitar?, passo 2",
        "Após, selecione a Área de Concentração e o Serviço:\nÁrea de Concentração de Serviço *\nServiço *",
        f"Selecione a “{Screen.AREA}” e o “{Screen.SERVICO}”.",
    )
    SOLICITAR_PREENCHER = _Text(
        "Como Solicitar?, passo 2",
        "Clique em Preencher Requerimento.",
        f"Clique em “{Screen.PREENCHER}”.",
    )
    SOLICITAR_ENVIAR = _Text(
        "Como Solicitar?, passo 2",
        "Leia as orientações, preencha o formulário e clique em Enviar",
        f"Leia as orientações, preencha o formulário e clique em “{Screen.ENVIAR_REQUERIMENTO}”.",
    )
    SOLICITAR_ATRASO = _Text(
        "Como Solicitar?",
        "Caso o processo não seja disponibilizado em até 5 dias úteis e entre em contato pelo e-mail equipeitr@rfb.gov.br.",
        f"Se o processo não for disponibilizado em até {AVAILABLE_WITHIN} dias úteis, entre em contato pelo e-mail {TEAM}.",
    )
    JUNTAR_1 = _Text("Juntar, passo 1", _ENTER, _EN)
    JUNTAR_CPF = _Text("Juntar, passo 1", _CPF, "O acesso é com o CPF do fiscal.")
    JUNTAR_2 = _Text(
        "Juntar, passo 2",
        _DIGITAL,
        f"Clique em “{Screen.LEGISLACAO}” e depois em “{Screen.PROCESSOS_DIGITAIS}”.",
    )
    JUNTAR_3 = _Text("Juntar, passo 3", _FRAME, f"Clique no quadro “{Screen.AUTORIZACAO}”.")
    JUNTAR_QUADRO = _Text(
        "Juntar, passo 3",
        "Observação: Essa opção só estará disponível caso seu CPF tenha sido autorizado a acessar algum processo nessa modalidade.",
        "O quadro só aparece se o seu CPF já foi autorizado a acessar algum processo.",
    )
    JUNTAR_LISTA = _Text(
        "Juntar, passo 3",
        "Caso o processo não conste na lista, consulte o roteiro de como solicitar a disponibilização.",
        "Se o processo não consta na lista, solicite antes a disponibilização.",
    )
    JUNTAR_4 = _Text(
        "Juntar, passo 4",
        "4) Localize o processo na lista:\n"
        "Observação: caso haja vários processos navegue através dos botões localizados no final da página até encontrá-lo.",
        "Localize o processo na lista; se há vários, use os botões no final da página.",
    )
    JUNTAR_MAIS = _Text(
        "Juntar, passo 4",
        "Após localizar o processo clique no símbolo + ao lado do processo escolhido e em seguida escolha a opção: Solicitar Juntada "
        "de Documento.",
        f"Clique no {Screen.SIMBOLO_MAIS} ao lado do processo e escolha “{Screen.SOLICITAR_JUNTADA}”.",
    )
    JUNTAR_5 = _Text(
        "Juntar, passo 5",
        "5) Na tela de Rascunho, clique em Adicionar Documento para Rascunho;",
        f"Na tela de Rascunho, clique em “{Screen.ADICIONAR}”.",
    )
    JUNTAR_RASCUNHO = _Text(
        "Juntar, passo 5",
        "LEMBRE-SE QUE O DOCUMENTO SERÁ ADICIONADO EM UMA ESPÉCIE DE “RASCUNHO”. CASO NÃO ENVIE OS DOCUMENTOS, A SOLICITAÇÃO DE "
        "JUNTADA NÃO SERÁ EFETIVADA.",
        f"O documento fica só em rascunho: sem “{Screen.ENVIAR}”, a juntada não é efetivada.",
    )
    JUNTAR_6 = _Text(
        "Juntar, passo 6",
        "6) Campo Tipo do Documento\nOs documentos digitalizados serão juntados no e-CAC com as seguintes classificações:\n"
        "NOTIFICAÇÃO DE LANÇAMENTO\tCAPA (se houver) (não é necessário numerar)\nIMPUGNAÇÃO\tIMPUGNAÇÃO (folhas 50 a 75)",
        "Digite devagar {typed} e escolha {type}",
    )
    JUNTAR_LUPA = _Text(
        "Juntar, passo 6",
        "Ao começar a digitar PAUSADAMENTE a palavra “NOTI”, o sistema irá sugerir o tipo de documento “NOTIFICAÇÃO DE LANÇAMENTO” "
        "(primeiro arquivo a ser juntado). Digite devagar que funciona! Caso isso não ocorra, clique na lupa ao lado do campo Tipo do "
        "Documento para selecionar o tipo do arquivo através da lista disponível.",
        "se nada for sugerido, clique na lupa ao lado do campo e escolha na lista",
    )
    JUNTAR_IMPU = _Text(
        "Juntar, passo 6",
        "Da mesma forma, digite a palavra “IMPU”, o sistema irá sugerir o tipo de documento “IMPUGNAÇÃO” (caso houver impugnação, será "
        "o segundo arquivo a ser juntado)",
        "Digite devagar IMPU e escolha IMPUGNAÇÃO",
    )
    JUNTAR_NOMENCLATURA = _Text(
        "Juntar, passo 6",
        "NÃO SERÃO ACEITOS DOCUMENTOS JUNTADOS COM NOMENCLATURA DIVERSA\nNÃO UTILIZE A NOMENCLATURA DOCUMENTOS COMPROBATÓRIOS - OUTROS",
        f"Não são aceitos documentos com outro tipo; não use “{Screen.OUTROS}”.",
    )
    JUNTAR_7 = _Text(
        "Juntar, passo 7",
        "7) Campo Título\nUtilize este campo somente nos casos em que seja necessário juntar mais de um arquivo com o mesmo tipo para "
        "diferenciá-los conforme exemplo na figura abaixo:",
        "deixe em branco",
    )
    JUNTAR_LIMITE = _Text(
        "Juntar, passo 7",
        "OBS.: Isso pode ocorrer porque o sistema permite juntar arquivos de no máximo 15MB. Caso o tamanho ultrapasse esse tamanho, "
        "será necessário dividi-lo.",
        "o e-CAC aceita arquivos de no máximo 15 MB",
        why="core/parts.py divides",
    )
    JUNTAR_DATA = _Text(
        "Juntar, passo 6",
        "Data Documento (Opcional):",
        "deixe em branco (opcional)",
    )
    JUNTAR_COPIA = _Text(
        "Juntar, passo 7",
        "Campo Cópia Simples:\nPor se tratar de documentos digitalizados, este será classificado Cópia Simples.",
        "marque, por se tratar de documento digitalizado",
    )
    JUNTAR_8 = _Text(
        "Juntar, passo 8",
        "8) Clique em Selecionar para indicar o arquivo PDF a ser juntado e, em seguida, clique em Salvar:",
        f"Preencha como abaixo, clique em “{Screen.SELECIONAR}”, indique {{file}} e clique em “{Screen.SALVAR}”.",
    )
    JUNTAR_NOME = _Text(
        "Juntar, passo 8",
        "IMPORTANTE: O nome do arquivo PDF deve ser simples (sem acentos). Exemplo: impugna1.pdf",
        "os nomes são simples, sem acentos; não os mude",
        why="core/ecac.py names the files",
    )
    JUNTAR_9 = _Text(
        "Juntar, passo 9",
        "9) Repita os passos 5 a 8 para incluir todos os arquivos e, ao final, confira se juntou os documentos corretamente e clique em "
        "Enviar Solicitação.",
        f"Confira a lista do rascunho: primeiro o {Screen.TERMO_SOLICITACAO} ({Screen.DOCUMENTO_TERMO}), que o próprio sistema inclui; "
        "depois, {files}.",
    )
    JUNTAR_ENVIAR = _Text(
        "Juntar, passo 9",
        "IMPORTANTE: O botão Enviar Solicitação só aparecerá após o sistema analisar o documento pelo antivírus.",
        f"Clique em “{Screen.ENVIAR}”. O botão só aparece depois que o sistema analisa o documento pelo antivírus.",
    )
    JUNTAR_10 = _Text(
        "Juntar, passo 10",
        "10) O sistema confirmará o envio e gerará um arquivo PDF com o Recibo da solicitação de juntada.",
        f"Guarde o recibo em PDF (“{Screen.PROTOCOLO}”).",
    )
    JUNTAR_PROVA = _Text(
        "Juntar, passo 10",
        "Essa é a prova de que a solicitação de juntada foi enviada!",
        "Ele é a prova de que a solicitação de juntada foi enviada.",
    )
    JUNTAR_REJEITADA = _Text(
        "Juntar, passo 10",
        "A partir desse momento, os documentos estarão disponíveis para a Receita Federal avaliar. Em caso de inconsistências, a "
        "solicitação de juntada poderá ser REJEITADA e será necessário juntar os documentos novamente.",
        "Depois da rejeição, será necessário juntar os documentos novamente.",
    )
    CONSULTAR = _Text(
        "Consultar",
        "Após solicitar a Juntada de Documentos a processo, a Receita Federal irá validar os documentos juntados.",
        "Consulte o resultado da análise da solicitação de juntada",
    )
    CONSULTAR_MOTIVO = _Text(
        "Consultar",
        "Caso haja algum problema, essa juntada será REJEITADA e o motivo da rejeição será informado no processo e na Caixa Postal do "
        "E-CAC de quem solicitou a juntada.",
        f"O motivo da rejeição está no processo e na {Screen.CAIXA_POSTAL} do e-CAC de quem solicitou a juntada.",
    )
    CONSULTAR_ACEITA = _Text(
        "Consultar",
        "Caso a juntada seja ACEITA, recomendamos imprimir o comprovante e juntar ao processo em papel. Esta é a prova de que os "
        "documentos foram entregues e aceitos pela Receita Federal.",
        "Imprima o comprovante e junte-o ao processo em papel: é a prova de que os documentos foram entregues e aceitos pela Receita "
        "Federal.",
    )
    CONSULTAR_1 = _Text("Consultar, passo 1", _ENTER, _EN)
    CONSULTAR_CERTIFICADO = _Text(
        "Consultar, passo 1",
        "É recomendado o acesso pelo fiscal municipal através de certificado digital.",
        "É recomendado o acesso com certificado digital.",
    )
    CONSULTAR_2 = _Text(
        "Consultar, passo 2",
        _DIGITAL,
        f"Clique em “{Screen.LEGISLACAO}” e depois em “{Screen.PROCESSOS_DIGITAIS}”.",
    )
    CONSULTAR_3 = _Text(
        "Consultar, passo 3",
        "3) Clique no quadro Minhas Juntadas de Documentos",
        f"Clique no quadro “{Screen.MINHAS_JUNTADAS}”.",
    )
    CONSULTAR_4 = _Text(
        "Consultar, passo 4",
        "4) Localize a solicitação de juntada de documentos:\nPara facilitar a consulta, recomendamos utilizar o filtro conforme imagem "
        "abaixo. Conforme você digita, a lista aplicará o filtro automaticamente.",
        "Localize a solicitação: digite devagar no filtro as palavras abaixo.",
    )
    FILTRO_ACEITAS = _Text(
        "Consultar, passo 4",
        "Localizar solicitações de juntadas ACEITAS:\nDigite pausadamente a palavra: “documentos juntados”",
        "Aceitas",
    )
    FILTRO_REJEITADAS = _Text(
        "Consultar, passo 4",
        "Localizar solicitações de juntadas REJEITADAS:\nDigite pausadamente a palavra: “documentos não juntados”",
        "Rejeitadas",
    )
    FILTRO_PENDENTES = _Text(
        "Consultar, passo 4",
        "Localizar solicitações de juntadas PENDENTES DE ANÁLISE:\nDigite pausadamente a palavra: “aguardando”",
        "Pendentes de análise",
    )
    CONSULTAR_5 = _Text(
        "Consultar, passo 5",
        "5. Obtenha o comprovante de juntadas clicando em Termo de Análise de Solicitação de Juntada.",
        f"Se foi aceita, clique em “{Screen.TERMO_ANALISE}”",
    )
    CONSULTAR_DOWNLOAD = _Text(
        "Consultar, passo 5",
        "Em seguida, clique em Download para baixar o comprovante em PDF.",
        f"e em “{Screen.DOWNLOAD}”, para baixar o comprovante em PDF.",
    )
    GESTAO = _Text(
        "Gestão dos Processos Pendentes",
        "Recomenda-se acompanhar periodicamente se há processos na lista de Processos que Tenho Autorização para Acessar",
        f"Acompanhe periodicamente a lista “{Screen.AUTORIZACAO}”.",
    )
    GESTAO_1 = _Text("Gestão, passo 1", _ENTER, _EN)
    GESTAO_CPF = _Text("Gestão, passo 1", _CPF, "O acesso é com o CPF do fiscal.")
    GESTAO_2 = _Text(
        "Gestão, passo 2",
        _DIGITAL,
        f"Clique em “{Screen.LEGISLACAO}” e depois em “{Screen.PROCESSOS_DIGITAIS}”.",
    )
    GESTAO_3 = _Text(
        "Gestão, passo 3",
        f"{_FRAME}\nVerifique a lista de processos, conforme a imagem acima.",
        f"Clique no quadro “{Screen.AUTORIZACAO}” e verifique a lista.",
    )
    GESTAO_PENDENTE = _Text(
        "Gestão dos Processos Pendentes",
        "Caso conste processos na lista, significa que:\n1. O processo está pendente de análise;",
        "Se o processo consta na lista, ou está pendente de análise,",
    )
    GESTAO_NAO_ANALISADA = _Text(
        "Gestão dos Processos Pendentes",
        "2. O fiscal já fez a análise, solicitou juntada dos documentos ou do despacho decisório, porém a RFB ainda não os analisou.",
        "ou a juntada (dos documentos ou do despacho decisório) ainda não foi analisada pela Receita.",
    )
    GESTAO_DEMORA = _Text(
        "Gestão dos Processos Pendentes",
        "Caso a análise demore mais do que o prazo médio de análise, poderá solicitar esclarecimentos através do e-mail "
        "equipeitr@rfb.gov.br.",
        f"Se a análise demorar mais do que o prazo médio, peça esclarecimentos pelo e-mail {TEAM}.",
    )

    @property
    def title(self) -> str:
        """The place in the tutorial: ``6. Impugnação, a``."""
        return self.value.title

    @property
    def quote(self) -> str:
        """The tutorial's own words, one or more of its lines."""
        return self.value.quote

    @property
    def says(self) -> str:
        """Our sentence for the fiscal, in an output (`tests/core/test_manual_trace.py`); empty if it asks for nothing."""
        return self.value.says

    @property
    def why(self) -> str:
        """For a paragraph without a sentence: the reason; for one that the program implements: where."""
        return self.value.why

    @property
    def overtaken(self) -> str:
        """The norm that supersedes the tutorial's text, or empty."""
        return self.value.overtaken

    def __str__(self) -> str:
        """The citation in findings: ``Manual, 6. Impugnação``."""
        return f"Manual, {self.title}"


class Norm(StrEnum):
    """A legal source other than the tutorial."""

    CHECK_DIGITS = "Portaria SLTI/MP nº 3/2003"
    PERIOD = "Decreto nº 70.235/1972"
    PERIOD_2026 = "LC 227/2026"
    PRESUMED = "Decreto nº 70.235/1972, art. 23"
    LATE = "Decreto nº 7.574/2011, art. 56, § 2º"
    FILES = "IN RFB nº 2.022/2021"


Rule = Paragraph | Norm
"""The sources that a finding may cite."""
