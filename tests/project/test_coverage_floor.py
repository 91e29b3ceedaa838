from tests.coverage_floor import shares


def summary(covered: int, total: int) -> dict[str, int]:
    return {"covered_lines": covered, "num_statements": total}


def test_rules_actions_and_analytics_are_asked_every_line() -> None:
    files = {
        "src/beffroi/analytics/checks/dates.py": summary(9, 10),
        "src/beffroi/actors/rules.py": summary(10, 10),
        "src/beffroi/provenance/actions/loads.py": summary(3, 4),
        "src/beffroi/actors/views.py": summary(8, 10),
        "src/beffroi/actors/loads.py": summary(10, 10),
        "src/beffroi/core/empty.py": summary(0, 0),
    }
    assert shares(files) == {
        "actors": (90.0, 90.0),
        "actors rules": (100.0, 98.0),
        "analytics": (90.0, 98.0),
        "provenance actions": (75.0, 98.0),
    }
