"""The parts of the guide and of the questions that quote the tutorial, from `itrwatch.core.manual` and `itrwatch.core.ecac`.

A document has ``<!-- manual: NAME -->`` above such a part and ``<!-- /manual -->`` below it; what stands between is made anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from itrwatch.core.ecac import Step, attach_steps, follow_up, request_steps, result_steps
from itrwatch.core.manifest import FileEntry, Manifest
from itrwatch.core.manual import Paragraph
from itrwatch.core.settings import PortalConfig

P = Paragraph
_PART = re.compile(r"(<!-- manual: ([\w-]+) -->\n).*?(<!-- /manual -->)", re.DOTALL)
_WIDTH = 120


def filled(document: Path) -> str:
    """The document with every part between the marks made anew; `KeyError` for a part that there is not."""
    parts = _parts()
    return _PART.sub(lambda found: found[1] + parts[found[2]] + found[3], document.read_text("utf-8"))


def _parts() -> dict[str, str]:
    return {
        "edicao": _prose(P.PILOTO, P.NORMA, P.SERVIDOR),
        "instruir": _prose(P.INSTRUIR_ANTES, P.ORDEM),
        "papel": _listed(
            [
                P.NL_CARIMBO.says,
                f"{P.CIENCIA_LUGAR.says}",
                f"{P.CIENCIA_PESSOAL.says}; {P.CIENCIA_ASSINATURA.says}",
                f"{P.CIENCIA_POSTAL.says}; {P.CIENCIA_TERMO_JUNTADA.says}; {P.CIENCIA_RASTREAMENTO.says}",
                P.CIENCIA_EDITAL.says,
                f"{P.NUMERAR_ORDEM.says}: {P.NUMERAR_NORMA.says}; {P.NUMERAR_MOTIVO.says}",
            ]
        ),
        "resolucao": _prose(P.RESOLUCAO),
        "pdf": _listed(
            [
                f"{P.NL_PRIMEIRO.says}, e {P.CIENCIA_LUGAR.says}",
                P.EM_BRANCO.says,
                P.ROTACIONAR.says,
                f"{P.ARQUIVO_IMPUGNA.says}; {P.NUMEROS_FICAM.says}",
                f"{P.JUNTAR_LIMITE.says} ({P.ARQUIVO_NOTI.says})",
                P.JUNTAR_NOME.says,
            ]
        ),
        "solicitar": _steps(request_steps(PortalConfig())),
        "juntar": _steps(attach_steps(_example())),
        "consultar": _steps(result_steps()),
        "acompanhar": _steps(follow_up()),
        "em-branco": _sentence(f"O manual manda eliminá-las: {P.EM_BRANCO.says}."),
        "quadro": _prose(P.JUNTAR_QUADRO, P.JUNTAR_LISTA, P.SOLICITAR_ATRASO),
        "tipo": _sentence(
            f"{P.JUNTAR_6.says.format(typed='NOTI', type='NOTIFICAÇÃO DE LANÇAMENTO')}; {P.JUNTAR_LUPA.says}. {P.JUNTAR_IMPU.says}. {P.JUNTAR_NOMENCLATURA.says}"
        ),
        "enviar": _prose(P.JUNTAR_ENVIAR),
        "rascunho": _prose(P.JUNTAR_RASCUNHO, P.JUNTAR_10, P.JUNTAR_PROVA),
        "rejeitada": _prose(P.CONSULTAR_MOTIVO, P.JUNTAR_REJEITADA),
        "comprovante": _sentence(
            f"{P.CONSULTAR_3.says} {P.CONSULTAR_5.says} {P.CONSULTAR_DOWNLOAD.says} {P.CONSULTAR_ACEITA.says}"
        ),
        "demora": _prose(P.GESTAO_PENDENTE, P.GESTAO_NAO_ANALISADA, P.GESTAO_DEMORA),
    }


def _example() -> Manifest:
    files = (
        FileEntry("NOTI.pdf", 1, "", 1, "NOTIFICAÇÃO DE LANÇAMENTO", "", None),
        FileEntry("IMPUGNA.pdf", 1, "", 1, "IMPUGNAÇÃO", "", None),
    )
    return Manifest("13153.720210/2019-34", "", "", "", files=files)


def _prose(*paragraphs: P) -> str:
    return _sentence(" ".join(paragraph.says for paragraph in paragraphs))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}\n"


def _listed(sentences: Iterable[str]) -> str:
    return "".join(f"- {_sentence(f'{sentence};')}" for sentence in sentences).rstrip(";\n") + ".\n"


def _steps(steps: tuple[Step, ...]) -> str:
    lines = []
    for number, step in enumerate(steps, start=1):
        lines.append(f"{number}. {step.text}")
        lines += [
            f"   - {field.label}: `{line}`" if field.copy else f"   - {field.label}: {line}"
            for field in step.fields
            for line in [field.value]
            if "\n" not in line
        ]
    return "\n".join(lines) + "\n"
