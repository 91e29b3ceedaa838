import pytest

from beffroi.accounts.enums import RemovalBlocker
from beffroi.accounts.rules import blockers_to_removal

SELF, LAST = RemovalBlocker.IS_SELF, RemovalBlocker.LAST_ADMINISTRATOR


@pytest.mark.parametrize(
    ("is_self", "is_administrator", "other_administrators", "expected"),
    [
        (False, False, 0, []),
        (False, True, 1, []),
        (False, True, 0, [LAST]),
        (True, False, 0, [SELF]),
        (True, True, 2, [SELF]),
        (True, True, 0, [SELF, LAST]),
    ],
)
def test_nobody_locks_the_door_from_outside(is_self, is_administrator, other_administrators, expected):
    found = blockers_to_removal(is_self=is_self, is_administrator=is_administrator, other_administrators=other_administrators)
    assert found == expected
