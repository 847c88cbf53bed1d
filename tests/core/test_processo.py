"""Process numbers as offices write them on folders."""

import pytest

from itrwatch.core.processo import Processo, find_processo, lacking, same_processo


@pytest.mark.parametrize(
    ("folder", "number"),
    [
        ("11183721321212132", "11183.721321/2121-32"),
        ("13153.720210-2019-34", "13153.720210/2019-34"),
        ("13153720210201934 Fazenda Boa Vista", "13153.720210/2019-34"),
        ("13153.720210_2019_34", "13153.720210/2019-34"),
        ("13153 720210 2019 34 segunda via", "13153.720210/2019-34"),
        ("Processo 13153.720210-2019-34 (2)", "13153.720210/2019-34"),
        ("1315-3720-2102-0193-4", "13153.720210/2019-34"),
        ("10120.002180-96-77", "10120.002180/96-77"),
        ("10120.002180-96-77 2 via", "10120.002180/96-77"),
        ("13153.720210–2019–34", "13153.720210/2019-34"),
    ],
)
def test_the_number_is_found_in_any_notation(folder, number):
    assert str(find_processo(folder)) == number


@pytest.mark.parametrize("folder", ["Fazenda Boa Vista", "123", "131537202102019345", "2023-10", ""])
def test_a_folder_without_a_number_has_none(folder):
    assert find_processo(folder) is None


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        (
            "13153.720210-2019 Fazenda 14",
            (
                "depois de 13153.720210-2019 faltam os dois algarismos verificadores; pelo cálculo seria 13153.720210-2019-34: "
                "confira no processo e complete o nome da pasta"
            ),
        ),
        (
            "131537202102019",
            (
                "depois de 131537202102019 faltam os dois algarismos verificadores; pelo cálculo seria 13153.720210-2019-34: "
                "confira no processo e complete o nome da pasta"
            ),
        ),
        (
            "13153.720210/2019 14 alqueires",
            (
                "depois de 13153.720210/2019 faltam os dois algarismos verificadores; pelo cálculo seria 13153.720210-2019-34: "
                "confira no processo e complete o nome da pasta"
            ),
        ),
        (
            "1315372021020193 Fazenda",
            "1315372021020193 tem 16 algarismos, e o número do processo tem 17 (ou 15, na forma antiga); confira-o e renomeie a pasta",
        ),
        ("Fazenda Boa Vista 2019", ""),
    ],
)
def test_a_number_that_is_not_whole_is_no_other_number_and_says_what_it_lacks(folder, why):
    assert find_processo(folder) is None
    assert lacking(folder) == why


def test_a_space_before_the_check_digits_is_fine_where_they_agree():
    assert str(find_processo("13153.720210-2019 34 Fazenda")) == "13153.720210/2019-34"


@pytest.mark.parametrize(
    ("number", "agrees"),
    [
        ("13153.720210/2019-34", True),
        ("10265.226695/2023-03", True),
        ("17613.722280/2012-47", True),
        ("10120.002180/96-77", True),
        ("18158.708818/2018-01", False),
        ("11183721321212132", False),
    ],
)
def test_the_check_digits_of_the_manual_are_computed(number, agrees):
    assert find_processo(number).check_digits_agree is agrees


def test_the_wrong_examples_of_the_tutorial_compute_otherwise():
    assert Processo("18158708818201801").computed_check_digits == "83"
    assert Processo("11183721321212132").computed_check_digits == "62"


def test_the_sidecar_may_write_the_number_of_the_folder_in_its_own_way():
    assert same_processo("13153.720210/2019-34", Processo("13153720210201934"))
    assert not same_processo("13153.720210/2019-35", Processo("13153720210201934"))
