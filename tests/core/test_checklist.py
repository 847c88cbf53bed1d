"""The checklist of the manual: sidecar in, exact sentences out; what is complete leaves only boxes to tick."""

from __future__ import annotations

import pytest

from itrwatch.core.checklist import check_case, check_processo
from itrwatch.core.findings import Severity
from itrwatch.core.processo import find_processo
from itrwatch.core.sections import Section
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read

NAME = "processo.yaml"
OLD = "13153.720210/2019-34"
ALL = tuple(section for section in Section if section is not Section.CAPA)
FIRST_SHEET = (
    "confira se a primeira folha da notificação tem carimbo e assinatura do autor e do chefe do órgão (Manual, 2)"
)
GROUNDS = "confira se a impugnação traz as razões de fato e de direito (Manual, 2.2)"
POWERS = (
    "se quem assinou a impugnação foi um representante, confira se os poderes dele estão entre as suas páginas "
    "(Manual, 2.2)"
)
TERMO = "confira se o termo de encaminhamento diz que há impugnação e cita as folhas dela e as do processo (Manual, 2)"
AR_NAMES_IT = (
    "confira se o AR diz qual documento entregou; se não diz, junte o termo de juntada de AR (anexo 9.1 do manual) "
    "(Manual, 2.1)"
)
POSTAL = "ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}\n"
FILED = "impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}\n"


def check(text="", sections=ALL, processo=OLD):
    """What the checklist says about a sidecar with these keys, warnings first, each as ``place: sentence (rule)``."""
    sidecar = read_sidecar(read(("secoes:\n  - notificacao: n.pdf\n" + text).encode(), NAME).node, NAME)
    assert sidecar.sidecar, sidecar.findings
    findings = list(check_case(sections, find_processo(processo), sidecar.sidecar, NAME))
    assert all(finding.rule.startswith("Manual, ") for finding in findings)
    return [[str(f) for f in findings if f.severity is level] for level in (Severity.WARNING, Severity.REMINDER)]


def if_there(word):
    return f"Se já está entre as páginas, acrescente “{word}” em “documentos”; se não está, junte ao processo"


def test_a_complete_case_leaves_only_what_no_machine_can_see():
    warnings, reminders = check(POSTAL + FILED)
    assert warnings == []
    assert reminders == [FIRST_SHEET, AR_NAMES_IT, POWERS, GROUNDS, TERMO]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("{modo: pessoal, data: 02/10/2023, documentos: [assinatura, identidade]}", []),
        (
            "{modo: pessoal, data: 02/10/2023, documentos: [identidade]}",
            ["ciência pessoal sem a assinatura do contribuinte na notificação. " + if_there("assinatura")],
        ),
        (
            "{modo: pessoal, data: 02/10/2023, documentos: assinatura}",
            ["ciência pessoal sem o documento de identidade, com foto, de quem assinou. " + if_there("identidade")],
        ),
        (
            "{modo: postal, data: 02/10/2023}",
            [
                "ciência postal sem o Aviso de Recebimento (AR); a tela de rastreamento e o comprovante de postagem não o "
                "substituem. " + if_there("ar")
            ],
        ),
        (
            "{modo: postal, data: 02/10/2023, documentos: [tela de rastreamento]}",
            [
                "ciência postal sem o Aviso de Recebimento (AR); a tela de rastreamento não é aceita no lugar dele. "
                + if_there("ar")
            ],
        ),
        (
            "{modo: postal, data: 02/10/2023, documentos: [Comprovante de postagem]}",
            [
                "ciência postal sem o Aviso de Recebimento (AR); o comprovante de postagem não é aceito no lugar dele. "
                + if_there("ar")
            ],
        ),
        ("{modo: postal, data: 02/10/2023, documentos: [AR, rastreamento]}", []),
        ("{modo: edital, data: 02/10/2023, documentos: [ar, edital]}", []),
        (
            "{modo: edital, data: 02/10/2023, documentos: [edital]}",
            [
                "ciência por edital sem o AR devolvido; são necessários os dois, o AR e o edital. " + if_there("ar"),
            ],
        ),
        (
            "{modo: edital, data: 02/10/2023, documentos: [ar]}",
            [
                "ciência por edital sem a cópia do edital; são necessários os dois, o AR e o edital. "
                + if_there("edital")
            ],
        ),
    ],
)
def test_each_kind_of_ciencia_has_its_papers(block, told):
    assert check(f"ciencia: {block}\n{FILED}")[0] == [f"processo.yaml:3: {sentence} (Manual, 2.1)" for sentence in told]


def test_the_signature_of_a_proxy_is_a_box_to_tick():
    said = "se quem assinou foi um procurador, confira se a procuração está entre as páginas da ciência (Manual, 2.1)"
    block = "ciencia: {modo: pessoal, data: 02/10/2023, documentos: [assinatura, identidade%s]}\n"
    assert said in check(block % "")[1]
    assert said not in check(block % ", procuração")[1]


def test_an_ar_with_its_termo_de_juntada_needs_no_look():
    assert AR_NAMES_IT not in check("ciencia: {modo: postal, data: 02/10/2023, documentos: [ar, juntada]}\n")[1]


def test_a_sidecar_that_says_nothing_of_the_ciencia_is_asked_to():
    said = (
        "escreva em “ciencia” como e quando foi a ciência, por exemplo “ciencia: {modo: postal, data: 02/10/2023, "
        "documentos: [ar]}”: com isso o itrwatch confere os documentos e calcula o prazo (Manual, 2.1)"
    )
    assert check(FILED)[0] == []
    assert f"processo.yaml: {said}" in check(FILED)[1]
    assert f"processo.yaml:3: {said}" in check("ciencia: {data: 02/10/2023}\n")[1]


@pytest.mark.parametrize(
    ("block", "told"),
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
def test_a_ciencia_without_its_day(block, told):
    assert f"processo.yaml:3: {told} (Manual, 2.1)" in check(f"ciencia: {block}\n")[1]


def test_an_undated_ar_is_known_by_the_day_it_was_sent():
    _, reminders = check("ciencia: {modo: postal, envio: 02/10/2023, documentos: [ar]}\n")
    assert not any("calcular o prazo" in reminder for reminder in reminders)


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            "{data: 20/10/2023, documentos: [identidade]}",
            ["impugnação sem o protocolo de recebimento, que é indispensável. " + if_there("protocolo")],
        ),
        (
            "{data: 20/10/2023, documentos: [protocolo]}",
            ["impugnação sem a cópia do documento de identidade de quem assinou. " + if_there("identidade")],
        ),
        (
            "{data: 20/10/2023, via: correios, documentos: [protocolo, identidade]}",
            ["impugnação pelos Correios sem o envelope, que prova a data da postagem. " + if_there("envelope")],
        ),
        ("{data: 20/10/2023, via: correios, documentos: [protocolo, rg, envelope]}", []),
    ],
)
def test_each_way_of_filing_an_impugnacao_has_its_papers(block, told):
    found = check(f"{POSTAL}impugnacao: {block}\n")[0]
    assert found == [f"processo.yaml:4: {sentence} (Manual, 2.2)" for sentence in told]


def test_an_envelope_without_a_date_needs_the_tracking_screen():
    said = "confira se o envelope traz a data da postagem; se não traz, junte a tela de rastreamento (Manual, 2.2)"
    block = "impugnacao: {data: 20/10/2023, via: correios, documentos: [protocolo, identidade, envelope%s]}\n"
    assert said in check(POSTAL + block % "")[1]
    assert said not in check(POSTAL + block % ", rastreamento")[1]


def test_an_impugnacao_the_sidecar_does_not_speak_of_is_boxes_to_tick():
    warnings, reminders = check(POSTAL)
    assert warnings == []
    assert reminders[2:-1] == [
        "confira se o protocolo de recebimento da impugnação está entre as suas páginas (Manual, 2.2)",
        "confira se a cópia da identidade de quem assinou a impugnação está entre as suas páginas (Manual, 2.2)",
        POWERS,
        (
            "se a impugnação veio pelos Correios, confira se o envelope está entre as suas páginas e, quando ele não traz a "
            "data da postagem, também a tela de rastreamento (Manual, 2.2)"
        ),
        GROUNDS,
    ]


def test_powers_that_are_listed_need_no_look():
    block = "impugnacao: {data: 20/10/2023, documentos: [protocolo, identidade, procuração]}\n"
    assert POWERS not in check(POSTAL + block)[1]


def test_an_impugnacao_of_which_there_are_no_pages():
    none = tuple(section for section in ALL if section is not Section.IMPUGNACAO)
    assert check(POSTAL + FILED, none)[0] == [
        (
            "processo.yaml:4: há dados da impugnação, mas nenhuma seção “impugnacao” com as suas páginas; inclua a seção em "
            "“secoes” ou apague estes dados (Manual, 2.2)"
        )
    ]


def test_dates_in_the_wrong_order():
    told = check(POSTAL + FILED.replace("20/10/2023", "20/09/2023"))[0]
    assert told == [
        (
            "processo.yaml:4: a data da impugnação (20/09/2023) é anterior à da ciência (02/10/2023); confira as duas "
            "(Manual, 2.2)"
        )
    ]


def test_an_impugnacao_on_the_day_of_the_ciencia_is_in_order():
    assert check(POSTAL + FILED.replace("20/10/2023", "02/10/2023"))[0] == []


def test_sections_that_are_missing_are_told_with_the_reason():
    assert check(POSTAL, (Section.NOTIFICACAO,))[0] == [
        (
            "falta a seção “ciencia” (Ciência da Notificação de Lançamento): sem a prova da ciência a Receita costuma devolver "
            "o processo (Manual, 2)"
        ),
        "falta a seção “ditr” (DITR): o manual pede a declaração do exercício fiscalizado (Manual, 2)",
        (
            "falta a seção “termo” (Termo de Encaminhamento): ele é a última folha do processo e diz se houve impugnação "
            "(Manual, 2)"
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
            ["confira se o processo foi criado antes de 21/11/2023: só esses têm capa (Manual, 2)"],
        ),
        (
            "10265.226695/2024-00",
            [
                (
                    "processos criados a partir de 21/11/2023 não têm capa, e este é de 2024; confira a página e, se ela não "
                    "faz parte do processo, tire a seção “capa” (Manual, 2)"
                )
            ],
            [],
        ),
    ],
)
def test_a_capa_belongs_to_old_processes(processo, warnings, reminders):
    told = check(POSTAL + FILED, tuple(Section), processo)
    assert told[0] == warnings
    assert [said for said in told[1] if "capa" in said] == reminders
    assert not any("capa" in said for level in check(POSTAL + FILED, ALL, processo) for said in level)


def test_what_the_termo_must_say():
    none = tuple(section for section in ALL if section is not Section.IMPUGNACAO)
    said = "confira se o termo de encaminhamento diz que não houve impugnação e cita as folhas do processo"
    assert check(POSTAL, none)[1][-1] == f"{said} (Manual, 2)"
    assert check(POSTAL + "numeracao: nenhuma\n", none)[1][-1] == (
        f"{said}; se não cita, ele também deve ser numerado (Manual, 2)"
    )


def test_the_number_of_the_process():
    def told(folder, written=""):
        text = f"secoes: [notificacao: n.pdf]\n{written}"
        sidecar = read_sidecar(read(text.encode(), NAME).node, NAME).sidecar
        return [f"{f.severity.value} {f}" for f in check_processo(find_processo(folder), folder, sidecar, NAME)]

    assert told("13153.720210-2019-34 Fazenda") == []
    assert told("13153.720210-2019-34 Fazenda", "processo: 13153 720210 2019 34\n") == []
    assert told("13153.720210-2019-34 Fazenda", "processo: 13153.720210/2019-35\n") == [
        (
            "error processo.yaml:2:11: o número do processo “13153.720210/2019-35” não é o da pasta "
            "(13153.720210/2019-34); corrija um dos dois (Manual, 1)"
        )
    ]
    assert told("18158.708818-2018-01") == [
        (
            "warning os dígitos verificadores do processo 18158.708818/2018-01 não conferem (o cálculo dá 83); confira o número da "
            "pasta (Manual, 1)"
        )
    ]
    assert told("Fazenda") == [
        (
            "error o nome da pasta “Fazenda” não traz o número do processo; renomeie a pasta para começar com ele, por exemplo "
            "“13153.720210-2019-34 Fazenda Boa Vista” (Manual, 1)"
        )
    ]
