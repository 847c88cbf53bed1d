"""Failure of a worker → sentence for the fiscal: ``Failed(NoResult.CRASHED, "SIGSEGV")`` → “o arquivo derrubou …”."""

from __future__ import annotations

from itrwatch.workers.pool import Failed, NoResult

_WHY = {
    NoResult.KILLED: (
        "o sistema encerrou duas vezes o programa que lê esta página; em geral falta memória no computador, e a "
        "digitalização pode estar perfeita: não a refaça. Avise o administrador; para tentar de novo, salve o processo.yaml "
        "outra vez"
    ),
    NoResult.CRASHED: (
        "o arquivo derrubou duas vezes o programa que o lê ({signal}); deve estar danificado. Digitalize de novo e copie o "
        "arquivo inteiro; se a mensagem voltar, avise o administrador"
    ),
    NoResult.CPU: (
        "a página exige cálculo demais do computador e foi interrompida. Digitalize-a de novo, de preferência em PDF ou TIFF "
        "a 300 dpi"
    ),
    NoResult.CLOCK: (
        "a página demorou demais e foi interrompida: ou ela é pesada demais, ou o computador ou a rede está muito lento. "
        "Salve o processo.yaml outra vez para tentar de novo; se a mensagem voltar, digitalize a página de novo, em PDF ou "
        "TIFF a 300 dpi"
    ),
    NoResult.MEMORY: (
        "a página não coube na memória do computador. Digitalize de novo com resolução menor: 300 dpi bastam; ou abra o arquivo em outro "
        "programa, imprima em PDF e ponha o PDF impresso no lugar dele"
    ),
    NoResult.BUDGET: (
        "o processo inteiro exige cálculo demais do computador e foi interrompido nesta página. Digitalize de novo as páginas "
        "mais pesadas, de preferência em PDF ou TIFF a 300 dpi"
    ),
    NoResult.SKIPPED: "não foi lido, porque outra parte deste processo demorou demais",
}
_OUR_BUG = (
    "falha interna do itrwatch ao ler o arquivo; avise o administrador (os detalhes estão no registro do serviço)"
)


def failure_sentence(failed: Failed) -> str:
    """The sentence for the fiscal about a worker that ended without a result."""
    return _WHY.get(failed.why, _OUR_BUG).format(signal=failed.signal)
