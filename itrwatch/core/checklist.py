"""What the manual expects of a case and the sidecar does not have: findings, never refusals."""

from __future__ import annotations

from collections.abc import Iterator

from itrwatch.core.findings import Finding, Severity, error, reminder, warning
from itrwatch.core.processo import Processo, same_processo
from itrwatch.core.sections import Section
from itrwatch.core.sidecar import Sidecar


def check_processo(
    processo: Processo | None, folder: str, sidecar: Sidecar | None, sidecar_name: str
) -> Iterator[Finding]:
    """The folder must carry a number; the sidecar's must agree; a wrong check digit is only told."""
    if processo is None:
        yield error(
            f"o nome da pasta «{folder}» não traz o número do processo; renomeie a pasta para começar com ele, "
            "por exemplo «13153.720210-2019-34 Fazenda Boa Vista»"
        )
        return
    if sidecar and sidecar.processo and not same_processo(sidecar.processo.text, processo):
        yield Finding(
            Severity.ERROR,
            f"o número do processo «{sidecar.processo.text}» não é o da pasta ({processo}); corrija um dos dois",
            file=sidecar_name,
            line=sidecar.processo.place.line,
            column=sidecar.processo.place.column,
        )
    if not processo.check_digits_agree:
        yield warning(
            f"os dígitos verificadores do processo {processo} não conferem (o cálculo dá "
            f"{processo.computed_check_digits}); confira o número da pasta"
        )


def check_sections(sections: tuple[Section, ...]) -> Iterator[Finding]:
    """Sections that the manual expects in every case."""
    expected = {
        Section.CIENCIA: "sem a prova da ciência a Receita costuma devolver o processo",
        Section.DITR: "o manual pede a declaração do exercício fiscalizado",
        Section.TERMO: "ele é a última folha do processo e diz se houve impugnação",
    }
    for section, why in expected.items():
        if section not in sections:
            yield warning(f"falta a seção «{section}» ({section.heading}): {why}", "Manual, 2")
    if Section.IMPUGNACAO in sections:
        yield reminder("confira se o protocolo de recebimento da impugnação está entre as suas páginas", "Manual, 2.2")
    yield reminder(
        "confira se a primeira folha da notificação tem carimbo e assinatura do autor e do chefe do órgão", "Manual, 2"
    )
