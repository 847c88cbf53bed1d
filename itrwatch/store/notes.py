"""The texts of PENDENTE.txt where the fiscal has nothing to correct, each with the sentence of its finding in the manifest."""

from __future__ import annotations

CHANGED = "a pasta mudou na entrada depois de publicada; o conjunto novo está sendo preparado"
CHANGED_NOTE = """\
A pasta “{name}” mudou na entrada depois que os PDFs foram publicados.

O conjunto novo está sendo preparado. Ele aparece aqui automaticamente, assim que
a pasta ficar um tempo sem mudanças na entrada. Não é preciso fazer nada.

Não junte ao processo os PDFs de antes, guardados em “anteriores”: eles não
correspondem mais ao que está na entrada.
"""
OUR_FAULT = (
    "o itrwatch falhou três vezes ao tratar esta pasta. A falha é do programa, não das digitalizações nem do "
    "processo.yaml; avise o administrador"
)
OUR_FAULT_NOTE = """\
PENDENTE: {name}

O itrwatch falhou três vezes ao tratar esta pasta. A falha é do programa; não há nada
de errado que se conheça nas digitalizações nem no processo.yaml.

O que fazer:
  1. Avise o administrador. Os detalhes estão no registro do serviço:
     journalctl -u itrwatch
  2. O administrador pode tentar de novo com “itrwatch once --retry”, depois de
     atualizar o itrwatch ou de dar mais memória ao computador.
  3. Enquanto isso, os arquivos na entrada continuam intactos. Se alguma coisa mudar
     na pasta, o itrwatch tenta de novo automaticamente.
"""
