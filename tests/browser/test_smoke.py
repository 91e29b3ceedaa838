import pytest


@pytest.mark.smoke
def test_the_server_answers(page, axe):
    answer = page.goto("/healthz")
    assert answer.status == 200
