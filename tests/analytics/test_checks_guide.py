from pathlib import Path

import pytest

from beffroi.analytics import checks

GUIDE = Path(__file__).parents[2] / "docs" / "explanation" / "controles.md"


@pytest.mark.parametrize("check", checks.CHECKS)
def test_the_guide_explains_every_check(check):
    assert f"`{check.__name__}`" in GUIDE.read_text(encoding="utf-8")
