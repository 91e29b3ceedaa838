"""Each component says what it must with the smallest data; the test settings refuse any undefined variable."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils.html import strip_tags

from beffroi.core.figures import Figure, Sense
from beffroi.publishing.charts import Table, bar_chart

PARIS = ZoneInfo("Europe/Paris")


def request(query: str = "", path: str = "/acteurs/") -> HttpRequest:
    asked = RequestFactory().get(f"{path}?{query}")
    asked.user = AnonymousUser()
    asked.as_of = date(2010, 3, 31) if "as_of" in query else date(2026, 11, 20)  # type: ignore[attr-defined]
    asked.known_on = datetime(2026, 11, 20, 9, tzinfo=PARIS)  # type: ignore[attr-defined]
    asked.is_past_view = "as_of" in query  # type: ignore[attr-defined]
    return asked


def html(source: str, query: str = "", **context: Any) -> str:
    return engines["django"].from_string(source).render(context, request(query))


def words(source: str, query: str = "", **context: Any) -> str:
    return " ".join(strip_tags(html(source, query, **context)).replace("\u00a0", "_").replace("&nbsp;", "_").split())


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(value=1943, unit="entreprises", period="2009-Q1"), "1_943_entreprises 1er trimestre 2009"),
        (Figure(value=72, sense=Sense.GOOD), "favorable : 72"),
        (Figure(low=3, high=5, unit="ETP"), "entre 3 et 5_ETP"),
        (Figure(value=10, known=31, parts=34), "10 31 sur 34"),
        (Figure(value=10, rivals=2), "10 2 valeurs en désaccord"),
        (Figure(value=10, note="hors mobilité"), "10 hors mobilité"),
        (Figure(label="Brevets", why="x/1"), "inconnu Pourquoi ce chiffre : Brevets"),
    ],
)
def test_figure(figure: Figure, shown: str) -> None:
    assert words("{% figure f %}", f=figure) == shown


def test_figure_opens_its_evidence_at_the_date_looked_at() -> None:
    page = html("{% figure f %}", "as_of=2010-03-31&sort=name", f=Figure(value=1, why="cell/12 b"))
    assert 'class="why" href="/why/cell/12%20b?as_of=2010-03-31"' in page
    assert 'href="/why/cell/12%20b"' in html("{% figure f %}", f=Figure(value=1, why="cell/12 b"))


def test_large_amounts_keep_their_exact_value_at_hand() -> None:
    page = html("{% figure f %}", f=Figure(value=Decimal(2759563000), unit="€"))
    assert 'title="2\u00a0759\u00a0563\u00a0000\u00a0€"' in page
    assert words("{% figure f exact=True %}", f=Figure(value=Decimal(2759563000), unit="€")) == "2_759_563_000_€"
    assert words("{% euros none %} {% euros zero %}", none=None, zero=0) == "inconnu 0_€"


def test_compact_figure_leaves_unit_and_period_to_the_column() -> None:
    assert words("{% figure f compact=True %}", f=Figure(value=12, unit="ETP", period="2009")) == "12"
    assert words("{% figure f compact=True %}", f=Figure(value=12, unit="€")) == "12_€"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "inconnu"),
        (0, "0"),
        (True, "oui"),
        (date(2010, 3, 1), "1er mars 2010"),
        (datetime(2010, 3, 31, 8, 5, tzinfo=ZoneInfo("UTC")), "31 mars 2010 à 10:05"),
        (Figure(value=5, unit="ETP"), "5"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_cell(value: object, shown: str) -> None:
    assert words("{% cell value %}", value=value) == shown


def test_bounds_share_the_bar() -> None:
    page = html("{% bounds a b c d %}", a=Decimal(4), b=Decimal(6), c=Decimal(8), d=Decimal(2))
    assert page.count("<rect") == 4
    assert 'class="bound-certain" x="0.00%" width="40.00%"' in page
    assert 'class="bound-unallocated" x="80.00%" width="20.00%"' in page
    assert "inconnu" in html("{% bounds a b c d %}", a=Decimal(0), b=None, c=Decimal(0), d=Decimal(0))


def statement(**values: object) -> SimpleNamespace:
    source = SimpleNamespace(code="srde")
    load = SimpleNamespace(pk=4, snapshot=SimpleNamespace(source=source, as_of=date(2010, 3, 31)))
    recorded = datetime(2026, 11, 20, 8, tzinfo=PARIS)
    return SimpleNamespace(**{"load": load, "row": 12, "place": "p. 34", "by": None, "recorded_from": recorded, **values})


def test_provenance_line() -> None:
    shown = words("{% provenance_line row %}", row=statement())
    assert "31 mars 2010, p. 34 · ligne 12 · chargée le 20 novembre 2026 à 08:00" in shown
    typed = words("{% provenance_line row %}", row=statement(load=None, row=None, by="Anne Wicart"))
    assert typed == "Saisi par Anne Wicart, 20 novembre 2026 à 08:00"


@pytest.mark.parametrize(
    ("last", "months", "shown"),
    [
        (date(2026, 10, 1), 12, "à jour 1er octobre 2026"),
        (date(2025, 9, 30), 12, "périmée depuis 1 mois 30 septembre 2025"),
        (date(2010, 3, 31), None, "31 mars 2010"),
        (None, 12, "date inconnue"),
    ],
)
def test_freshness(last: date | None, months: int | None, shown: str) -> None:
    assert words("{% freshness register last %}", register=SimpleNamespace(months_fresh=months), last=last) == shown


def test_visibility_shows_only_what_is_restricted() -> None:
    row = SimpleNamespace(visibility=3, owner_id=1, owner="Métropole")
    assert words("{% visibility row %}", row=row) == "propriétaire seul · Métropole"
    assert words("{% visibility row %}", row=SimpleNamespace(visibility=0, owner_id=None)) == ""


def test_table_sorts_and_exports_with_the_filters_kept() -> None:
    source = """{% table caption="Actions" exports="csv,xlsx" %}<thead><tr>{% sort_link "name" "Nom" %}
      {% sort_link "amount" "Montant" numeric=True %}</tr></thead>{% endtable %}"""
    page = html(source, "q=textile&sort=name&page=3")
    assert '<th scope="col" aria-sort="ascending"><a class="sort" href="?q=textile&amp;sort=-name">Nom</a>' in page
    assert '<th scope="col" class="num"><a class="sort" href="?q=textile&amp;sort=amount">' in page
    assert 'href="?q=textile&amp;sort=name&amp;format=csv">CSV' in page
    assert "<caption>Actions</caption>" in page


def test_filters_keep_sort_and_dates_and_offer_the_way_back() -> None:
    class Kind(forms.Form):
        kind = forms.CharField(label="Nature", required=False)

    page = html("{% filters form=form %}{% endfilters %}", "as_of=2010-03-31&sort=name&kind=a&page=2", form=Kind({"kind": "a"}))
    assert 'type="hidden" name="as_of" value="2010-03-31"' in page
    assert 'type="hidden" name="sort" value="name"' in page
    assert 'name="page"' not in page
    assert "Tout montrer" in page
    assert "Tout montrer" not in html("{% filters %}{% endfilters %}", "sort=name")


def test_header_section_and_disclosure() -> None:
    source = """{% page_header title="Agence" kind="Organisation" count=1200 lead="Sa mission." %}
      <a>Corriger</a>
      {% endpage_header %}{% section title="Argent" id="argent" count=3 %}corps{% endsection %}
      {% disclosure title="Méthode" %}texte{% enddisclosure %}"""
    assert words(source) == "Organisation Agence 1_200 Sa mission. Corriger Argent 3 corps Méthodetexte"
    assert 'class="actions"' not in html('{% page_header title="Agence" %}{% endpage_header %}')


def test_links_keep_the_date_and_missing_pages_give_plain_text() -> None:
    thing = SimpleNamespace(get_absolute_url=lambda: "/acteurs/4#argent")
    assert html('{% link thing "Agence" %}', "as_of=2010-03-31", thing=thing) == (
        '<a href="/acteurs/4?as_of=2010-03-31#argent">Agence</a>'
    )
    assert html('{% navlink "nowhere:at_all" "Rien" %}') == ""
    assert html('{% crumb "Ici" %}') == '<li aria-current="page">Ici</li>'
    assert html('{% dated_url "home" %}', "known_on=2010-03-31") == "/?known_on=2010-03-31"


def test_navigation_marks_where_one_stands() -> None:
    page = engines["django"].from_string('{% navlink "home" "Accueil" %}').render({}, request(path="/"))
    assert page == '<li><a href="/" aria-current="page">Accueil</a></li>'
    assert "aria-current" not in html('{% navlink "home" "Accueil" %}')


def test_pagination() -> None:
    page = Paginator(range(1234), 50).page(7)
    shown = words('{% include "components/pagination.html" with page=page %}', page=page)
    assert shown == "301 à 350 sur 1_234 Précédente 1 … 5 6 7 8 9 … 25 Suivante"
    assert words('{% include "components/pagination.html" with page=page %}', page=Paginator([1], 50).page(1)) == ""


def test_form_errors_are_summed_up_and_beside_their_field() -> None:
    class Name(forms.Form):
        name = forms.CharField(label="Nom", help_text="Tel qu’écrit.")
        note = forms.CharField(label="Note", required=False)

    form = Name({})
    page = html('{% include "components/form_errors.html" %}{% include "components/fields.html" %}', form=form)
    assert '<a href="#id_name">Nom</a>' in page
    assert 'aria-describedby="id_name_helptext' in page
    assert 'id="id_name_helptext"' in page
    assert page.count("Ce champ est obligatoire.") == 2
    assert "Note <span" in page


TREE = [
    {"label": "Priorité 1", "code": "P1", "address": "/p1", "open": True, "children": [{"label": "Action", "children": []}]},
    {"label": "Priorité 2", "children": [{"label": "Autre", "children": []}]},
]
MATRIX = {
    "caption": "De l’une à l’autre",
    "corner": "SRI",
    "columns": [{"label": "Santé"}, {"label": "Textile", "address": "/t"}],
    "rows": [{"label": "Nutrition", "cells": [{"text": "pleine", "strength": "full"}, None]}],
}
EVENTS = [{"day": date(2009, 5, 1), "kind": "réunion", "title": "Comité"}, {"period": "2009-Q1", "title": "Signature"}]
ANOMALY = SimpleNamespace(
    title="Total",
    written="350",
    expected="343",
    difference="7",
    reason="",
    state="open",
    get_state_display=lambda: "à régler",
    get_absolute_url=lambda: "/donnees/a/3",
    __str__=lambda: "Total",
)
FIGURES = [Figure(value=1, label="Un"), Figure(value=2, label="Deux"), Figure(value=1, label="Écart")]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('"components/tree.html" with nodes=tree', "P1 Priorité 1 Dans « Priorité 1 » Action Priorité 2 Autre"),
        ('"components/matrix.html" with matrix=matrix', "De l’une à l’autre SRISantéTextile Nutrition pleinerien"),
        ('"components/timeline.html" with events=events', "1er mai 2009 · réunion Comité 1er trimestre 2009 Signature"),
        ('"components/duty_counter.html" with done=6 due=8 label="réunions"', "6 sur 8 réunions"),
        ('"components/duty_counter.html" with done=6 due=nothing label="réunions"', "6 réunions · nombre attendu inconnu"),
        ('"components/progress.html" with value=40 label="Contrôle"', "40 % Contrôle"),
        (
            '"components/empty_state.html" with title="Rien." text="Chargez." address="/x" action="Charger"',
            "Rien. Chargez. Charger",
        ),
        ('"components/key_figures.html" with figures=figures', "Un1 Deux2 Écart1"),
        (
            '"components/rival_badge.html" with one=figures.0 other=figures.1 difference=figures.2 one_source="SRDE"',
            "SRDE1 ≠ Une autre source2 Écart1",
        ),
        ('"components/side_index.html" with sections=sections', "Dans cette page Argent 3"),
        ('"components/tabs.html" with tabs=tabs', "Réunions 6"),
        ('"components/steps.html" with steps=steps', "Fichier (fait)Contrôle"),
    ],
)
def test_included(source: str, shown: str) -> None:
    given: dict[str, Any] = {
        "tree": TREE,
        "matrix": MATRIX,
        "events": EVENTS,
        "figures": FIGURES,
        "nothing": None,
        "sections": [{"id": "argent", "title": "Argent", "count": 3}],
        "tabs": [{"label": "Réunions", "address": "?o=1", "current": True, "count": 6}],
        "steps": [{"label": "Fichier", "state": "done"}, {"label": "Contrôle", "state": "current"}],
        "day": date(2010, 3, 31),
        "moment": datetime(2026, 11, 20, 9, tzinfo=PARIS),
        "said": ["Un message."],
    }
    assert words(f"{{% include {source} %}}", **given) == shown


def test_anomaly_card_offers_to_settle_what_is_open() -> None:
    source = '{% include "components/anomaly_card.html" with anomaly=anomaly can_settle=True %}'
    page = html(source, anomaly=ANOMALY)
    assert 'href="/donnees/a/3#regler"' in page
    assert "à régler" in page


def test_chart_has_its_table_and_its_numbers_as_data_not_as_a_script() -> None:
    table = Table(["Financeur", "Voté"], [["Région", Figure(value=5)], ["FEDER", None]])
    spec = bar_chart([{"f": "Région", "v": 5}], x="v", y="f")
    page = html('{% chart spec table title="Montants" source="SRDE" %}', spec=spec, table=table)
    assert '<script id="chart-' in page
    assert 'type="application/json"' in page
    assert '<th scope="row">Région</th><td class="num">' in page
    assert "inconnu" in page
    assert "Source : SRDE" in " ".join(page.split())


def test_page_tells_the_date_it_looks_at_and_the_way_back() -> None:
    source = '{% extends "base.html" %}{% block title %}Agence{% endblock %}{% block content %}<h1>Agence</h1>{% endblock %}'
    page = html(source, "as_of=2010-03-31&q=a")
    assert "<title>Agence · Beffroi</title>" in page
    assert "<strong>au 31 mars 2010</strong>" in page
    assert 'href="/acteurs/?q=a">Revenir à aujourd’hui' in page
    assert "http://testserver/acteurs/?q=a&amp;as_of=2010-03-31&amp;known_on=2026-11-20T09%3A00%3A00%2B01%3A00" in page
    assert 'class="as-of-bar"' not in html(source)
