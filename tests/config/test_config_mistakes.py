"""Slips of the administrator in the configuration, each told with its line and what the value should be."""

import pytest

from itrwatch.config.reading import load_config
from itrwatch.errors import ConfigError


def configured(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(f"inbox: /a\noutbox: /b\n{text}\n")
    return load_config(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("workers: [1, 2]", "«workers»: leva um valor só"),
        ("umask: 27", "deve ser octal de três algarismos, por exemplo 027"),
        ("umask: 089", "deve ser octal de três algarismos, por exemplo 027"),
        ("image: {straighten: talvez}", "deve ser sim ou não"),
        ("image: claro", "leva as chaves "),
    ],
)
def test_a_slip_is_told_with_its_line_and_what_the_value_should_be(tmp_path, text, sentence):
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
