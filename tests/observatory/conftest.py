from collections.abc import Iterator

import pytest

from beffroi.observatory.queries import maps


@pytest.fixture(autouse=True)
def _own_shapes() -> Iterator[None]:
    """A process keeps what it drew; a test that is undone leaves the numbers of its outlines free again."""
    yield
    maps._shapes.cache_clear()
