"""What people do in Notepad, and the answers: text in, exact Portuguese out."""

SLIPS = {
    "indentation": [
        (
            "secoes:\n\t- notificacao: n.pdf\n\t- capa: c.pdf 5-1\n\t- xapa: d.pdf\n",
            [
                "error 2:1: tabulação (tecla Tab) no começo das linhas 2, 3 e 4; use espaços no lugar dela",
                "está:    →- notificacao: n.pdf",
                "         ^",
                "escreva:   - notificacao: n.pdf",
                "reminder 3:16: páginas 5-1 na ordem escrita, de trás para a frente: 5, 4, …, 1; confira no relatório se a primeira folha ficou mesmo em primeiro lugar",
                "está:    →- capa: c.pdf 5-1",
                "                        ^",
                "error 4:4: palavra desconhecida “xapa”; você quis dizer “capa”?",
                "está:    →- xapa: d.pdf",
                "            ^",
                "escreva:   - capa: d.pdf",
            ],
        ),
        (
            "processo: [1\nsecoes:\n\t- notificacao: n.pdf\n",
            [
                "error 1:11: falta fechar com ] o que começa com [, ou falta uma vírgula entre os itens",
                "está:    processo: [1",
                "                   ^",
                "escreva: processo: [1]",
                "error 3:1: tabulação (tecla Tab) no começo da linha 3; use espaços no lugar dela",
                "está:    →- notificacao: n.pdf",
                "         ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n\tarquivo: n.pdf\n  - capa: c.pdf\n",
            [
                "error 3:1: tabulação (tecla Tab) no começo da linha 3; use espaços no lugar dela",
                "está:    →arquivo: n.pdf",
                "         ^",
                "escreva:     arquivo: n.pdf",
            ],
        ),
        (
            "secoes:\n\t- notificacao: n.pdf\n",
            [
                "error 2:1: tabulação (tecla Tab) no começo da linha 2; use espaços no lugar dela",
                "está:    →- notificacao: n.pdf",
                "         ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n\t\tarquivo: n.pdf\n",
            [
                "error 3:1: tabulação (tecla Tab) no começo da linha 3; use espaços no lugar dela",
                "está:    →→arquivo: n.pdf",
                "         ^",
                "escreva:     arquivo: n.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n - capa: c.pdf\n",
            [
                "error 3:2: o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna",
                "está:     - capa: c.pdf",
                "          ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n   - capa: c.pdf\n",
            [
                "error 3:4: o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna",
                "está:       - capa: c.pdf",
                "            ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n   arquivo: n.pdf\n",
            [
                "error 3:4: o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna",
                "está:       arquivo: n.pdf",
                "            ^",
                "escreva:     arquivo: n.pdf",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n     arquivo: n.pdf\n",
            [
                "error 3:6: esta linha está recuada demais; alinhe-a com as outras do mesmo nível",
                "está:         arquivo: n.pdf",
                "              ^",
                "escreva:     arquivo: n.pdf",
            ],
        ),
        (
            " processo: 1\nsecoes:\n  - notificacao: n.pdf\n",
            [
                "error 1:1: as palavras do primeiro nível começam na margem esquerda; apague os espaços no começo desta linha",
                "está:     processo: 1",
                "         ^",
                "escreva: processo: 1",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n processo: 13153\n",
            [
                "error 3:2: o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna",
                "está:     processo: 13153",
                "          ^",
                "escreva: processo: 13153",
            ],
        ),
        (
            "secoes:\n- notificacao: n.pdf\n  - capa: c.pdf\n",
            [
                "error 3:3: o recuo desta linha não combina com o das linhas de cima; o que é do mesmo nível começa na mesma coluna",
                "está:      - capa: c.pdf",
                "           ^",
                "escreva: - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia:\nmodo: postal\ndata: 02/10/2023\n",
            [
                "error 4:1: “modo” faz parte de “ciencia” ou de “impugnacao”; ponha dois espaços no começo desta linha",
                "está:    modo: postal",
                "         ^",
                "escreva:   modo: postal",
                "error 5:1: “data” faz parte de “ciencia” ou de “impugnacao”; ponha dois espaços no começo desta linha",
                "está:    data: 02/10/2023",
                "         ^",
                "escreva:   data: 02/10/2023",
            ],
        ),
        (
            "secoes:\n- tipo: notificacao\narquivo: n.pdf\n",
            [
                "error 2:3: falta “arquivo” neste item; escreva, por exemplo, “arquivo: scan 001.pdf”",
                "está:    - tipo: notificacao",
                "           ^",
                "error 3:1: “arquivo” faz parte de um item de “secoes”; ponha dois espaços no começo desta linha",
                "está:    arquivo: n.pdf",
                "         ^",
                "escreva:   arquivo: n.pdf",
            ],
        ),
    ],
    "dashes": [
        (
            "secoes:\n  - notificacao: n.pdf\n  capa: c.pdf\n",
            [
                "error 3:3: falta o traço no começo desta linha; escreva “- capa: c.pdf”",
                "está:      capa: c.pdf",
                "           ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  notificacao: n.pdf\n  - capa: c.pdf\n",
            [
                "error 2:3: falta o traço no começo desta linha; escreva “- notificacao: n.pdf”",
                "está:      notificacao: n.pdf",
                "           ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  notificacao: n.pdf\n  capa: c.pdf\n",
            [
                "reminder 2:3: “secoes” entendida sem os traços; prefira começar cada item com um traço (- )",
                "está:      notificacao: n.pdf",
                "           ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n-notificacao: n.pdf\n-capa: x.pdf\n",
            [
                "reminder 2:2: faltava um espaço depois do traço das linhas 2 e 3; entendido assim mesmo, prefira escrever o espaço",
                "está:    -notificacao: n.pdf",
                "          ^",
                "escreva: - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  – notificacao: n.pdf\n  — capa: c.pdf\n",
            [
                "reminder 2:3: o sinal no começo das linhas 2 e 3 foi entendido como traço; prefira o traço comum do teclado (-)",
                "está:      – notificacao: n.pdf",
                "           ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  • notificacao: n.pdf\n",
            [
                "reminder 2:3: o sinal no começo da linha 2 foi entendido como traço; prefira o traço comum do teclado (-)",
                "está:      • notificacao: n.pdf",
                "           ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  * notificacao: n.pdf\n",
            [
                "reminder 2:3: o sinal no começo da linha 2 foi entendido como traço; prefira o traço comum do teclado (-)",
                "está:      * notificacao: n.pdf",
                "           ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  1. notificacao: n.pdf\n  2. capa: c.pdf\n",
            [
                "reminder 2:3: o número no começo das linhas 2 e 3 foi entendido como traço; prefira o traço comum do teclado (-)",
                "está:      1. notificacao: n.pdf",
                "           ^",
                "escreva:   -  notificacao: n.pdf",
            ],
        ),
        (
            "secoes: - notificacao: n.pdf\n",
            [
                "error 1:9: a lista não pode começar nesta linha; passe “- notificacao: n.pdf” para a linha de baixo, com dois espaços na frente",
                "está:    secoes: - notificacao: n.pdf",
                "                 ^",
                "escreva: secoes:",
                "           - notificacao: n.pdf",
            ],
        ),
        (
            "- notificacao: n.pdf\n",
            [
                "error 1:1: falta a linha “secoes:” acima da lista; acrescente-a como primeira linha do arquivo",
                "está:    - notificacao: n.pdf",
                "         ^",
                "escreva: secoes:",
                "         - notificacao: n.pdf",
            ],
        ),
    ],
    "colons": [
        (
            "secoes\n  - notificacao: n.pdf\n",
            [
                "error 1:1: faltam os dois-pontos depois de “secoes”; escreva “secoes:”",
                "está:    secoes",
                "         ^",
                "escreva: secoes:",
            ],
        ),
        (
            "secoes:\n  - notificacao n.pdf\n",
            [
                "error 2:5: faltam os dois-pontos depois de “notificacao”; escreva “notificacao: n.pdf”",
                "está:      - notificacao n.pdf",
                "             ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa c.pdf\n",
            [
                "error 3:5: faltam os dois-pontos depois de “capa”; escreva “capa: c.pdf”",
                "está:      - capa c.pdf",
                "             ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa:c.pdf\n",
            [
                "reminder 3:10: faltava um espaço depois dos dois-pontos da linha 3; entendido assim mesmo, prefira escrever o espaço",
                "está:      - capa:c.pdf",
                "                  ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - tipo:notificacao\n    arquivo:n.pdf\n",
            [
                "reminder 2:10: faltava um espaço depois dos dois-pontos das linhas 2 e 3; entendido assim mesmo, prefira escrever o espaço",
                "está:      - tipo:notificacao",
                "                  ^",
                "escreva:   - tipo: notificacao",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nprocesso 13153\n",
            [
                "error 3:1: faltam os dois-pontos depois de “processo”; escreva “processo: 13153”",
                "está:    processo 13153",
                "         ^",
                "escreva: processo: 13153",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {modo:postal, data: 02/10/2023}\n",
            [
                "reminder 3:11: “modo:postal” entendido como “modo: postal”; prefira pôr um espaço depois dos dois-pontos",
                "está:    ciencia: {modo:postal, data: 02/10/2023}",
                "                   ^",
                "escreva: ciencia: {modo: postal, data: 02/10/2023}",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncontribuinte: Laudo: parte 2\n",
            [
                'error 3:20: há dois-pontos no meio do valor; se fazem parte dele, use aspas: “contribuinte: "Laudo: parte 2"”; senão, apague-os',
                "está:    contribuinte: Laudo: parte 2",
                "                            ^",
                'escreva: contribuinte: "Laudo: parte 2"',
            ],
        ),
        (
            "secoes = \n  - notificacao: n.pdf\n",
            [
                "error 1:1: no lugar de “=” ponha dois-pontos; escreva “secoes:”",
                "está:    secoes =",
                "         ^",
                "escreva: secoes:",
            ],
        ),
        (
            "secoes:\n  - notificacao = n.pdf\n",
            [
                "error 2:5: faltam os dois-pontos depois de “notificacao”; escreva “notificacao: n.pdf”",
                "está:      - notificacao = n.pdf",
                "             ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes;\n  - notificacao: n.pdf\n",
            [
                "error 1:1: no lugar de “;” ponha dois-pontos; escreva “secoes:”",
                "está:    secoes;",
                "         ^",
                "escreva: secoes:",
            ],
        ),
        (
            "secoes:\n  - notificacao: a.heic ciencia: b.heic\n",
            [
                "error 2:32: há dois itens nesta linha; passe “ciencia: b.heic” para a linha de baixo, com um traço na frente",
                "está:      - notificacao: a.heic ciencia: b.heic",
                "                                        ^",
                "escreva:   - notificacao: a.heic",
                "           - ciencia: b.heic",
            ],
        ),
        (
            "secoes:\n  - notificacao: a.pdf 1-5 ciencia: a.pdf 6-7\n",
            [
                "error 2:35: há dois itens nesta linha; passe “ciencia: a.pdf 6-7” para a linha de baixo, com um traço na frente",
                "está:      - notificacao: a.pdf 1-5 ciencia: a.pdf 6-7",
                "                                           ^",
                "escreva:   - notificacao: a.pdf 1-5",
                "           - ciencia: a.pdf 6-7",
            ],
        ),
        (
            "secoes:\n  - notificacao:: n.pdf\n",
            [
                "error 2:5: palavra desconhecida “notificacao:”; você quis dizer “notificacao”?",
                "está:      - notificacao:: n.pdf",
                "             ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao:\n    n.pdf\n",
            [
                "error 2:17: “n.pdf” ficou sozinho na linha 3; escreva-o no fim desta linha e apague aquela",
                "está:      - notificacao:",
                "                         ^",
                "escreva:   - notificacao: n.pdf",
                "         (no lugar das linhas 2 e 3)",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n    1-5\n",
            [
                "error 2:23: “1-5” ficou sozinho na linha 3; escreva-o no fim desta linha e apague aquela",
                "está:      - notificacao: n.pdf",
                "                               ^",
                "escreva:   - notificacao: n.pdf 1-5",
                "         (no lugar das linhas 2 e 3)",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    girar: 3: 90\n",
            [
                "error 4:13: faltam as chaves; escreva “girar: {3: 90}”",
                "está:        girar: 3: 90",
                "                     ^",
                "escreva:     girar: {3: 90}",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    girar: {3:90}\n",
            [
                "error 4:13: falta um espaço depois dos dois-pontos; escreva girar: {3: 90}",
                "está:        girar: {3:90}",
                "                     ^",
                "escreva:     girar: {3: 90}",
            ],
        ),
    ],
    "quotes and hashes": [
        (
            "secoes:\n  - notificacao: “n.pdf” 5-7\n",
            [
                "reminder 2:18: as aspas em volta do nome do arquivo na linha 2 foram ignoradas; prefira escrever sem elas",
                "está:      - notificacao: “n.pdf” 5-7",
                "                          ^",
                "escreva:   - notificacao: n.pdf 5-7",
            ],
        ),
        (
            "secoes:\n  - notificacao: [“n.pdf” 1, ‘o.pdf’ 3]\n",
            [
                "reminder 2:19: as aspas em volta do nome do arquivo na linha 2 foram ignoradas; prefira escrever sem elas",
                "está:      - notificacao: [“n.pdf” 1, ‘o.pdf’ 3]",
                "                           ^",
                "escreva:   - notificacao: [ n.pdf 1, o.pdf 3]",
            ],
        ),
        (
            "secoes:\n  - notificacao: “n.pdf”\n",
            [
                "reminder 2:18: as aspas curvas (do Word) na linha 2 foram entendidas como aspas comuns; prefira as do teclado, ou nenhuma",
                "está:      - notificacao: “n.pdf”",
                "                          ^",
                'escreva:   - notificacao: "n.pdf"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncontribuinte: “Boa Vista”\n",
            [
                "reminder 3:15: as aspas curvas (do Word) na linha 3 foram entendidas como aspas comuns; prefira as do teclado, ou nenhuma",
                "está:    contribuinte: “Boa Vista”",
                "                       ^",
                'escreva: contribuinte: "Boa Vista"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: [“a.pdf”, “b.pdf 1-3,8”]\n",
            [
                "reminder 3:11: as aspas curvas (do Word) na linha 3 foram entendidas como aspas comuns; prefira as do teclado, ou nenhuma",
                "está:      - tif: [“a.pdf”, “b.pdf 1-3,8”]",
                "                   ^",
                'escreva:   - tif: ["a.pdf", "b.pdf 1-3,8"]',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa: “c.pdf” 1-5\n",
            [
                "reminder 3:11: as aspas em volta do nome do arquivo na linha 3 foram ignoradas; prefira escrever sem elas",
                "está:      - capa: “c.pdf” 1-5",
                "                   ^",
                "escreva:   - capa: c.pdf 1-5",
            ],
        ),
        (
            'secoes:\n  - notificacao: n.pdf\n  - capa: "c.pdf" 1-5\n',
            [
                "error 3:19: há texto depois de fechar as aspas; ponha o valor inteiro entre as aspas, ou tire-as",
                'está:      - capa: "c.pdf" 1-5',
                "                           ^",
                'escreva:   - capa: "c.pdf 1-5"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncontribuinte: “Boa Vista\n",
            [
                "error 3:15: as aspas curvas não servem aqui; apague-as e escreva só “Boa Vista”",
                "está:    contribuinte: “Boa Vista",
                "                       ^",
                "escreva: contribuinte: Boa Vista",
            ],
        ),
        (
            'secoes:\n  - notificacao: n.pdf\ncontribuinte: "Boa Vista\n',
            [
                "error 3:15: as aspas abertas aqui não foram fechadas; feche-as no fim do valor",
                'está:    contribuinte: "Boa Vista',
                "                       ^",
                'escreva: contribuinte: "Boa Vista"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncontribuinte: 'd'Ávila'\n",
            [
                "error 3:18: há texto depois de fechar as aspas; ponha o valor inteiro entre as aspas, ou tire-as",
                "está:    contribuinte: 'd'Ávila'",
                "                          ^",
                'escreva: contribuinte: "d\'Ávila"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncontribuinte: Fazenda #3\n",
            [
                'warning 3:15: o que vem depois de # foi deixado de fora como comentário: “#3”; se faz parte do valor, escreva tudo entre aspas: “"Fazenda #3"”',
                "está:    contribuinte: Fazenda #3",
                "                       ^",
                'escreva: contribuinte: "Fazenda #3"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa: scan #1.pdf\n",
            [
                'warning 3:11: o que vem depois de # foi deixado de fora como comentário: “#1.pdf”; se faz parte do valor, escreva tudo entre aspas: “"scan #1.pdf"”',
                "está:      - capa: scan #1.pdf",
                "                   ^",
                'escreva:   - capa: "scan #1.pdf"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncontribuinte: & Filhos\n",
            [
                "error 3:15: o valor não pode começar com &; ponha-o entre aspas, ou apague o sinal",
                "está:    contribuinte: & Filhos",
                "                       ^",
                'escreva: contribuinte: "& Filhos"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncontribuinte: *urgente*\n",
            [
                "error 3:15: o valor não pode começar com *; ponha-o entre aspas, ou apague o sinal",
                "está:    contribuinte: *urgente*",
                "                       ^",
                'escreva: contribuinte: "*urgente*"',
            ],
        ),
        (
            "secoes:\n  - notificacao: [n.pdf 1-5\n",
            [
                "error 2:18: falta fechar com ] o que começa com [, ou falta uma vírgula entre os itens",
                "está:      - notificacao: [n.pdf 1-5",
                "                          ^",
                "escreva:   - notificacao: [n.pdf 1-5]",
            ],
        ),
    ],
    "signs that nobody sees": [
        (
            "secoes:\n\xa0\xa0- notificacao: n.pdf\n",
            [
                "reminder 2:1: o espaço especial (de página da internet ou do Word) na linha 2 foi entendido como espaço; prefira a barra de espaço",
                "está:    ␣␣- notificacao: n.pdf",
                "         ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "secoes:\n  - noti\u200bficacao: n.pdf\n",
            [
                "reminder 2:9: um caractere invisível (de página da internet) na linha 2 foi ignorado; prefira apagá-lo e digitar de novo",
                "está:      - noti□ficacao: n.pdf",
                "                 ^",
                "escreva:   - notificacao: n.pdf",
            ],
        ),
        (
            "\ufeff\ufeffsecoes:\n  - notificacao: n.pdf\n",
            [
                "reminder 1:1: um caractere invisível (de página da internet) na linha 1 foi ignorado; prefira apagá-lo e digitar de novo",
                "está:    □secoes:",
                "         ^",
                "escreva: secoes:",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf \u2028 x\n",
            [
                "error 2:24: há aqui um caractere invisível; apague-o e digite de novo este trecho",
                "está:      - notificacao: n.pdf □ x",
                "                                ^",
            ],
        ),
        (
            "```yaml\nsecoes:\n  - notificacao: n.pdf\n```\n",
            [
                "reminder 1:1: a linha com três acentos (```) não faz parte do arquivo e foi ignorada; prefira apagá-la",
                "está:    ```yaml",
                "         ^",
            ],
        ),
    ],
    "pages": [
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1–5\n",
            [
                "reminder 3:16: páginas “1–5” entendidas como 1-5; prefira escrever assim",
                "está:      - tif: a.pdf 1–5",
                "                        ^",
                "escreva:   - tif: a.pdf 1-5",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1 a 5\n",
            [
                "reminder 3:16: páginas “1 a 5” entendidas como 1-5; prefira escrever assim",
                "está:      - tif: a.pdf 1 a 5",
                "                        ^",
                "escreva:   - tif: a.pdf 1-5",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1 ate 5\n",
            [
                "reminder 3:16: páginas “1 ate 5” entendidas como 1-5; prefira escrever assim",
                "está:      - tif: a.pdf 1 ate 5",
                "                        ^",
                "escreva:   - tif: a.pdf 1-5",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1;3\n",
            [
                "reminder 3:16: páginas “1;3” entendidas como 1,3; prefira escrever assim",
                "está:      - tif: a.pdf 1;3",
                "                        ^",
                "escreva:   - tif: a.pdf 1,3",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1 e 3\n",
            [
                "reminder 3:16: páginas “1 e 3” entendidas como 1,3; prefira escrever assim",
                "está:      - tif: a.pdf 1 e 3",
                "                        ^",
                "escreva:   - tif: a.pdf 1,3",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1..5\n",
            [
                "reminder 3:16: páginas “1..5” entendidas como 1-5; prefira escrever assim",
                "está:      - tif: a.pdf 1..5",
                "                        ^",
                "escreva:   - tif: a.pdf 1-5",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 10 até o fim\n",
            [
                "reminder 3:16: páginas “10 até o fim” entendidas como 10-; prefira escrever assim",
                "está:      - tif: a.pdf 10 até o fim",
                "                        ^",
                "escreva:   - tif: a.pdf 10-",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf todas\n",
            [
                "reminder 3:16: páginas “todas” entendidas como 1-; prefira escrever assim",
                "está:      - tif: a.pdf todas",
                "                        ^",
                "escreva:   - tif: a.pdf 1-",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf fls. 1-5\n",
            [
                "error 3:16: “fls. 1-5” são folhas; escreva as páginas do arquivo digitalizado, contadas a partir de 1",
                "está:      - tif: a.pdf fls. 1-5",
                "                        ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1 5\n",
            [
                "error 3:16: falta um sinal entre 1 e 5; escreva 1-5 (de uma até a outra) ou 1,5 (só as duas)",
                "está:      - tif: a.pdf 1 5",
                "                        ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 5-1\n",
            [
                "reminder 3:16: páginas 5-1 na ordem escrita, de trás para a frente: 5, 4, …, 1; confira no relatório se a primeira folha ficou mesmo em primeiro lugar",
                "está:      - tif: a.pdf 5-1",
                "                        ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1/5\n",
            [
                "error 3:16: não entendi as páginas “1/5”; escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)",
                "está:      - tif: a.pdf 1/5",
                "                        ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1,,3\n",
            [
                "error 3:16: há uma vírgula a mais em “1,,3”; escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)",
                "está:      - tif: a.pdf 1,,3",
                "                        ^",
                "escreva:   - tif: a.pdf 1,3",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1-5.\n",
            [
                "error 3:16: não entendi as páginas “1-5.”; escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)",
                "está:      - tif: a.pdf 1-5.",
                "                        ^",
                "escreva:   - tif: a.pdf 1-5",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 0\n",
            [
                "error 3:16: a página 0 não existe: as páginas do arquivo contam a partir de 1",
                "está:      - tif: a.pdf 0",
                "                        ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1-x\n",
            [
                "error 3:16: não entendi as páginas “1-x”; escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)",
                "está:      - tif: a.pdf 1-x",
                "                        ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - tif: a.pdf 1-999999999\n",
            [
                "error 3:16: a página 999999999 é alta demais; confira o número",
                "está:      - tif: a.pdf 1-999999999",
                "                        ^",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    paginas: 1 a 5\n",
            [
                "reminder 4:14: páginas “1 a 5” entendidas como 1-5; prefira escrever assim",
                "está:        paginas: 1 a 5",
                "                      ^",
                "escreva:     paginas: 1-5",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    manter: 4-\n",
            [
                "error 4:13: em “manter” diga também a última página: 4-5, por exemplo",
                "está:        manter: 4-",
                "                     ^",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    manter: 1-5000\n",
            [
                "error 4:13: em “manter” há mais de 999 páginas; confira os números",
                "está:        manter: 1-5000",
                "                     ^",
            ],
        ),
    ],
    "names and paths": [
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa: C:\\Scans\\c.pdf\n",
            [
                "error 3:11: “C:\\Scans\\c.pdf” não serve: o arquivo deve estar na própria pasta do processo, sem caminho; escreva “c.pdf”",
                "está:      - capa: C:\\Scans\\c.pdf",
                "                   ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa: \\\\server\\share\\c.pdf 1-5\n",
            [
                "error 3:11: “\\\\server\\share\\c.pdf” não serve: o arquivo deve estar na própria pasta do processo, sem caminho; escreva “c.pdf”",
                "está:      - capa: \\\\server\\share\\c.pdf 1-5",
                "                   ^",
                "escreva:   - capa: c.pdf 1-5",
            ],
        ),
        (
            'secoes:\n  - notificacao: n.pdf\n  - capa: "C:\\Users\\Ana\\c.pdf"\n',
            [
                "error 3:11: o arquivo deve estar na própria pasta do processo, sem caminho; escreva só “c.pdf”",
                'está:      - capa: "C:\\Users\\Ana\\c.pdf"',
                "                   ^",
                'escreva:   - capa: "c.pdf"',
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa: scans/dia/c.pdf\n",
            [
                "error 3:11: “scans/dia/c.pdf” não serve: o arquivo deve estar na própria pasta do processo, sem caminho; escreva “c.pdf”",
                "está:      - capa: scans/dia/c.pdf",
                "                   ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - {tipo: capa, arquivo: ../x/c.pdf}\n",
            [
                "error 3:27: “../x/c.pdf” não serve: o arquivo deve estar na própria pasta do processo, sem caminho; escreva “c.pdf”",
                "está:      - {tipo: capa, arquivo: ../x/c.pdf}",
                "                                   ^",
                "escreva:   - {tipo: capa, arquivo: c.pdf}",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa: c.pdf, d.pdf\n",
            [
                "error 3:11: “c.pdf, d.pdf” parece mais de um arquivo; ponha a lista entre colchetes, como [tif.tif, resposta.pdf 1-3]",
                "está:      - capa: c.pdf, d.pdf",
                "                   ^",
                "escreva:   - capa: [c.pdf, d.pdf]",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - capa: c.pdf e d.pdf 1-3\n",
            [
                "error 3:11: “c.pdf e d.pdf” parece mais de um arquivo; ponha a lista entre colchetes, como [tif.tif, resposta.pdf 1-3]",
                "está:      - capa: c.pdf e d.pdf 1-3",
                "                   ^",
                "escreva:   - capa: [c.pdf, d.pdf 1-3]",
            ],
        ),
    ],
    "dates": [
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {data: 2/10/23}\n",
            [
                "error 3:17: a data “2/10/23” tem o ano com dois algarismos; escreva os quatro, por exemplo 02/10/2023",
                "está:    ciencia: {data: 2/10/23}",
                "                         ^",
                "escreva: ciencia: {data: 02/10/2023}",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {data: 10/25/2023}\n",
            [
                "error 3:17: na data “10/25/2023” o mês seria 25; se o dia veio depois, escreva 25/10/2023",
                "está:    ciencia: {data: 10/25/2023}",
                "                         ^",
                "escreva: ciencia: {data: 25/10/2023}",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {data: 02102023}\n",
            [
                "error 3:17: não entendi a data “02102023”; escreva dia/mês/ano, por exemplo 02/10/2023",
                "está:    ciencia: {data: 02102023}",
                "                         ^",
                "escreva: ciencia: {data: 02/10/2023}",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {data: 31/02/2023}\n",
            [
                "error 3:17: a data “31/02/2023” não existe no calendário; confira o dia e o mês",
                "está:    ciencia: {data: 31/02/2023}",
                "                         ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {data: ontem}\n",
            [
                "error 3:17: não entendi a data “ontem”; escreva dia/mês/ano, por exemplo 02/10/2023",
                "está:    ciencia: {data: ontem}",
                "                         ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {data: 02/10/2023 14:30}\n",
            [
                "error 3:17: não entendi a data “02/10/2023 14:30”; escreva dia/mês/ano, por exemplo 02/10/2023",
                "está:    ciencia: {data: 02/10/2023 14:30}",
                "                         ^",
                "escreva: ciencia: {data: 02/10/2023}",
            ],
        ),
    ],
    "words": [
        (
            "secoes:\n  - notificacao: n.pdf\n  - impunacao: i.pdf\n",
            [
                "error 3:5: palavra desconhecida “impunacao”; você quis dizer “impugnacao”?",
                "está:      - impunacao: i.pdf",
                "             ^",
                "escreva:   - impugnacao: i.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - Termo de Intimação Fiscal: t.pdf\n",
            [
                "reminder 3:5: “Termo de Intimação Fiscal” entendida como a seção “tif”; prefira escrever assim",
                "está:      - Termo de Intimação Fiscal: t.pdf",
                "             ^",
                "escreva:   - tif: t.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - impugna: i.pdf\n",
            [
                "reminder 3:5: “impugna” entendida como a seção “impugnacao”; prefira escrever assim",
                "está:      - impugna: i.pdf",
                "             ^",
                "escreva:   - impugnacao: i.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n  - anexo: x.pdf\n",
            [
                "error 3:5: “anexo” não é uma seção: estas páginas vão na seção do documento que acompanham, “impugnacao”, “tif” ou “tcif”, depois das outras",
                "está:      - anexo: x.pdf",
                "             ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nandamneto: x\n",
            [
                "error 3:1: palavra desconhecida “andamneto”; você quis dizer “andamento”?",
                "está:    andamneto: x",
                "         ^",
                "escreva: andamento: x",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\ncapa: c.pdf\n",
            [
                "error 3:1: “capa” é uma seção; passe esta linha para dentro de “secoes”, com dois espaços e um traço na frente",
                "está:    capa: c.pdf",
                "         ^",
                "escreva:   - capa: c.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nprocesso: 1\nprocesso: 2\n",
            [
                "error 4:1: “processo” aparece duas vezes, nas linhas 3 e 4; deixe só uma, ou comece cada item com um traço se for uma lista",
                "está:    processo: 2",
                "         ^",
            ],
        ),
        (
            "secoes:\n  notificacao: a.pdf\n  notificacao: b.pdf\n",
            [
                "error 3:3: “notificacao” aparece duas vezes, nas linhas 2 e 3; deixe só uma, ou comece cada item com um traço se for uma lista",
                "está:      notificacao: b.pdf",
                "           ^",
                "reminder 2:3: “secoes” entendida sem os traços; prefira começar cada item com um traço (- )",
                "está:      notificacao: a.pdf",
                "           ^",
                "escreva:   - notificacao: a.pdf",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nSeções:\n  - capa: c.pdf\n",
            [
                "error 3:1: “Seções” aparece duas vezes, nas linhas 1 e 3; apague a linha 3: os itens abaixo dela já continuam a lista",
                "está:    Seções:",
                "         ^",
                "apague esta linha",
            ],
        ),
        (
            "secoes:\n  - tipo: notificacao\n    arquivo: n.pdf\n    Páginas: 1\n    pagina: 2\n",
            [
                "error 5:5: “pagina” aparece duas vezes, nas linhas 4 e 5; deixe só uma, ou comece cada item com um traço se for uma lista",
                "está:        pagina: 2",
                "             ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nnumeracao: não\n",
            [
                "error 3:12: valor desconhecido “não” em “numeracao”; as palavras que existem são: sequencial, papel, nenhuma",
                "está:    numeracao: não",
                "                    ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {modo: AR}\n",
            [
                "error 3:17: valor desconhecido “AR” em “modo”; as palavras que existem são: pessoal, postal, edital",
                "está:    ciencia: {modo: AR}",
                "                         ^",
            ],
        ),
    ],
    "several at once": [
        (
            "secoes:\n  - notificacao: n.pdf 1 a 2\n  - imgunacao: n.pdf 3\ncontribuinte: Fazenda: Boa Vista\nciencia: {modo: posta}\n",
            [
                'error 4:22: há dois-pontos no meio do valor; se fazem parte dele, use aspas: “contribuinte: "Fazenda: Boa Vista"”; senão, apague-os',
                "está:    contribuinte: Fazenda: Boa Vista",
                "                              ^",
                'escreva: contribuinte: "Fazenda: Boa Vista"',
                "reminder 2:24: páginas “1 a 2” entendidas como 1-2; prefira escrever assim",
                "está:      - notificacao: n.pdf 1 a 2",
                "                                ^",
                "escreva:   - notificacao: n.pdf 1-2",
                "error 3:5: palavra desconhecida “imgunacao”; você quis dizer “impugnacao”?",
                "está:      - imgunacao: n.pdf 3",
                "             ^",
                "escreva:   - impugnacao: n.pdf 3",
                "error 5:17: valor desconhecido “posta” em “modo”; você quis dizer “postal”?",
                "está:    ciencia: {modo: posta}",
                "                         ^",
                "escreva: ciencia: {modo: postal}",
            ],
        ),
        (
            "secoes\n  - notificacao: n.pdf 5-1\nimpugnacao: {data: 31/04/2023}\n",
            [
                "error 1:1: faltam os dois-pontos depois de “secoes”; escreva “secoes:”",
                "está:    secoes",
                "         ^",
                "escreva: secoes:",
                "reminder 2:24: páginas 5-1 na ordem escrita, de trás para a frente: 5, 4, …, 1; confira no relatório se a primeira folha ficou mesmo em primeiro lugar",
                "está:      - notificacao: n.pdf 5-1",
                "                                ^",
                "error 3:20: a data “31/04/2023” não existe no calendário; confira o dia e o mês",
                "está:    impugnacao: {data: 31/04/2023}",
                "                            ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf 1-2\n  termo: n.pdf 3\nnirf: a: b\nnumeracao: papeu\n",
            [
                "error 3:3: falta o traço no começo desta linha; escreva “- termo: n.pdf 3”",
                "está:      termo: n.pdf 3",
                "           ^",
                "escreva:   - termo: n.pdf 3",
                'error 4:8: há dois-pontos no meio do valor; se fazem parte dele, use aspas: “nirf: "a: b"”; senão, apague-os',
                "está:    nirf: a: b",
                "                ^",
                'escreva: nirf: "a: b"',
                "error 5:12: valor desconhecido “papeu” em “numeracao”; você quis dizer “papel”?",
                "está:    numeracao: papeu",
                "                    ^",
                "escreva: numeracao: papel",
            ],
        ),
        (
            "notificacao: n.pdf 1-2\nciencia: n.pdf 3\nditr: n.pdf 9-4\n",
            [
                "error 1:1: falta a linha “secoes:” acima das seções; acrescente-a antes desta linha",
                "está:    notificacao: n.pdf 1-2",
                "         ^",
                "escreva: secoes:",
                "           - notificacao: n.pdf 1-2",
                "error 2:1: “ciencia” é uma seção; passe esta linha para dentro de “secoes”, com dois espaços e um traço na frente",
                "está:    ciencia: n.pdf 3",
                "         ^",
                "escreva:   - ciencia: n.pdf 3",
                "error 3:1: “ditr” é uma seção; passe esta linha para dentro de “secoes”, com dois espaços e um traço na frente",
                "está:    ditr: n.pdf 9-4",
                "         ^",
                "escreva:   - ditr: n.pdf 9-4",
                "reminder 3:13: páginas 9-4 na ordem escrita, de trás para a frente: 9, 8, …, 4; confira no relatório se a primeira folha ficou mesmo em primeiro lugar",
                "está:    ditr: n.pdf 9-4",
                "                     ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {modo: edital, documentos: ar e edital}\n",
            [
                "reminder 3:37: documentos “ar e edital” entendidos como “[ar, edital]”; prefira escrever assim",
                "está:    ciencia: {modo: edital, documentos: ar e edital}",
                "                                             ^",
                "escreva: ciencia: {modo: edital, documentos: [ar, edital]}",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\nciencia: {modo: edital, documentos: [ar edital]}\n",
            [
                "reminder 3:38: documentos “ar edital” entendidos como “ar, edital”; prefira escrever assim",
                "está:    ciencia: {modo: edital, documentos: [ar edital]}",
                "                                              ^",
                "escreva: ciencia: {modo: edital, documentos: [ar, edital]}",
            ],
        ),
    ],
    "the whole file": [
        (
            "",
            [
                "error 1:1: o arquivo está vazio; escreva o que falta e salve-o de novo",
            ],
        ),
        (
            "# só\n# comentários\n",
            [
                "error 1:1: o arquivo só tem comentários (linhas com #); escreva o que falta e salve-o de novo",
            ],
        ),
        (
            "olá\n",
            [
                "error 1:1: não entendi “olá”; o arquivo deve ter a linha “secoes:” e, abaixo dela, a lista dos arquivos",
                "está:    olá",
                "         ^",
            ],
        ),
        (
            "secoes:\n  - notificacao: n.pdf\n---\nprocesso: 1\n",
            [
                "error 3:1: o arquivo tem mais de uma parte; apague a linha “---” e deixe uma parte só",
                "está:    ---",
                "         ^",
                "apague esta linha",
            ],
        ),
        (
            "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - \n",
            [
                "error 1:43: há mais de 20 níveis, um dentro do outro; confira o recuo e os colchetes",
                "está:    - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -",
                "                                                   ^",
            ],
        ),
    ],
}
