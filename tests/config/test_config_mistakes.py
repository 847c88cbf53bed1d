"""Slips of the administrator in the configuration, each reported with its line and what the value should be."""

import re

import pytest

from itrwatch.commands.cli import main
from itrwatch.config.reading import check_config, load_config
from itrwatch.errors import ConfigError


def configured(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(f"inbox: /a\noutbox: /b\n{text}\n")
    return load_config(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("workers: [1, 2]", "“workers”: leva um valor só"),
        ("umask: 27", "deve ser octal de três algarismos, por exemplo 027"),
        ("umask: 089", "deve ser octal de três algarismos, por exemplo 027"),
        ("image: {straighten: talvez}", "deve ser sim ou não"),
        ("image: claro", "leva as chaves "),
    ],
)
def test_a_slip_is_reported_with_its_line_and_what_the_value_should_be(tmp_path, text, sentence):
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, text)
    assert "config.yaml:3:" in str(caught.value)
    assert sentence in str(caught.value)


def test_values_as_administrators_write_them(tmp_path):
    config = configured(
        tmp_path,
        'workers: AUTO\numask: 0027\nstamp: {format: "Folha {n}"}\nholidays: {uf: go}\nimage: {turn_pages: Não}',
    )
    assert config.workers is None
    assert config.umask == 0o027
    assert config.stamp.format == "Folha {n}"
    assert config.holidays.uf == "GO"
    assert config.image.turn_pages is False


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("inbox: /a\n", ["falta “outbox”", "outbox: /srv/itr/saida"]),
        ("outbox: /a\n", ["falta “inbox”", "inbox: /srv/itr/entrada"]),
        ("entrada: /a\nsaida: /b\n", ["“entrada”: a chave se chama “inbox”", "“saida”: a chave se chama “outbox”"]),
        ("inbox: /a\noutbox: /b\nferiados: [26/08]\n", ["c.yaml:3:1: “feriados”: a chave se chama “holidays”"]),
        ("inbox: /a\noutbox: /b\nqualidade: 70\n", ["“qualidade”: a chave se chama “quality”, dentro de “image”"]),
        (
            "inbox: /a\noutbox: /b\nuf: GO\n",
            ["“uf” fica dentro de “holidays”: escreva com recuo, numa linha abaixo de “holidays:”"],
        ),
        ("inbox: /a\noutbox: /b\nlog:\n  uf: GO\n", ["c.yaml:4:3: “uf” fica dentro de “holidays”, não de “log”"]),
        (
            "inbox: /a\nlog:\n  outbox: /b\n",
            ["c.yaml:3:3: “outbox” fica no primeiro nível, não dentro de “log”: escreva sem recuo"],
        ),
        ("inbox: /a\noutbox: /b\nmax_file_bytes: 2e9\n", ["deve ser um número entre 20000 e 1000000000"]),
        (
            "inbox: /a\noutbox: /b\nholidays:\n  municipal: [26/08, 31/04, 02/11]\n",
            ["c.yaml:4:22: “municipal”: “31/04” não é uma data"],
        ),
        (
            "inbox: /a\noutbox: Z:\\saida\n",
            ["c.yaml:2:9: “outbox”: “Z:\\saida” é um caminho do Windows", "/srv/itr/saida"],
        ),
        ("inbox: \\\\servidor\\entrada\noutbox: /b\n", ["é um caminho do Windows", "/srv/itr/entrada"]),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(tmp_path, text, sentences):
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "c.yaml")
    for sentence in sentences:
        assert sentence in str(caught.value)
    named = [line for line in str(caught.value).splitlines() if "c.yaml:" in line]
    assert len(named) == max(1, sum(sentence.startswith(("c.yaml", "“", "falta")) for sentence in sentences)), named


def test_a_relative_path_is_reported_and_counts_from_the_folder_of_the_file(tmp_path):
    (tmp_path / "c.yaml").write_text("inbox: entrada\noutbox: /b\n")
    checked = check_config(tmp_path / "c.yaml")
    assert checked.config.inbox == tmp_path / "entrada"
    (said,) = checked.warnings
    assert f"é um caminho relativo: vale “{tmp_path / 'entrada'}”" in str(said)


def test_config_check_and_show_of_a_file(tmp_path, capsys):
    path = tmp_path / "c.yaml"
    path.write_text(
        "inbox: /a\noutbox: '/b #2'\nholidays:\n  uf: go\nportal:\n  service: 'Processo Digital: ITR'\n"
        "share_name: \\\\servidor\\entrada\nstamp:\n  format: '\"{n}\"'\n"
    )
    assert main(["config", "--check", str(path)]) == 0
    assert f"{path} pode ser usada" in capsys.readouterr().out
    assert main(["config", "--show", str(path)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^  uf: GO +# c.yaml, linha 4$", shown, re.MULTILINE)
    assert re.search(r"^settle_seconds: 30 +# padrão$", shown, re.MULTILINE)
    again = tmp_path / "shown.yaml"
    again.write_text(shown)
    assert load_config(again) == load_config(path)  # what is shown is itself a configuration
    path.write_text("inbox: /a\n")
    assert main(["config", "--check", str(path)]) == 78
    assert "falta “outbox”" in capsys.readouterr().err
