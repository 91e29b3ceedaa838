"""What happens in a year: visits, what is said, needs and where they go, support, events and who comes."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from beffroi.accounts.enums import Visibility
from beffroi.interactions.actions.simulation.world import World
from beffroi.interactions.actions.simulation.writing import days_of, maybe, midnight, new_ids, write
from beffroi.interactions.models import (
    Event,
    Need,
    Participation,
    Referral,
    Support,
    SupportResult,
    SupportStep,
    Visit,
    VisitNote,
)

if TYPE_CHECKING:
    from beffroi.interactions.actions.simulation import Asked

Numbers = "np.ndarray[Any, Any]"
SEASON = np.array([9, 9, 11, 9, 8, 9, 6, 2, 10, 11, 10, 6]) / 100  # few people are visited in August
NOTES = (
    "L’entreprise prépare un investissement et cherche un cofinancement.",
    "Carnet de commandes rempli pour six mois ; difficulté à recruter des techniciens.",
    "Le dirigeant pense à transmettre dans les trois ans.",
    "Un premier marché à l’export ; besoin d’un appui réglementaire.",
    "Atelier à moderniser, projet de réduction des consommations d’énergie.",
    "Intéressée par un projet collaboratif avec un laboratoire.",
)
EVENTS_OF_AN_OPERATOR = 6  # a year
GUESTS = 20


def simulate_year(world: World, asked: "Asked", year: int) -> dict[str, int]:
    """Years are counted from the first; the last ends on the day asked."""
    draw = np.random.default_rng([asked.seed, 1 + year])
    last = date(asked.until.year - (asked.years - 1 - year), asked.until.month, 1) + timedelta(days=asked.until.day - 1)
    first = last - timedelta(days=364)
    visits = _visits(world, asked.visits_a_year, first, draw)
    needs = _needs(world, visits, draw, last)
    supports = _supports(world, visits, draw, last)
    events = _events(world, first, draw)
    return {"visits": visits.height, **needs, **supports, **events}


def _days(count: int, first: date, draw: Any) -> pl.Series:
    """Working days, month by month as the season goes; in order, as they would be typed."""
    offsets = np.arange(365)
    days = np.datetime64(first) + offsets
    weights = SEASON[(days.astype("datetime64[M]").astype(int) % 12)] * np.is_busday(days)
    return days_of(first, np.sort(draw.choice(offsets, size=count, p=weights / weights.sum())))


def _levels(count: int, draw: Any) -> Any:
    """One fact in twelve is kept by its operator."""
    return np.where(draw.random(count) < 1 / 12, int(Visibility.OWNER), int(Visibility.PARTNERS))


def _who(world: World, count: int, draw: Any) -> tuple[Any, Any, Any]:
    """Which operator, which of its people, which company: each has some that it sees often."""
    operator = draw.integers(len(world.partners), size=count)
    person = world.people[operator, draw.integers(world.people.shape[1], size=count)]
    near = (operator * 37 + (draw.pareto(1.3, size=count) * 12).astype(int)) % len(world.companies)
    return world.partners[operator], person, world.companies[near]


def _one_of(values: Any, count: int, draw: Any) -> pl.Series:
    return pl.Series(values[draw.integers(len(values), size=count)])


def _visits(world: World, count: int, first: date, draw: Any) -> pl.DataFrame:
    ids, days = new_ids(Visit, count), _days(count, first, draw)
    owner, person, company = _who(world, count, draw)
    area = maybe(_one_of(world.areas, count, draw), draw.random(count) < 0.9)
    potential = np.array(["high", "middle", "low", ""])[draw.choice(4, size=count, p=[0.15, 0.3, 0.15, 0.4])]
    grade = [maybe(pl.Series(draw.integers(5, size=count)), draw.random(count) < 0.4) for _ in range(2)]
    seen = {
        "id": ids,
        "client_id": [f"sim-{pk}" for pk in ids],
        "on": days,
        "state": "done",
        "means": np.array(["on_site", "office", "call", "video"])[draw.choice(4, size=count, p=[0.6, 0.1, 0.2, 0.1])],
        "by_id": person,
        "organisation_id": company,
        "owner_id": owner,
        "item_id": area,
        "potential": potential,
        "green": grade[0],
        "digital": grade[1],
        "minutes": maybe(pl.Series(draw.integers(2, 9, size=count) * 15), draw.random(count) < 0.85),
        "visibility": _levels(count, draw),
        "detail_visibility": int(Visibility.OWNER),
        "recorded_at": midnight(days),
    }
    write(Visit, seen)
    told = draw.random(count) < 0.6
    write(
        VisitNote,
        {
            "id": new_ids(VisitNote, int(told.sum())),
            "visit_id": ids[told],
            "owner_id": owner[told],
            "theme_id": _one_of(world.words["guide_theme"], int(told.sum()), draw),
            "text": np.array(NOTES)[draw.integers(len(NOTES), size=int(told.sum()))],
            "visibility": int(Visibility.OWNER),
        },
    )
    return pl.DataFrame(
        {
            "id": ids,
            "on": days,
            "by": person,
            "company": company,
            "owner": owner,
            "area": area,
            "visibility": seen["visibility"],
        }
    )


def _part(visits: pl.DataFrame, share: float, draw: Any) -> pl.DataFrame:
    return visits.filter(pl.Series(draw.random(visits.height) < share))


def _within(days: pl.Series, most: int, draw: Any) -> pl.Series:
    return days + pl.Series(draw.integers(1, most, size=len(days)).astype("timedelta64[D]").astype("timedelta64[us]")).cast(
        pl.Duration("us")
    )


def _needs(world: World, visits: pl.DataFrame, draw: Any, last: date) -> dict[str, int]:
    rows = _part(visits, 0.5, draw)
    count = rows.height
    ids = new_ids(Need, count)
    sent = draw.random(count) < 0.8
    state = np.array(["waiting", "taken_up", "refused", "closed"])[draw.choice(4, size=count, p=[0.15, 0.3, 0.15, 0.4])]
    answered = _within(rows["on"], 30, draw)
    state = np.where((answered > last).to_numpy(), "waiting", state)
    closed_on = _within(answered, 120, draw)
    is_closed = (state == "closed") & sent & (closed_on <= last).to_numpy()
    state = np.where((state == "closed") & ~is_closed, "taken_up", state)
    result = np.where(
        is_closed, np.array(["solved", "partly", "not_solved"])[draw.choice(3, size=count, p=[0.6, 0.3, 0.1])], ""
    )
    write(
        Need,
        {
            "id": ids,
            "client_id": [f"sim-{pk}" for pk in ids],
            "subject_item_id": _one_of(world.words["need_subject"], count, draw),
            "text": "",
            "opened_on": rows["on"],
            "item_id": rows["area"],
            "visit_id": rows["id"],
            "by_id": rows["by"],
            "closed_on": maybe(closed_on, is_closed),
            "result": result,
            "recorded_at": midnight(rows["on"]),
            "organisation_id": rows["company"],
            "owner_id": rows["owner"],
            "visibility": rows["visibility"],
            "detail_visibility": int(Visibility.OWNER),
        },
    )
    said = sent & (state != "waiting")
    to = world.partners[draw.integers(len(world.partners), size=count)]
    referrals = pl.DataFrame(
        {
            "id": new_ids(Referral, count),
            "need_id": ids,
            "partner_id": to,
            "state": state,
            "sent_on": rows["on"],
            "due_on": rows["on"].dt.offset_by("5d"),
            "answered_on": maybe(answered, said),
            "comment": [""] * count,
            "reason": np.where(state == "refused", "no_capacity", ""),
            "closed_on": maybe(closed_on, is_closed),
            "result": result,
        }
    ).filter(pl.Series(sent))
    write(Referral, dict(zip(referrals.columns, referrals.get_columns(), strict=True)))
    return {"needs": count, "referrals": referrals.height}


def _supports(world: World, visits: pl.DataFrame, draw: Any, last: date) -> dict[str, int]:
    rows = _part(visits, 0.15, draw)
    rows = rows.with_columns(since=_within(rows["on"], 60, draw)).filter(pl.col("since") <= last)
    count = rows.height
    ids, until = new_ids(Support, count), _within(rows["since"], 240, draw)
    over = (until <= last).to_numpy()
    write(
        Support,
        {
            "id": ids,
            "client_id": [f"sim-{pk}" for pk in ids],
            "kind_id": _one_of(world.words["support_kind"], count, draw),
            "title": "Accompagnement simulé",
            "since": rows["since"],
            "until": maybe(until, over),
            "state": np.where(over, "closed", "open"),
            "item_id": rows["area"],
            "by_id": rows["by"],
            "recorded_at": midnight(rows["since"]),
            "organisation_id": rows["company"],
            "owner_id": rows["owner"],
            "visibility": rows["visibility"],
            "detail_visibility": int(Visibility.OWNER),
        },
    )
    steps = {
        "id": new_ids(SupportStep, count * 3),
        "support_id": np.repeat(ids, 3),
        "on": pl.Series(np.repeat(rows["since"].to_numpy(), 3)).cast(pl.Date),
        "kind": "hours",
        "text": "",
        "minutes": draw.integers(2, 17, size=count * 3) * 30,
    }
    write(SupportStep, steps)
    got = over & (draw.random(count) < 0.6)
    kinds = np.array(["jobs_created", "jobs_kept", "project_funded", "partnership"])[draw.integers(4, size=int(got.sum()))]
    write(
        SupportResult,
        {
            "id": new_ids(SupportResult, int(got.sum())),
            "support_id": ids[got],
            "kind": kinds,
            "on": until.filter(pl.Series(got)),
            "text": "",
            "value": draw.integers(1, 9, size=int(got.sum())),
        },
    )
    return {"supports": count}


def _events(world: World, first: date, draw: Any) -> dict[str, int]:
    count = len(world.partners) * EVENTS_OF_AN_OPERATOR
    ids, days = new_ids(Event, count), _days(count, first, draw)
    owner = world.partners[draw.integers(len(world.partners), size=count)]
    told = {
        "id": ids,
        "client_id": [f"sim-{pk}" for pk in ids],
        "title": "Rencontre simulée",
        "description": "",
        "venue": "",
        "kind_id": _one_of(world.words["event_kind"], count, draw),
        "starts": midnight(days, 9),
        "ends": midnight(days, 12),
        "state": "held",
        "token": [f"sim-{pk}" for pk in ids],
        "minutes": draw.integers(4, 30, size=count) * 30,
        "recorded_at": midnight(days),
        "owner_id": owner,
        "visibility": int(Visibility.PARTNERS),
    }
    write(Event, told)
    about = {"event_id": ids, "item_id": _one_of(world.areas, count, draw)}
    write(Event.items.through, {"id": new_ids(Event.items.through, count), **about})
    guests = pl.DataFrame(
        {
            "event_id": np.repeat(ids, GUESTS),
            "organisation_id": _one_of(world.companies, count * GUESTS, draw),
            "owner_id": np.repeat(owner, GUESTS),
        }
    ).unique(["event_id", "organisation_id"], maintain_order=True)
    here = draw.random(guests.height)
    state = np.select([here < 0.5, here < 0.7, here < 0.8], ["attended", "absent", "declined"], "registered")
    flagged = pl.Series((state == "attended") & (draw.random(guests.height) < 0.3))
    write(
        Participation,
        {
            **dict(zip(guests.columns, guests.get_columns(), strict=True)),
            "id": new_ids(Participation, guests.height),
            "state": state,
            "flagged": flagged,
            "person": "",
            "email": "",
            "visibility": int(Visibility.PARTNERS),
        },
    )
    return {"events": count, "participations": guests.height}
