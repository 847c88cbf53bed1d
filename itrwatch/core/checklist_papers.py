"""The papers of the ciência (Manual, 2.1) and of the impugnação (Manual, 2.2), as the sidecar lists them in ``documentos``."""

from __future__ import annotations

from collections.abc import Iterator

from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import CienciaInfo, ImpugnacaoInfo, Modo, Via
from itrwatch.core.findings import Finding, reminder, warning

CIENCIA = "Manual, 2.1"
IMPUGNACAO = "Manual, 2.2"

_NO_CIENCIA = (
    "escreva em “ciencia” como e quando foi a ciência, por exemplo “ciencia: {modo: postal, data: 02/10/2023, "
    "documentos: [ar]}”: com isso o itrwatch confere os documentos e calcula o prazo"
)
_NO_DATE = {
    Modo.PESSOAL: "escreva em “ciencia” a data da assinatura, para o itrwatch calcular o prazo",
    Modo.POSTAL: (
        "escreva em “ciencia” a data que está no AR ou, se ele não traz data, “envio” com a data da expedição, "
        "para o itrwatch calcular o prazo"
    ),
    Modo.EDITAL: "escreva em “ciencia” a data da publicação do edital, para o itrwatch calcular o prazo",
}
_NEEDED = {
    Modo.PESSOAL: {
        "assinatura": "ciência pessoal sem a assinatura do contribuinte na notificação",
        "identidade": "ciência pessoal sem o documento de identidade, com foto, de quem assinou",
    },
    Modo.POSTAL: {
        "ar": (
            "ciência postal sem o Aviso de Recebimento (AR); a tela de rastreamento e o comprovante de postagem não o "
            "substituem"
        )
    },
    Modo.EDITAL: {
        "ar": "ciência por edital sem o AR devolvido; são necessários os dois, o AR e o edital",
        "edital": "ciência por edital sem a cópia do edital; são necessários os dois, o AR e o edital",
    },
}
_INSTEAD_OF_AR = {
    "rastre": "a tela de rastreamento não é aceita no lugar dele",
    "postagem": "o comprovante de postagem não é aceito no lugar dele",
}
_PROXY = "se quem assinou foi um procurador, confira se a procuração está entre as páginas da ciência"
_AR_NAMES_IT = (
    "confira se o AR diz qual documento entregou; se não diz, junte o termo de juntada de AR (anexo 9.1 do manual)"
)
_PROTOCOLO = "confira se o protocolo de recebimento da impugnação está entre as suas páginas"
_IDENTITY = "confira se a cópia da identidade de quem assinou a impugnação está entre as suas páginas"
_POWERS = "se quem assinou a impugnação foi um representante, confira se os poderes dele estão entre as suas páginas"
_POSTED = (
    "se a impugnação veio pelos Correios, confira se o envelope está entre as suas páginas e, quando ele não traz a data "
    "da postagem, também a tela de rastreamento"
)
_GROUNDS = "confira se a impugnação traz as razões de fato e de direito"
_TRACKING = "confira se o envelope traz a data da postagem; se não traz, junte a tela de rastreamento"


def check_ciencia(info: CienciaInfo | None, file: str) -> Iterator[Finding]:
    """What the kind of ciência asks for and ``documentos`` does not list."""
    if info is None or info.modo is None:
        yield reminder(_NO_CIENCIA, CIENCIA, file=file, line=info.place.line if info else None)
        return
    line = info.documentos_place.line
    for word, sentence in _NEEDED[info.modo].items():
        if word not in info.documentos:
            told = _instead(info) or sentence
            yield warning(f"{told}. {_if_there(word)}", CIENCIA, file=file, line=line)
    if info.modo is Modo.PESSOAL and "procuracao" not in info.documentos:
        yield reminder(_PROXY, CIENCIA)
    if info.modo is Modo.POSTAL and "ar" in info.documentos and "juntada" not in info.documentos:
        yield reminder(_AR_NAMES_IT, CIENCIA)
    if info.data is None and info.envio is None:
        yield reminder(_NO_DATE[info.modo], CIENCIA, file=file, line=info.place.line)


def check_impugnacao(info: ImpugnacaoInfo | None, file: str, *, claimed: bool) -> Iterator[Finding]:
    """What an impugnação must bring along; ``claimed``: the section has pages."""
    if not claimed:
        if info:
            yield warning(
                "há dados da impugnação, mas nenhuma seção “impugnacao” com as suas páginas; inclua a seção em “secoes” "
                "ou apague estes dados",
                IMPUGNACAO,
                file=file,
                line=info.place.line,
            )
        return
    if info is None:
        yield from (reminder(sentence, IMPUGNACAO) for sentence in (_PROTOCOLO, _IDENTITY, _POWERS, _POSTED, _GROUNDS))
        return
    for word, sentence in _needed_by(info).items():
        if word not in info.documentos:
            place = info.documentos_place.line
            yield warning(f"{sentence}. {_if_there(word)}", IMPUGNACAO, file=file, line=place)
    if info.via is Via.CORREIOS and "rastreamento" not in info.documentos:
        yield reminder(_TRACKING, IMPUGNACAO)
    if "procuracao" not in info.documentos:
        yield reminder(_POWERS, IMPUGNACAO)
    yield reminder(_GROUNDS, IMPUGNACAO)


def check_dates(ciencia: CienciaInfo | None, impugnacao: ImpugnacaoInfo | None, file: str) -> Iterator[Finding]:
    """An impugnação before the ciência is more likely a slip of the pen."""
    known = ciencia and (ciencia.data or ciencia.envio)
    filed = impugnacao and impugnacao.data
    if known and impugnacao and filed and filed < known:
        yield warning(
            f"a data da impugnação ({brazilian(filed)}) é anterior à da ciência ({brazilian(known)}); confira as duas",
            IMPUGNACAO,
            file=file,
            line=impugnacao.data_place.line,
        )


def _instead(info: CienciaInfo) -> str:
    """The sentence about a paper that stands where only the AR is accepted."""
    for part, refused in _INSTEAD_OF_AR.items():
        if info.modo is Modo.POSTAL and any(part in word for word in info.documentos):
            return f"ciência postal sem o Aviso de Recebimento (AR); {refused}"
    return ""


def _needed_by(info: ImpugnacaoInfo) -> dict[str, str]:
    needed = {
        "protocolo": "impugnação sem o protocolo de recebimento, que é indispensável",
        "identidade": "impugnação sem a cópia do documento de identidade de quem assinou",
    }
    if info.via is Via.CORREIOS:
        needed["envelope"] = "impugnação pelos Correios sem o envelope, que prova a data da postagem"
    return needed


def _if_there(word: str) -> str:
    return f"Se já está entre as páginas, acrescente “{word}” em “documentos”; se não está, junte ao processo"
