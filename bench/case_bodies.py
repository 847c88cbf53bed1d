"""What the papers of a case say, in the words of different offices, where their heading says nothing: see `bench.case_pages`.

    body(Section.TIF, rng) -> ["Solicitamos a Vossa Senhoria apresentar a este órgão, no prazo de 20 dias, …", …]

Each section has three wordings, each with what its law or the manual asks of it: a notificação the amount, the period and the right to
impugnar (Decreto nº 70.235/1972, art. 11), a TIF what has to be shown and by when, a receipt who received what and when.
"""

from __future__ import annotations

import numpy as np

from itrwatch.core.sections import Section
from itrwatch.demo import texts

_BODIES: dict[Section, tuple[tuple[str, ...], ...]] = {
    Section.NOTIFICACAO: (
        (
            (
                "Fica o sujeito passivo acima identificado notificado do lançamento de ofício do imposto, exercício {year}, em razão de falta de "
                "recolhimento apurada em procedimento de revisão."
            ),
            "Crédito tributário: imposto R$ {money}; multa de ofício R$ {small}; juros de mora R$ {small}.",
            "O pagamento, ou a impugnação, pode ser feito no prazo de trinta dias contados do recebimento desta.",
        ),
        (
            "Efetuamos o lançamento suplementar do ITR do imóvel de NIRF {nirf}, no valor total de R$ {money}, com a multa de 75 % e os juros.",
            "O contribuinte está intimado a recolher ou a impugnar o débito em 30 dias da ciência, nos termos do Decreto nº 70.235/1972.",
            "Enquadramento legal: artigos 10, 11 e 14 da Lei nº 9.393, de 1996.",
        ),
        (
            "Demonstrativo do crédito tributário – imposto suplementar {money}, multa {small}, juros {small}, total {money}.",
            "Descrição dos fatos: o Valor da Terra Nua declarado, de R$ {small}, foi alterado para R$ {money}.",
            (
                "Caso não concorde com a exigência, o notificado poderá apresentar impugnação até o trigésimo dia após a ciência; não havendo "
                "pagamento nem impugnação, o débito será inscrito em dívida ativa."
            ),
        ),
    ),
    Section.CIENCIA: (
        (
            (
                "Recebi nesta data a primeira via da Notificação de Lançamento nº {code}, do imposto sobre a propriedade territorial rural, "
                "exercício {year}, e os seus demonstrativos."
            ),
            "Serra do Ipê, {date}.",
            "Nome:                     CPF:                     Assinatura:",
        ),
        (
            (
                "Declaro que tomei ciência do lançamento do ITR do exercício {year} e do prazo de trinta dias para pagar ou impugnar, ficando com "
                "uma via de igual teor."
            ),
            "Local e data: Serra do Ipê, {date}.",
        ),
        (
            (
                "Certifico que entreguei ao representante do contribuinte, em {date}, a notificação de lançamento nº {code}, do que ficou ciente "
                "e apôs a sua assinatura abaixo."
            ),
            "Identidade apresentada: {code}.",
        ),
    ),
    Section.DITR: (
        (
            "Exercício {year}. NIRF {nirf}. Nome do imóvel: {farm}. Município: Serra do Ipê.",
            "Área total do imóvel {ha}. Área de preservação permanente {ha}. Área de reserva legal {ha}. Área tributável {ha}.",
            "Valor da terra nua {money}. Grau de utilização {pct}. Alíquota {pct}. Imposto devido {small}.",
        ),
        (
            "Situação da declaração: processada em {date}. Número do imóvel na Receita Federal {nirf}.",
            "Área aproveitável {ha} ha; área utilizada {ha} ha; grau de utilização {pct} %.",
            "VTN declarado {money}; VTN tributável {money}; imposto calculado {small}; quota única paga em {date}.",
        ),
        (
            "Dados do imóvel rural. Nirf {nirf}, área total {ha} ha. Ano de exercício {year}, declaração original, recebida via internet em {date}.",
            (
                "Cálculo do valor da terra nua: valor total do imóvel {money}, valor das benfeitorias {small}, valor das culturas {small}, valor da "
                "terra nua {money}."
            ),
            "Cálculo do imposto: valor da terra nua tributável {money}, alíquota {pct} %, imposto devido {small}.",
        ),
    ),
    Section.TIF: (
        (
            "Solicitamos a Vossa Senhoria apresentar a este órgão, no prazo de {days} dias, os documentos abaixo, referentes ao exercício {year}:",
            "a) matrícula atualizada do imóvel; b) Ato Declaratório Ambiental; c) laudo de avaliação do valor da terra nua.",
            "A falta de atendimento ensejará o lançamento de ofício.",
        ),
        (
            (
                "Para os fins da revisão da declaração do ITR, exercício {year}, fica Vossa Senhoria intimado a comprovar, em {days} dias, com "
                "documentos hábeis, as áreas e os valores informados."
            ),
            "Deve ser apresentado laudo técnico com ART, segundo a NBR 14.653-3.",
        ),
        (
            (
                "Pedimos que nos sejam enviadas, até {date}, cópias do CCIR, da certidão do registro de imóveis e das notas fiscais de produtor do "
                "imóvel {farm}."
            ),
            "Os documentos podem ser entregues no balcão da Secretaria ou pelo correio, com cópia desta intimação.",
        ),
    ),
    Section.TCIF: (
        (
            (
                "Examinados os documentos trazidos em resposta à intimação, constatamos que a área de reserva legal de {ha} ha não está averbada, e "
                "que o valor da terra nua de R$ {small} por hectare está abaixo do SIPT."
            ),
            "Diante do constatado, fica o contribuinte intimado a retificar a declaração ou a manifestar-se no prazo de {days} dias.",
        ),
        (
            "O contribuinte não atendeu à intimação de {date}. Verificou-se que o valor declarado, de R$ {money}, não foi comprovado.",
            "É facultado apresentar esclarecimentos, ou retificar a DITR, em {days} dias; depois disso, será efetuado o lançamento de ofício.",
        ),
        (
            "Da análise da documentação apresentada, apurou-se que as áreas de pastagem não têm o rebanho informado, de {count} cabeças.",
            "Constatada a infração, concede-se o prazo de {days} dias para a retificação ou para a apresentação de provas em contrário.",
        ),
    ),
    Section.IMPUGNACAO: (
        (
            (
                "{owner}, já qualificada, vem, respeitosamente, à presença de Vossa Senhoria, impugnar o lançamento do ITR do exercício {year}, pelas "
                "razões que expõe."
            ),
            "O valor da terra nua arbitrado não considera o afloramento rochoso.",
            "Pede o cancelamento da notificação. Termos em que pede deferimento.",
        ),
        (
            "Não concordo com a notificação de lançamento nº {code}, que recebi em {date}, porque a área de preservação foi desconsiderada.",
            "Venho apresentar a minha defesa, com o laudo e as matrículas, e requeiro a revisão do imposto e a anulação da multa.",
        ),
        (
            "A proprietária do imóvel {farm}, inconformada com a exigência de R$ {money}, apresenta a sua contestação ao lançamento.",
            "Preliminarmente, a intimação não foi recebida. No mérito, o laudo anexo prova o valor.",
            "Requer seja julgado improcedente o lançamento.",
        ),
    ),
}
"""“{ha}” and the like: as in `itrwatch.demo.texts`."""


def body(section: Section, rng: np.random.Generator) -> list[str]:
    """The paragraphs of a paper of ``section``, one of its wordings by chance."""
    wordings = _BODIES[section]
    return [texts.filled(text, rng) for text in wordings[rng.integers(len(wordings))]]
