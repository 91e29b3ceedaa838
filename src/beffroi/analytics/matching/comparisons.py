"""What is compared of two records, level by level from the strongest; each level says in plain words what it speaks for or
against. `likely`: its share among pairs that are the same, where training finds none (m of Fellegi and Sunter 1969)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """`frequency`: the column of which a rare value says more than a common one (term-frequency adjustment). `is_fixed`: not
    trained, because training takes neighbours of an address for renamed companies: other names need much else in common."""

    sql: str
    text: str
    is_for: bool
    likely: float
    frequency: str = ""
    is_fixed: bool = False


@dataclass(frozen=True)
class Comparison:
    """`columns`: at least one must be known on both sides, else the comparison says nothing."""

    name: str
    columns: tuple[str, ...]
    unknown: str
    levels: tuple[Level, ...]
    rest: Level


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _near(column: str, least: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _absent(*columns: str) -> str:
    """None of the columns is known on both sides."""
    return " AND ".join(f"({column}_l IS NULL OR {column}_r IS NULL)" for column in columns)


_ELSE = "ELSE"
_WITHIN = "(list_has_all(words_l, words_r) OR list_has_all(words_r, words_l))"
_ACRONYM = "(acronym_l = initials_r OR initials_l = acronym_r OR acronym_l = acronym_r)"

NAME = Comparison(
    "name",
    ("core",),
    _absent("core"),
    (
        Level(_same("core"), "Même nom, à la forme juridique, aux accents et à l’ordre des mots près.", True, 0.40, "core"),
        Level(_same("fixed"), "Même nom, à une lettre ou une abréviation près.", True, 0.20, "fixed"),
        Level(
            "compact_l = compact_r OR damerau_levenshtein(compact_l, compact_r) <= 1",
            "Même nom, à une lettre ou une espace près.", True, 0.06,
        ),
        Level(f"{_same('two')} AND {_WITHIN}", "Mêmes mots, avec un mot de plus d’un côté.", True, 0.10, "two"),
        Level(_same("two"), "Deux mots distinctifs en commun.", True, 0.04, "two"),
        Level(f"rare_l = rare_r AND {_WITHIN}", "Le nom de l’un est dans celui de l’autre.", True, 0.03, "rare"),
        Level(_near("compact", 0.94), "Noms très proches.", True, 0.05),
        Level("rare_l = rare_r", "Un mot distinctif en commun ; les autres mots diffèrent.", True, 0.03, "rare"),
        Level(f"coalesce({_ACRONYM}, false)", "Le sigle de l’un est fait des initiales de l’autre.", True, 0.03),
        Level(f"{_near('rare', 0.9)} OR {_near('compact', 0.88)}", "Noms proches.", True, 0.05),
        Level("list_has_any(words_l, words_r)", "Un mot courant en commun, sans plus.", False, 2e-3, is_fixed=True),
    ),
    Level(_ELSE, "Noms différents.", False, 2e-5, is_fixed=True),
)  # fmt: skip
FORM = Comparison(
    "form",
    ("form",),
    _absent("form"),
    (Level(_same("form"), "Même forme juridique.", True, 0.85),),
    Level(_ELSE, "Formes juridiques différentes.", False, 0.15),
)
PLACE = Comparison(
    "place",
    ("postcode", "city"),
    _absent("postcode", "city"),
    (
        Level("postcode_l = postcode_r AND city_l = city_r", "Même code postal et même commune.", True, 0.60, "postcode"),
        Level(_same("postcode"), "Même code postal.", True, 0.12, "postcode"),
        Level(_same("city"), "Même commune.", True, 0.10, "city"),
        Level(
            f"damerau_levenshtein(postcode_l, postcode_r) <= 1 OR {_near('city', 0.9)}",
            "Code postal ou commune à une faute près.", True, 0.06,
        ),
        Level("substr(postcode_l, 1, 2) = substr(postcode_r, 1, 2)", "Même département, communes différentes.", False, 0.04),
    ),
    Level(_ELSE, "Lieux différents.", False, 0.08),
)  # fmt: skip
# Who has moved to another town has another street: the place has already said it.
_ELSEWHERE = "coalesce(postcode_l <> postcode_r, true) AND coalesce(city_l <> city_r, true)"
STREET = Comparison(
    "street",
    ("street",),
    f"({_absent('street')}) OR ({_ELSEWHERE} AND NOT {_near('street', 0.92)})",
    (
        Level(_same("place_in_street"), "Même adresse.", True, 0.65, "place_in_street"),
        Level(f"{_near('street', 0.9)} AND {_same('number_in_street')}", "Même adresse, à une faute près.", True, 0.12),
        Level(_same("street"), "Même voie, autre numéro.", True, 0.06, "street"),
        Level(_near("street", 0.92), "Voies de noms proches.", True, 0.03),
    ),
    Level(_ELSE, "Adresses différentes.", False, 0.14),
)
ACTIVITY = Comparison(
    "activity",
    ("activity",),
    _absent("activity"),
    (
        Level(_same("activity"), "Même activité (NAF).", True, 0.80, "activity"),
        Level("substr(activity_l, 1, 2) = substr(activity_r, 1, 2)", "Activités de la même division.", True, 0.06),
    ),
    Level(_ELSE, "Activités différentes (NAF).", False, 0.14),
)
_YEARS = "substr(day_l, 1, 4) = substr(day_r, 1, 4)"
_TO_THE_DAY = "length(day_l) = 8 AND length(day_r) = 8"
DATE = Comparison(
    "day",
    ("day",),
    _absent("day"),
    (
        Level(f"day_l = day_r AND {_TO_THE_DAY}", "Même date.", True, 0.55, "day"),
        Level(f"{_YEARS} AND NOT ({_TO_THE_DAY})", "Même année.", True, 0.30, "year"),
        Level(f"{_TO_THE_DAY} AND damerau_levenshtein(day_l, day_r) <= 1", "Dates à un chiffre près.", True, 0.06),
        Level(f"{_YEARS} OR abs(year_l - year_r) <= 1", "Dates à moins de deux ans.", False, 0.04),
    ),
    Level(_ELSE, "Dates différentes.", False, 0.05),
)
OTHER = Comparison(
    "other",
    ("other",),
    _absent("other"),
    (
        Level(_same("other"), "Même numéro.", True, 0.75, "other"),
        Level("damerau_levenshtein(other_l, other_r) <= 1", "Numéros à un signe près.", True, 0.15),
    ),
    Level(_ELSE, "Numéros différents.", False, 0.10),
)
COMPARISONS = (NAME, FORM, PLACE, STREET, ACTIVITY, DATE, OTHER)
USED = (
    "core", "compact", "fixed", "rare", "second", "two", "words", "acronym", "initials", "form", "postcode", "city", "street",
    "number_in_street", "place_in_street", "activity", "day", "year", "other",
)  # fmt: skip
