"""What a register of millions of rows has described so far, batch after batch."""

import numpy as np

from beffroi.provenance.actions.registers import Seen


def batch(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.uint64)


def test_a_number_of_any_earlier_batch_is_known() -> None:
    seen = Seen()
    assert seen.holds(batch(1, 2)).tolist() == [False, False]
    for numbers in ((5, 1), (9,), (), (3, 7, 2), (4,)):
        seen.add(batch(*numbers))
    asked = batch(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    assert seen.holds(asked).tolist() == [True, True, True, True, True, False, True, False, True, False]


def test_the_numbers_stay_in_few_runs_however_many_batches_there_are() -> None:
    """A thousand batches of a hundred: what each batch searches grows as a logarithm, not as the register."""
    seen = Seen()
    for start in range(1_000):
        seen.add(np.arange(start * 100, start * 100 + 100, dtype=np.uint64))
    assert (sum(map(len, seen.runs)), len(seen.runs) <= 18) == (100_000, True)
    assert seen.holds(batch(0, 99_999, 100_000)).tolist() == [True, True, False]
