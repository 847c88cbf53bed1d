"""The keys of the configuration: kind of value and purpose of each.

    "workers": Setting(Number(1, 256, auto=True), "páginas tratadas ao mesmo tempo; …", unit="processos")

The reader (`itrwatch.config.reading`) uses the kinds and limits of this table; ``config.example.yaml`` and
``docs/configuracao.md`` are generated from it (`python -m docs`). Defaults are in `itrwatch.core.settings`. A new setting
must be added to both modules; if one lacks it, itrwatch does not start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from itrwatch.core.choice import Choice
from itrwatch.core.manual import Norm


@dataclass(frozen=True, slots=True)
class AnyPath:
    """A path; a relative path starts at the configuration's folder."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``low`` to ``high``, both included; ``auto``: whether the word “auto” is allowed as well."""

    low: float
    high: float
    whole: bool = True
    auto: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """``sim`` or ``não``; ``true`` and ``false`` are read as well."""


@dataclass(frozen=True, slots=True)
class StampText:
    """Text with ``{n}`` once, set in the stamp's typeface."""


@dataclass(frozen=True, slots=True)
class FileSize:
    """A whole number of KB, MB or GB: ``10 MB``."""


@dataclass(frozen=True, slots=True)
class Uf:
    """The two letters of a state."""


@dataclass(frozen=True, slots=True)
class Days:
    """A list of ``dd/mm`` (every year) or ``dd/mm/aaaa``."""


@dataclass(frozen=True, slots=True)
class Umask:
    """Three octal digits, the last one 7: the papers are subject to tax secrecy."""


@dataclass(frozen=True, slots=True)
class GroupName:
    """The name of a group of this machine; whether it exists is seen when the outbox is opened."""


@dataclass(frozen=True, slots=True)
class ShareName:
    r"""The Windows name of a shared folder: ``\\servidor\entrada``."""


@dataclass(frozen=True, slots=True)
class ScreenText:
    """A text from a screen of e-CAC."""


Holds = (
    ShareName | AnyPath | Number | Choice | YesNo | StampText | FileSize | Uf | Days | Umask | GroupName | ScreenText
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: the kind of value, the ``unit`` of a number, and the ``meaning`` in one Portuguese sentence.

    ``advice``: for the document only; when to change the setting, and the effect. ``example``: the value in the example
    file if there is no default.
    """

    holds: Holds
    meaning: str
    unit: str = ""
    advice: str = ""
    example: str = ""


Settings = Mapping[str, "Setting | Group"]


@dataclass(frozen=True, slots=True)
class Group:
    """Settings below a common key, and their common meaning."""

    settings: Mapping[str, Setting]
    meaning: str


SETTINGS: Settings = {
    "inbox": Setting(
        AnyPath(),
        "onde o scanner salva: uma pasta por processo (nunca é alterada)",
        example="/srv/itr/entrada",
        advice="O itrwatch só precisa ler. Quem muda a pasta muda também o serviço; veja a instalação.",
    ),
    "outbox": Setting(
        AnyPath(),
        "onde ficam os PDFs e os relatórios; não pode ficar dentro da entrada",
        example="/srv/itr/saida",
        advice="Uma saída é de um itrwatch só: um segundo, nesta ou em outra máquina, não inicia.",
    ),
    "settle_seconds": Setting(
        Number(0, 86_400, whole=False),
        "a pasta só é lida depois de tantos segundos sem nenhuma mudança",
        unit="segundos",
        advice="Aumente se o scanner para por mais tempo entre duas páginas do mesmo arquivo.",
    ),
    "rescan_seconds": Setting(
        Number(1, 86_400, whole=False),
        "de quanto em quanto tempo a entrada é conferida, mesmo sem aviso do sistema",
        unit="segundos",
        advice="Onde as pastas são varridas (rede), vale o menor entre este número e 5. Onde há avisos do sistema e nada foi "
        "avisado, o conteúdo da saída e o de pastas prontas são conferidos uma vez em dez.",
    ),
    "watch": Setting(
        Choice(
            {
                "auto": "escolhe pelo tipo de disco de cada pasta",
                "inotify": "espera o aviso do sistema, mesmo onde ele pode não vir",
                "polling": "varre a pasta a cada poucos segundos",
            }
        ),
        "como as mudanças na entrada são percebidas",
        advice="`itrwatch doctor` mostra o modo em uso. Use `polling` se há mudanças que só são percebidas com atraso.",
    ),
    "workers": Setting(
        Number(1, 256, auto=True),
        "páginas tratadas ao mesmo tempo; auto usa todos os processadores",
        unit="processos",
        advice="Cada um leva até 400 MB de memória. Diminua se a máquina tem pouca, ou faz outras coisas.",
    ),
    "max_file_bytes": Setting(
        Number(20_000, 1_000_000_000),
        "o limite de 15 MB do e-CAC; abaixo disso nenhum arquivo é dividido",
        unit="bytes",
        advice=f"Mude só se a Receita mudar o limite: ela proíbe dividir um arquivo menor ({Norm.FILES}).",
    ),
    "separators": Setting(
        Choice(
            {
                "propose": "deixa um rascunho na saída, para conferir e copiar",
                "publish": "publica sem processo.yaml quando as folhas separadoras dizem o que é cada página",
            }
        ),
        "o que fazer com a pasta que não tem processo.yaml",
    ),
    "stamp": Group(
        {
            "format": Setting(
                StampText(),
                "como o número da folha é impresso; {n} é o número",
                advice="Até 40 letras, sem acento, com `{n}` uma vez.",
            ),
            "size": Setting(Number(6, 36, whole=False), "altura da letra, em pontos", unit="pontos"),
        },
        "o carimbo da folha, no alto à direita",
    ),
    "image": Group(
        {
            "ink_dpi": Setting(
                Number(150, 600),
                "resolução do preto e branco (manual: 300)",
                unit="dpi",
                advice="É um teto: o que foi digitalizado com menos fica como está.",
            ),
            "patch_dpi": Setting(
                Number(100, 300),
                f"resolução das áreas em cor ou cinza ({Norm.FILES}: 200)",
                unit="dpi",
                advice="Também um teto.",
            ),
            "quality": Setting(
                Number(30, 95),
                "qualidade das áreas em cor ou cinza (JPEG)",
                advice="Mais alto é mais nítido e maior; não vale para o preto e branco, que é guardado sem perda.",
            ),
            "remove_blanks": Setting(
                YesNo(),
                "retirar as páginas em branco, como manda o manual",
                advice="Com `não`, também as páginas EM BRANCO ficam. As de um processo só: `manter`, no processo.yaml.",
            ),
            "turn_pages": Setting(YesNo(), "pôr as páginas em posição de leitura"),
            "straighten": Setting(YesNo(), "endireitar a página que entrou torta no scanner (até 3 graus)"),
            "read_pages": Setting(
                YesNo(),
                "ler as páginas: os PDFs ganham texto, que se pesquisa e se copia",
                advice="Só entram as palavras lidas com certeza; a aparência das páginas não muda, e nada do que foi lido sai dos PDFs. "
                "Custa quase um segundo de processador por página, enquanto a pasta chega e descansa; num computador antigo ou muito ocupado, `não` poupa isso.",
            ),
        },
        "o que é feito com cada página",
    ),
    "log": Group(
        {
            "level": Setting(
                Choice({"DEBUG": "mostra também os lembretes", "INFO": "", "WARNING": "", "ERROR": ""}),
                "a partir de que gravidade algo entra no registro",
            ),
            "file": Setting(
                AnyPath(),
                "um arquivo de registro, além do journal",
                advice="Por exemplo `/var/log/itrwatch/itrwatch.log`. O serviço precisa poder escrever nessa pasta.",
            ),
            "rotation": Setting(FileSize(), "com que tamanho o arquivo é trocado por um novo"),
            "retention": Setting(Number(1, 1000), "quantos arquivos antigos ficam", unit="arquivos"),
        },
        "o registro do serviço; o de cada processo está na pasta dele, em processo.log",
    ),
    "holidays": Group(
        {
            "uf": Setting(
                Uf(),
                "sigla do estado, por exemplo GO",
                advice="Sem ela, os feriados do estado não entram na conta.",
            ),
            "municipal": Setting(
                Days(),
                "os dias do município, por exemplo [26/08, 24/10]",
                advice="`26/08` vale em todos os anos, `26/08/2026` só nesse.",
            ),
        },
        "para a conta dos prazos; os feriados nacionais já são conhecidos",
    ),
    "share_name": Setting(
        ShareName(),
        "como a pasta da entrada se chama no Windows",
        advice=r"Por exemplo `\\servidor\entrada`. O painel, o relatório e o LEIA-ME.html dizem este nome, que o fiscal reconhece, em vez do caminho no servidor.",
    ),
    "keep_sets": Setting(
        Number(0, 1000),
        "quantos conjuntos ficam em “anteriores” de cada processo; 0: todos",
        unit="conjuntos",
        advice="O conjunto que foi juntado no e-CAC, anotado em `andamento`, nunca é apagado.",
    ),
    "keep_days": Setting(
        Number(0, 36500),
        "por quantos dias um conjunto fica em “anteriores”; 0: sempre",
        unit="dias",
        advice="Vale quando um conjunto novo do mesmo processo é publicado; o que foi juntado nunca é apagado.",
    ),
    "metrics_file": Setting(
        AnyPath(),
        "números do serviço para o node_exporter (textfile); vazio: nenhum",
        advice="Por exemplo `/var/log/itrwatch/itrwatch.prom`. Só contagens, nenhum nome; o arquivo é trocado de uma vez. "
        "O serviço precisa poder escrever nessa pasta.",
    ),
    "portal": Group(
        {
            "concentration_area": Setting(
                ScreenText(),
                "o que escolher em “Área de Concentração de Serviço”",
                advice="O manual mostra este valor só em imagem: copie-o da tela de quem já solicitou um processo.",
            ),
            "service": Setting(
                ScreenText(),
                "o que escolher em “Serviço”",
                advice="Como acima. Enquanto estiver vazio, o relatório manda escolher na tela.",
            ),
        },
        "o que o e-CAC mostra em “Requerimentos Web”, para os passos do relatório",
    ),
    "umask": Setting(
        Umask(),
        "permissões que os arquivos da saída não têm; o sigilo fiscal pede o último algarismo 7",
        advice="`027`: o dono escreve, o grupo lê, os outros nada. `007`: o grupo também escreve.",
    ),
    "group": Setting(
        GroupName(),
        "grupo dono da saída; vazio: o da pasta, ou o do serviço",
        advice="Desnecessária com as pastas da instalação. O usuário do serviço tem de ser desse grupo.",
    ),
}
"""All keys, in the order of the generated documents."""
