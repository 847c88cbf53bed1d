"""Three hundred mutants of good and hostile scans, always the same ones; `python -m bench fuzzing` makes as many as wanted."""

from threading import Event

import numpy as np
import pytest

from bench import fuzzing, mutants
from itrwatch.workers.pool import Failed

COUNT = 300


@pytest.mark.slow
def test_no_mutant_crashes_hangs_or_loses_a_page_in_silence(pool):
    todo = list(fuzzing.tasks(COUNT, seed=7))
    answers = list(pool.map(fuzzing.examine, todo, Event()))
    wrong = [
        (mutants.seeds()[task.seed][0], task, answer)
        for task, answer in zip(todo, answers, strict=True)
        if isinstance(answer, Failed) or answer.lost or answer.differs
    ]
    assert wrong == []
    read = sum(answer.pages is not None for answer in answers)
    assert read > 20, "mutants that are all refused prove nothing about silent losses"
    assert read < COUNT


def test_the_oracle_notices_a_page_that_is_gone(tmp_path):
    """Were the product to say two pages of a scan of three, the fuzzing would say so."""
    name, data = mutants.seeds(())[0]
    assert name == "jpeg.pdf"
    (tmp_path / name).write_bytes(data)
    assert fuzzing.others_draw(tmp_path / name, 2, []) == "pages [3] are still drawn"
    assert fuzzing.others_draw(tmp_path / name, 3, [2]) == "pages [2] are still drawn"
    assert fuzzing.others_draw(tmp_path / name, 3, []) == ""


def test_the_oracle_notices_a_page_that_only_we_see_so(tmp_path):
    name, data = mutants.seeds(())[0]
    path = tmp_path / name
    path.write_bytes(data)
    assert fuzzing.differing(path, {1: np.full((560, 400), 255, np.uint8)}) == (1,)
    assert fuzzing.examine_file(path, 3, frozenset()) == fuzzing.Answer(3)
