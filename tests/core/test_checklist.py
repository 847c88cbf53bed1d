"""The checklist of the manual: sidecar in, exact sentences out; what is complete leaves only boxes to tick."""

from __future__ import annotations

import pytest

from itrwatch.core.calendar import Calendar
from itrwatch.core.checklist import check_case, check_numbered, check_processo
from itrwatch.core.deadline import find_deadline
from itrwatch.core.findings import Severity
from itrwatch.core.processo import find_processo
from itrwatch.core.sections import Section
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read

NAME = "processo.yaml"
OLD = "13153.720210/2019-34"
ALL = tuple(section for section in Section if section is not Section.CAPA)
FIRST_SHEET = (
    "confira se a primeira folha de cada documento emitido (notificação, TIF, TCIF, termo) tem carimbo e assinatura do autor do "
    "lançamento e do Titular do Órgão da Administração Tributária (recomendado) (Manual, 2. Notificação de Lançamento)"
)
GROUNDS = (
    "confira se a impugnação contém os motivos de fato e de direito em que se fundamenta; não basta apresentar documentos "
    "comprobatórios, como um laudo (Decreto nº 7.574/2011, arts. 56 a 58) (Manual, 6. Impugnação, a)"
)
CONTESTED = (
    "confira o que a impugnação contesta expressamente: a matéria que não é contestada considera-se não impugnada; se for só uma "
    "parte, informe no termo (Manual, 6. Impugnação, b)"
)
POWERS = (
    "se a impugnação foi assinada por representante, confira se estão juntados os documentos que comprovam os poderes dele para "
    "representar o contribuinte (Manual, 6. Impugnação, d)"
)
TIF = "confira se o TIF está com a sua ciência e, se houve, a resposta (Manual, 4. Termo de Intimação Fiscal)"
TCIF = "confira se cada TCIF está com a sua ciência e, se houve, a resposta (Manual, 5. Termo de Constatação e Intimação Fiscal)"
REFUSED = "a tela do rastreamento e o protocolo de envio de correspondências não são aceitos"
AR_NAMES_IT = (
    "confira se o Aviso de Recebimento (AR) identifica o documento entregue; se o AR não identifica o documento, junte o termo "
    f"de juntada de AR (anexo 9.1 da NE Cofis nº 2/2013); {REFUSED} (Manual, 2.1. Comprovação do recebimento da NL)"
)
POSTAL = "ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}\n"
FILED = "impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}\n"


def check(text="", sections=ALL, processo=OLD):
    """What the checklist says about a sidecar with these keys, warnings first, each as ``place: sentence (rule)``."""
    sidecar = read_sidecar(read(("secoes:\n  - notificacao: n.pdf\n" + text).encode(), NAME).node, NAME)
    assert sidecar.sidecar, sidecar.findings
    findings = list(check_case(sections, find_processo(processo), sidecar.sidecar, NAME))
    assert all(finding.rule.startswith("Manual, ") for finding in findings)
    assert not any(finding.message.startswith("folha") for finding in findings)
    return [[str(f) for f in findings if f.severity is level] for level in (Severity.WARNING, Severity.REMINDER)]


def if_there(word):
    return f"Se já está entre as páginas, acrescente “{word}” em “documentos”; se não está, junte ao processo"


def test_a_complete_case_leaves_only_what_no_machine_can_see():
    warnings, reminders = check(POSTAL + FILED)
    assert warnings == []
    assert reminders == [FIRST_SHEET, AR_NAMES_IT, TIF, TCIF, POWERS, GROUNDS, CONTESTED]


@pytest.mark.parametrize(
    ("block", "sentences"),
    [
        ("{modo: pessoal, data: 02/10/2023, documentos: [assinatura, identidade]}", []),
        (
            "{modo: pessoal, data: 02/10/2023, documentos: [identidade]}",
            [
                "ciência pessoal sem a assinatura do sujeito passivo ou do procurador na notificação. "
                + if_there("assinatura")
            ],
        ),
        (
            "{modo: pessoal, data: 02/10/2023, documentos: assinatura}",
            ["ciência pessoal sem o documento de identificação com foto do signatário. " + if_there("identidade")],
        ),
        (
            "{modo: postal, data: 02/10/2023}",
            [f"ciência postal sem o Aviso de Recebimento (AR); {REFUSED}. " + if_there("ar")],
        ),
        (
            "{modo: postal, data: 02/10/2023, documentos: [tela de rastreamento]}",
            ["ciência postal sem o Aviso de Recebimento (AR); a tela do rastreamento não é aceita. " + if_there("ar")],
        ),
        (
            "{modo: postal, data: 02/10/2023, documentos: [Comprovante de postagem]}",
            [
                "ciência postal sem o Aviso de Recebimento (AR); o protocolo de envio de correspondências não é aceito. "
                + if_there("ar")
            ],
        ),
        ("{modo: postal, data: 02/10/2023, documentos: [AR, rastreamento]}", []),
        ("{modo: edital, data: 02/10/2023, documentos: [ar, edital]}", []),
        (
            "{modo: edital, data: 02/10/2023, documentos: [edital]}",
            [
                "ciência por edital sem o Aviso de Recebimento devolvido pelos Correios; os dois são obrigatórios, o AR devolvido e o Edital. "
                + if_there("ar"),
            ],
        ),
        (
            "{modo: edital, data: 02/10/2023, documentos: [ar]}",
            [
                "ciência por edital sem o Edital; os dois são obrigatórios, o AR devolvido e o Edital. "
                + if_there("edital")
            ],
        ),
    ],
)
def test_each_kind_of_ciencia_has_its_papers(block, sentences):
    assert check(f"ciencia: {block}\n{FILED}")[0] == [
        f"processo.yaml:3: {sentence} (Manual, 2.1. Comprovação do recebimento da NL)" for sentence in sentences
    ]


def test_the_signature_of_a_proxy_is_a_box_to_tick():
    said = (
        "se a notificação foi assinada por procurador, confira se está acompanhada da procuração (Manual, 2.1. Comprovação do "
        "recebimento da NL)"
    )
    block = "ciencia: {modo: pessoal, data: 02/10/2023, documentos: [assinatura, identidade%s]}\n"
    assert said in check(block % "")[1]
    assert said not in check(block % ", procuração")[1]


def test_an_ar_with_its_termo_de_juntada_needs_no_look():
    assert AR_NAMES_IT not in check("ciencia: {modo: postal, data: 02/10/2023, documentos: [ar, juntada]}\n")[1]


def test_a_sidecar_that_says_nothing_of_the_ciencia_is_asked_to():
    said = (
        "escreva em “ciencia” como e quando foi a ciência, por exemplo “ciencia: {modo: postal, data: 02/10/2023, "
        "documentos: [ar]}”: com isso o itrwatch confere os documentos e calcula o prazo (Manual, 2.1. Comprovação do recebimento da NL)"
    )
    assert check(FILED)[0] == []
    assert f"processo.yaml: {said}" in check(FILED)[1]
    assert f"processo.yaml:3: {said}" in check("ciencia: {data: 02/10/2023}\n")[1]


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (
            "{modo: pessoal, documentos: [assinatura, identidade]}",
            "escreva em “ciencia” a data da assinatura, para o itrwatch calcular o prazo",
        ),
        (
            "{modo: postal, documentos: [ar]}",
            (
                "escreva em “ciencia” a data que está no AR ou, se ele não traz data, “envio” com a data da expedição, para o "
                "itrwatch calcular o prazo"
            ),
        ),
        (
            "{modo: edital, documentos: [ar, edital]}",
            "escreva em “ciencia” a data da publicação do edital, para o itrwatch calcular o prazo",
        ),
    ],
)
def test_a_ciencia_without_its_day(block, sentence):
    assert f"processo.yaml:3: {sentence} (Manual, 6. Impugnação, e)" in check(f"ciencia: {block}\n")[1]


def test_an_undated_ar_is_known_by_the_day_it_was_sent():
    _, reminders = check("ciencia: {modo: postal, envio: 02/10/2023, documentos: [ar]}\n")
    assert not any("calcular o prazo" in reminder for reminder in reminders)


@pytest.mark.parametrize(
    ("block", "sentences"),
    [
        (
            "{data: 20/10/2023, documentos: [identidade]}",
            ["impugnação sem o protocolo do recebimento, que é imprescindível. " + if_there("protocolo")],
        ),
        (
            "{data: 20/10/2023, documentos: [protocolo]}",
            ["impugnação sem a cópia do documento de identificação do signatário. " + if_there("identidade")],
        ),
        (
            "{data: 20/10/2023, via: correios, documentos: [protocolo, identidade]}",
            [
                "impugnação enviada pelos Correios sem o envelope, que atesta a data da postagem. "
                + if_there("envelope")
            ],
        ),
        ("{data: 20/10/2023, via: correios, documentos: [protocolo, rg, envelope]}", []),
    ],
)
def test_each_way_of_filing_an_impugnacao_has_its_papers(block, sentences):
    found = check(f"{POSTAL}impugnacao: {block}\n")[0]
    assert [said.split(" (Manual, 6. Impugnação")[0] for said in found] == [
        f"processo.yaml:4: {sentence}" for sentence in sentences
    ]


def test_an_envelope_without_a_date_needs_the_tracking_screen():
    said = (
        "confira se a data da postagem consta no envelope; se não consta, junte a tela do Rastreamento dos Correios "
        "(Manual, 6. Impugnação)"
    )
    block = "impugnacao: {data: 20/10/2023, via: correios, documentos: [protocolo, identidade, envelope%s]}\n"
    assert said in check(POSTAL + block % "")[1]
    assert said not in check(POSTAL + block % ", rastreamento")[1]


def test_an_impugnacao_the_sidecar_does_not_speak_of_is_boxes_to_tick():
    warnings, reminders = check(POSTAL)
    assert warnings == []
    assert reminders[4:] == [
        ("confira se a impugnação contém o protocolo do recebimento, que é imprescindível (Manual, 6. Impugnação)"),
        (
            "confira se a cópia do documento de identificação do signatário está juntada à impugnação (Manual, 6. Impugnação, c)"
        ),
        POWERS,
        (
            "se a impugnação foi enviada pelos Correios, confira se o envelope está juntado e, quando a data da postagem não "
            "consta nele, também a tela do Rastreamento dos Correios (Manual, 6. Impugnação)"
        ),
        GROUNDS,
        CONTESTED,
    ]


def test_powers_that_are_listed_need_no_look():
    block = "impugnacao: {data: 20/10/2023, documentos: [protocolo, identidade, procuração]}\n"
    assert POWERS not in check(POSTAL + block)[1]


def test_an_impugnacao_of_which_there_are_no_pages():
    none = tuple(section for section in ALL if section is not Section.IMPUGNACAO)
    assert check(POSTAL + FILED, none)[0] == [
        (
            "processo.yaml:4: há dados da impugnação, mas nenhuma seção “impugnacao” com as suas páginas; inclua a seção em "
            "“secoes” ou apague estes dados (Manual, 6. Impugnação)"
        )
    ]


def test_dates_in_the_wrong_order():
    messages = check(POSTAL + FILED.replace("20/10/2023", "20/09/2023"))[0]
    assert messages == [
        (
            "processo.yaml:4: a data da impugnação (20/09/2023) é anterior à da ciência (02/10/2023); confira as duas "
            "(Manual, 6. Impugnação, e)"
        )
    ]


def test_an_impugnacao_on_the_day_of_the_ciencia_is_in_order():
    assert check(POSTAL + FILED.replace("20/10/2023", "02/10/2023"))[0] == []


def test_sections_that_are_missing_are_reported_with_the_reason():
    assert check(POSTAL, (Section.NOTIFICACAO,))[0] == [
        (
            "falta a seção “ciencia” (Ciência da Notificação de Lançamento): sem a comprovação da ciência a juntada pode ser "
            "rejeitada (Manual, 2.1. Comprovação do recebimento da NL)"
        ),
        "falta a seção “ditr” (DITR): o manual pede a DITR do exercício fiscalizado (Manual, 3. DITR)",
        (
            "falta a seção “termo” (Termo de Encaminhamento): ele encerra o processo e informa se há impugnação "
            "(Manual, 7. Termo de Encaminhamento)"
        ),
    ]


@pytest.mark.parametrize(
    ("processo", "warnings", "reminders"),
    [
        (OLD, [], []),
        ("10120.002180/96-77", [], []),
        (
            "10265.226695/2023-03",
            [],
            ["confira se o processo foi gerado antes de 21/11/2023: só esses têm capa (Manual, 1. Capa do Processo)"],
        ),
        (
            "10265.226695/2024-00",
            [
                (
                    "processos gerados a partir de 21/11/2023 não têm capa, e este é de 2024; confira a página e, se ela não "
                    "faz parte do processo, apague a seção “capa” (Manual, 1. Capa do Processo)"
                )
            ],
            [],
        ),
    ],
)
def test_a_capa_belongs_to_old_processes(processo, warnings, reminders):
    messages = check(POSTAL + FILED, tuple(Section), processo)
    assert messages[0] == warnings
    assert [said for said in messages[1] if "capa" in said] == reminders
    assert not any("capa" in said for level in check(POSTAL + FILED, ALL, processo) for said in level)


NONE = tuple(section for section in ALL if section is not Section.IMPUGNACAO)


def numbered(text="", sections=ALL, numbers="DITR 1"):
    """What is said once the folhas are counted, by a calendar that knows weekends only; each as ``severity sentence (rule)``."""
    sidecar = read_sidecar(read(("secoes:\n  - notificacao: n.pdf\n" + text).encode(), NAME).node, NAME).sidecar
    deadline = find_deadline(sidecar.ciencia, sidecar.impugnacao, Calendar())
    return [f"{f.severity} {f}" for f in check_numbered(sections, sidecar, NAME, deadline, numbers)]


@pytest.mark.parametrize(
    ("text", "sections", "said"),
    [
        ("", NONE, "não houve impugnação até o fim do prazo e cita as folhas do processo"),
        ("", ALL, "há impugnação e cita as folhas dela e as do processo"),
        (FILED, NONE, "há impugnação e cita as folhas dela e as do processo"),
        (
            POSTAL + "impugnacao: {data: 20/12/2023}\n",
            ALL,
            "a petição foi apresentada fora do prazo e cita as folhas dela e as do processo",
        ),
        (
            "numeracao: nenhuma\n",
            NONE,
            "não houve impugnação até o fim do prazo e cita as folhas do processo; se não cita, ele também deve ser numerado",
        ),
    ],
)
def test_what_the_termo_must_say_follows_the_data(text, sections, said):
    expected = f"reminder confira se o termo informa que {said} (Manual, 7. Termo de Encaminhamento)"
    assert expected in numbered(text, sections)
    assert not any("o termo informa" in said for said in numbered(text, (Section.NOTIFICACAO,)))


def test_a_late_petition_is_reported_in_the_words_of_the_tutorial():
    late = numbered(POSTAL + "impugnacao: {data: 20/12/2023}\n")[0]
    assert late == (
        "warning processo.yaml:4: a petição de 20/12/2023 veio depois do último dia (01/11/2023, a conferir): apresentada fora do "
        "prazo, não caracteriza impugnação, não instaura a fase litigiosa do procedimento, não suspende a exigibilidade do crédito "
        "tributário nem comporta julgamento de primeira instância, salvo se caracterizada ou suscitada a tempestividade, como "
        "preliminar (Decreto nº 7.574/2011, art. 56, § 2º) (Manual, 6. Impugnação, e)"
    )
    assert not any("petição" in said for said in numbered(POSTAL + FILED))
    assert not any("petição" in said for said in numbered(FILED))


def test_the_paper_is_to_be_numbered_as_the_pdfs_are():
    last = numbered(numbers="Notificação de Lançamento 1 a 3; DITR 4")[-1]
    assert last == (
        "reminder o manual recomenda numerar o processo físico (a NE Cofis nº 2/2013, ainda em vigor, exige a numeração; o papel "
        "fica arquivado no município, e a numeração garante a sua integridade). O papel já está numerado? Escreva “numeracao: "
        "papel”. Se não está, escreva nele estes mesmos números, de preferência no canto superior direito: Notificação de "
        "Lançamento 1 a 3; DITR 4. Nem a capa nem as páginas em branco levam número (Manual, Numeração das Páginas)"
    )
    for written in ("papel", "sequencial"):
        assert not any("numerar o processo" in said for said in numbered(f"numeracao: {written}\n"))
    assert any("Com “numeracao: nenhuma”, os PDFs saem sem número" in said for said in numbered("numeracao: nenhuma\n"))


@pytest.mark.parametrize(
    "block",
    [
        "ciencia: {modo: pessoal, data: 02/10/2023, documentos: [assinatura, documento de identificação]}",
        "ciencia: {modo: pessoal, data: 02/10/2023, documentos: [assinatura do sujeito passivo, Passaporte, procuração]}",
        "ciencia: {modo: postal, data: 02/10/2023, documentos: [Aviso de Recebimento (AR)]}",
        "ciencia: {modo: edital, data: 02/10/2023, documentos: [ar devolvido, edital]}",
        "ciencia: {modo: edital, data: 02/10/2023, documentos: [Aviso de Recebimento devolvido pelos Correios, Edital]}",
        "impugnacao: {documentos: [protocolo do recebimento, documento de identificação do signatário]}",
        "impugnacao: {via: correios, documentos: [protocolo de recebimento, carteira profissional, envelope]}",
    ],
)
def test_papers_listed_in_the_words_of_the_tutorial_are_understood(block):
    assert check(block + "\n")[0] == []


def test_without_a_ciencia_the_papers_of_all_three_kinds_are_to_tick():
    said = " ".join(check()[1])
    assert "ciência pessoal: confira se a notificação tem a assinatura do sujeito passivo ou do procurador" in said
    assert "confira se a assinatura na notificação é a mesma do documento de identificação juntado" in said
    assert "ciência postal: confira se o Aviso de Recebimento (AR) identifica o documento entregue" in said
    assert REFUSED in said
    assert (
        "ciência por edital: confira se estão juntados o Aviso de Recebimento devolvido pelos Correios e o Edital"
        in said
    )


def test_a_case_without_tif_is_to_be_looked_at():
    none = tuple(section for section in ALL if section not in (Section.TIF, Section.TCIF))
    reminders = check(POSTAL + FILED, none)[1]
    assert "não há TIF no processo: confira (Manual, 4. Termo de Intimação Fiscal)" in reminders
    assert TIF not in reminders
    assert TCIF not in reminders


def test_the_number_of_the_process():
    def findings(folder, written=""):
        text = f"secoes: [notificacao: n.pdf]\n{written}"
        sidecar = read_sidecar(read(text.encode(), NAME).node, NAME).sidecar
        return [f"{f.severity.value} {f}" for f in check_processo(find_processo(folder), folder, sidecar, NAME)]

    assert findings("13153.720210-2019-34 Fazenda") == []
    assert findings("13153.720210-2019-34 Fazenda", "processo: 13153 720210 2019 34\n") == []
    assert findings("13153.720210-2019-34 Fazenda", "processo: 13153.720210/2019-35\n") == [
        (
            "error processo.yaml:2:11: o número do processo “13153.720210/2019-35” não é o da pasta "
            "(13153.720210/2019-34); corrija um dos dois"
        )
    ]
    assert findings("18158.708818-2018-01") == [
        (
            "warning os dígitos verificadores do processo 18158.708818/2018-01 não conferem (o cálculo dá 83); confira o número da "
            "pasta (Portaria SLTI/MP nº 3/2003)"
        )
    ]
    assert findings("Fazenda") == [
        (
            "error o nome da pasta “Fazenda” não traz o número do processo; renomeie a pasta para começar com ele, por exemplo "
            "“13153.720210-2019-34 Fazenda Boa Vista”"
        )
    ]
