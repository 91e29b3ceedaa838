import socket
from datetime import date

import pytest

from beffroi.accounts.enums import Role
from beffroi.accounts.models import Membership, User
from beffroi.web.commands import main
from beffroi.web.commands.serve import run_together

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "beffroi : il manque : COMMANDE."),
        ("chanter", "beffroi : COMMANDE : 'chanter' n’est pas proposé"),
        ("serve --port huit", "beffroi serve : --port : 'huit' n’a pas la forme attendue."),
        ("serve --port", "beffroi serve : --port : il manque une valeur."),
        ("serve --vite", "argument inconnu : --vite."),
        ("users add", "beffroi users add : il manque : COURRIEL, --name."),
        ("users add a@b.example --name A --role roi --partner x", "'roi' n’est pas proposé"),
        ("users add a@b.example --name A --role elected", "--partner et --role vont ensemble"),
        ("users add a@b.example --name A --role elected --partner x --since hier", "« hier » n’est pas une date"),
        ("users role a@b.example --partner x --role elected", "Aucun compte ne porte l’adresse a@b.example"),
        ("users deactivate a@b.example", "Aucun compte ne porte l’adresse a@b.example"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(capsys, line, sentence):
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert sentence in err


def test_help_is_in_french(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "utilisation : beffroi" in capsys.readouterr().out


def users(capsys, line: str) -> str:
    assert main(["users", *line.split()]) == 0
    return str(capsys.readouterr().out)


def test_accounts_are_opened_given_a_role_and_closed(capsys):
    users(
        capsys,
        "add Anne@lille.example --name Anne --partner lille --partner-name Lille --role administrator --since 2026-01-01",
    )
    assert users(capsys, "list") == "anne@lille.example\tAnne\touvert\tadministrator@lille\n"
    assert Membership.objects.get().since == date(2026, 1, 1)
    users(capsys, "add bruno@lille.example --name Bruno")
    users(capsys, "role bruno@lille.example --partner lille --role analyst")
    assert User.objects.get(name="Bruno").roles == {Role.ANALYST}
    users(capsys, "role bruno@lille.example --partner lille --role analyst --until 2026-12-31")
    users(capsys, "deactivate bruno@lille.example")
    assert "bruno@lille.example\tBruno\tfermé\t-" in users(capsys, "list")


def test_what_cannot_be_is_refused_with_a_sentence(capsys):
    users(capsys, "add anne@lille.example --name Anne --partner lille --partner-name Lille --role administrator")
    for line, sentence in (
        ("add anne@lille.example --name Autre", "Un compte porte déjà cette adresse"),
        ("add x@lille.example --name X --partner lens --role elected", "Aucun partenaire « lens » (connus : lille)"),
        ("deactivate anne@lille.example", "C’est le dernier administrateur"),
        ("role anne@lille.example --partner lille --role elected --until 2026-12-31", "n’a pas ce rôle"),
        ("role anne@lille.example --partner lille --role administrator --until 2020-01-01", "il ne finit pas avant"),
    ):
        assert main(["users", *line.split()]) == 2
        assert sentence in capsys.readouterr().err
    assert User.objects.count() == 1, "nothing is stored by halves"


def test_an_unexpected_error_is_a_sentence(capsys, monkeypatch):
    monkeypatch.setattr("beffroi.web.jobs.run_due_jobs", lambda now: 1 / 0)
    assert main(["tick"]) == 1
    assert "Erreur inattendue : ZeroDivisionError. division by zero" in capsys.readouterr().err
    monkeypatch.setenv("BEFFROI_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["tick"])


def test_tick_runs_what_is_due(capsys):
    assert main(["tick"]) == 0
    assert "clear_sessions\tfait" in capsys.readouterr().out
    assert main(["tick"]) == 0
    assert capsys.readouterr().out == ""


def test_a_busy_port_is_refused(capsys):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"Le port {port} de 127.0.0.1 n’est pas libre" in capsys.readouterr().err


@pytest.mark.any_time
def test_a_child_that_dies_stops_the_other(capsys, monkeypatch):
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert run_together([["sleep", "60"], ["sleep", "0.1"]]) == 1
    assert "tout est arrêté" in capsys.readouterr().err
