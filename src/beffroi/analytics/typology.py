"""Companies classed by what their accounts show, compared with their sector.

A classification is data: criteria (ratios and growth rates), their dimensions, the share of them that must be known, the
type of each pair of answers. Levels come from the terciles of the sector; frozen in a table, they make two campaigns
comparable. Sources: C. Marmuse and J. Godest, AIMS 2008 (nine criteria, four types); OECD and Eurostat, Business
demography manual 2007 (high growth, gazelles).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from beffroi.analytics import tables

LEAST_OF_SECTOR = 3  # companies: below, terciles say nothing
YEARS = 3  # between the first accounts (_0) and the last (_3)
GAZELLE_AGE = 5  # years
LEAST_STAFF = 10  # at the start, for high growth
OECD_GROWTH, EUROSTAT_GROWTH = 0.20, 0.10  # a year
SIGNS = {-1: "-", 0: "0", 1: "+"}
FLOWS = ("turnover", "value_added", "ebitda", "investment")


@dataclass(frozen=True)
class Criterion:
    """`over`: a ratio of two columns; without it, the yearly growth of `of` over three years."""

    name: str
    of: str
    over: str | None = None


@dataclass(frozen=True)
class Dimension:
    name: str
    criteria: tuple[Criterion, ...]
    least_known: int


@dataclass(frozen=True)
class Scheme:
    """`types`: name by answer (high on the first dimension, high on the second)."""

    code: str
    version: str
    dimensions: tuple[Dimension, Dimension]
    types: Mapping[tuple[bool, bool], str]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for dimension in self.dimensions for criterion in dimension.criteria)


VALUE_ADDED_GROWTH = Criterion("va_cagr_3y", "value_added")
TURNOVER_GROWTH = Criterion("turnover_cagr_3y", "turnover")
HEADCOUNT_GROWTH = Criterion("headcount_cagr_3y", "headcount")
VALUE_ADDED_RATE = Criterion("va_rate", "value_added_3", "turnover_3")
MARGIN = Criterion("ebitda_margin", "ebitda_3", "turnover_3")
PRODUCTIVITY = Criterion("productivity", "value_added_3", "headcount_3")
INVESTMENT = Criterion("investment_rate", "investment_3", "value_added_3")
INTANGIBLES = Criterion("intangible_share", "intangible_assets_3", "total_assets_3")
EQUITY = Criterion("equity_ratio", "equity_3", "total_assets_3")

MARMUSE_GODEST = Scheme(
    "marmuse-godest",
    "2008",
    (
        Dimension("exploitation", (VALUE_ADDED_GROWTH, VALUE_ADDED_RATE, MARGIN, PRODUCTIVITY, TURNOVER_GROWTH), 4),
        Dimension("creation", (INVESTMENT, INTANGIBLES, EQUITY, HEADCOUNT_GROWTH), 3),
    ),
    {(True, True): "innovante", (True, False): "performante", (False, True): "creatrice", (False, False): "non_innovante"},
)
# The study of 2013 names the two variables and says that four types come of them, neither named nor given a threshold.
INNOSCOPE = Scheme(
    "innoscope",
    "proposition-1",
    (
        Dimension("performance", (VALUE_ADDED_RATE, MARGIN, PRODUCTIVITY, EQUITY), 3),
        Dimension("evolution", (VALUE_ADDED_GROWTH, TURNOVER_GROWTH, HEADCOUNT_GROWTH, INVESTMENT), 3),
    ),
    {(True, True): "type-1", (True, False): "type-2", (False, True): "type-3", (False, False): "type-4"},
)
SCHEMES = {scheme.code: scheme for scheme in (MARMUSE_GODEST, INNOSCOPE)}


class RepeatedCompanies(tables.Refusal):
    def __init__(self, companies: Sequence[object]) -> None:
        super().__init__(
            f"Entreprise présente plusieurs fois : {', '.join(map(str, companies[:5]))}. Gardez une ligne par entreprise."
        )


class UnknownScheme(tables.Refusal):
    def __init__(self, scheme: str) -> None:
        super().__init__(f"La typologie « {scheme} » n’existe pas. Choix : {', '.join(SCHEMES)}.")


def company_typology(
    companies: pl.DataFrame,
    thresholds: pl.DataFrame | None = None,
    *,
    scheme: str | Scheme = MARMUSE_GODEST.code,
    year: int | None = None,
) -> pl.DataFrame:
    """Two dimensions made of levels by sector terciles, crossed into four types; growth flags beside them.

    Level: -1 up to the lower tercile, +1 above the upper one, 0 between. A dimension is the sum of its known levels,
    unknown below its least number of known criteria (4 of 5, 3 of 4); it is high when positive.

    companies: COMPANIES (euros, people; _0 three years before _3). Optional columns: `parent_sector` (used when fewer than
    three companies of the sector are known), `months_0`, `months_3` (length of the accounts: flows are brought to twelve
    months), `accounts` (« consolidated » is remarked).
    thresholds: what `sector_terciles` gave in another campaign; without it, those of these companies.
    year: of the last accounts, for the age of gazelles; without it, `gazelle` is unknown where growth alone does not say no.

    Gives one row per company: company, sector, the criteria (ratios, rates a year: 0.2 is 20 %), the two dimensions and
    their profiles (+, 0, -, ? unknown), type, high_growth_oecd_20, high_growth_eurostat_10, gazelle, remarks (in French).
    A zero or negative denominator, or a growth from or to nothing, leaves the criterion unknown.
    Raises tables.MissingColumns, tables.WrongType, tables.OutOfRange, RepeatedCompanies, UnknownScheme.
    """
    used = _scheme(scheme)
    measured = measures(companies, scheme=used)
    levels = _levels(measured, sector_terciles(companies, scheme=used) if thresholds is None else thresholds, used)
    for dimension in used.dimensions:
        levels = levels.with_columns(*_dimension(dimension))
    typed = levels.with_columns(_type(used).alias("type"), *_growth_flags(year), _remarks(used).alias("remarks"))
    names = [criterion.name for criterion in used.criteria]
    dimensions = [name for dimension in used.dimensions for name in (dimension.name, f"{dimension.name}_profile")]
    flags = ["high_growth_oecd_20", "high_growth_eurostat_10", "gazelle"]
    return typed.select("company", "sector", *names, *dimensions, "type", *flags, "remarks")


def measures(companies: pl.DataFrame, *, scheme: str | Scheme = MARMUSE_GODEST.code) -> pl.DataFrame:
    """The companies with the criteria of a scheme as columns, null where the accounts do not say."""
    found = tables.require_typed(companies, tables.COMPANIES)
    repeated = found.filter(pl.col("company").is_duplicated())["company"].unique(maintain_order=True).to_list()
    if repeated:
        raise RepeatedCompanies(repeated)
    asked = [name for name in ("parent_sector", "months_0", "months_3", "accounts") if name in companies.columns]
    lengths = tables.Table("companies", {name: tables.REAL for name in asked if name.startswith("months")})
    extra = companies.select(asked).with_columns(tables.require_typed(companies, lengths))
    missing = [pl.lit(None).alias(name) for name in ("parent_sector", "months_0", "months_3", "accounts") if name not in asked]
    whole = pl.concat([found, extra], how="horizontal").with_columns(*missing).with_columns(*_twelve_months(found))
    return whole.with_columns(_measure(criterion).alias(criterion.name) for criterion in _scheme(scheme).criteria)


def sector_terciles(companies: pl.DataFrame, *, scheme: str | Scheme = MARMUSE_GODEST.code) -> pl.DataFrame:
    """Where the lower and the upper third of a sector end, by linear interpolation (type 7 of Hyndman and Fan 1996).

    Gives: sector, criterion, lower, upper, companies (whose criterion is known), basis (sector, parent_sector or all: the
    first that has three known companies; null when none has, and then no level can be said).
    """
    used = _scheme(scheme)
    names = [criterion.name for criterion in used.criteria]
    ids = ["sector", "parent_sector"]
    known = measures(companies, scheme=used).select(*ids, *names).unpivot(names, index=ids, variable_name="criterion")
    known = known.with_columns(pl.col("parent_sector").cast(pl.String))
    cells = known.group_by("sector", "criterion", maintain_order=True).agg(pl.col("parent_sector").drop_nulls().first())
    for basis, keys in (
        ("sector", ["sector", "criterion"]),
        ("parent_sector", ["parent_sector", "criterion"]),
        ("all", ["criterion"]),
    ):
        cells = cells.join(_cuts(known, basis, keys), on=keys, how="left")
    chosen = pl.coalesce(pl.when(pl.col(f"{b}.companies") >= LEAST_OF_SECTOR).then(pl.lit(b)) for b in BASES)
    cells = cells.with_columns(chosen.alias("basis"))
    return cells.select(
        "sector", "criterion", *(_by_basis(name).alias(name) for name in ("lower", "upper", "companies")), "basis"
    )


BASES = ("sector", "parent_sector", "all")


def _cuts(known: pl.DataFrame, basis: str, keys: list[str]) -> pl.DataFrame:
    value = pl.col("value")
    return (
        known.drop_nulls([*keys, "value"])
        .group_by(keys)
        .agg(
            value.quantile(1 / 3, "linear").alias(f"{basis}.lower"),
            value.quantile(2 / 3, "linear").alias(f"{basis}.upper"),
            value.count().alias(f"{basis}.companies"),
        )
    )


def _by_basis(name: str) -> pl.Expr:
    return pl.coalesce(pl.when(pl.col("basis") == basis).then(pl.col(f"{basis}.{name}")) for basis in BASES)


def _scheme(scheme: str | Scheme) -> Scheme:
    if isinstance(scheme, Scheme):
        return scheme
    if scheme not in SCHEMES:
        raise UnknownScheme(scheme)
    return SCHEMES[scheme]


def _twelve_months(found: pl.DataFrame) -> list[pl.Expr]:
    flows = [(f"{flow}_{end}", f"months_{end}") for flow in FLOWS for end in (0, 3)]
    return [
        (pl.col(flow) * (12 / _positive(pl.col(months).fill_null(12)))).alias(flow)
        for flow, months in flows
        if flow in found.columns
    ]


def _positive(months: pl.Expr) -> pl.Expr:
    """Accounts of no month say nothing of a year."""
    return pl.when(months > 0).then(months)


def _measure(criterion: Criterion) -> pl.Expr:
    if criterion.over is None:
        start, end = pl.col(f"{criterion.of}_0"), pl.col(f"{criterion.of}_3")
        return pl.when((start > tables.SMALLEST) & (end > 0)).then((end / start) ** (1 / YEARS) - 1)
    over = pl.col(criterion.over)
    return pl.when(over > tables.SMALLEST).then(pl.col(criterion.of) / over)


def _levels(measured: pl.DataFrame, thresholds: pl.DataFrame, scheme: Scheme) -> pl.DataFrame:
    limits = tables.require(thresholds, tables.TERCILES)
    found = measured
    for criterion in scheme.criteria:
        own = limits.filter(pl.col("criterion") == criterion.name).select(
            "sector",
            pl.col("lower").alias("_lower"),
            pl.col("upper").alias("_upper"),
            pl.col("basis").alias(f"basis {criterion.name}"),
        )
        value = pl.col(criterion.name)
        level = (
            pl.when(value > pl.col("_upper")).then(1).when(value <= pl.col("_lower")).then(-1).when(value.is_not_null()).then(0)
        )
        judged = pl.when(pl.col("_lower").is_not_null() & pl.col("_upper").is_not_null()).then(level)
        found = found.join(own, on="sector", how="left", maintain_order="left", nulls_equal=True)
        found = found.with_columns(judged.alias(f"level {criterion.name}")).drop("_lower", "_upper")
    return found


def _dimension(dimension: Dimension) -> tuple[pl.Expr, pl.Expr]:
    levels = [pl.col(f"level {criterion.name}") for criterion in dimension.criteria]
    known = pl.sum_horizontal(level.is_not_null() for level in levels)
    total = pl.when(known >= dimension.least_known).then(pl.sum_horizontal(levels)).cast(pl.Float64)
    signs = [level.replace_strict(SIGNS, return_dtype=pl.String).fill_null("?") for level in levels]
    return total.alias(dimension.name), pl.concat_str(signs).alias(f"{dimension.name}_profile")


def _type(scheme: Scheme) -> pl.Expr:
    first, second = (pl.col(dimension.name) > 0 for dimension in scheme.dimensions)
    return pl.coalesce(
        pl.when((first == highs[0]) & (second == highs[1])).then(pl.lit(name)) for highs, name in scheme.types.items()
    )


def _growth_flags(year: int | None) -> list[pl.Expr]:
    oecd, eurostat = _has_grown(OECD_GROWTH), _has_grown(EUROSTAT_GROWTH)
    age = pl.lit(year, pl.Int64) - pl.col("created")
    return [
        oecd.alias("high_growth_oecd_20"),
        eurostat.alias("high_growth_eurostat_10"),
        (oecd & (age <= GAZELLE_AGE)).alias("gazelle"),
    ]


def _has_grown(rate: float) -> pl.Expr:
    """In turnover or in staff, from ten people at least; an unknown that could change the answer leaves it unknown."""
    grown = [
        pl.when(pl.col(f"{name}_0") > 0).then(pl.col(f"{name}_3") > pl.col(f"{name}_0") * (1 + rate) ** YEARS)
        for name in ("turnover", "headcount")
    ]
    return (pl.col("headcount_0") >= LEAST_STAFF) & (grown[0] | grown[1])


def _remarks(scheme: Scheme) -> pl.Expr:
    """Every reason to read the type with care, in one sentence each."""
    wider = {
        "parent_sector": "comparée au secteur parent (moins de trois entreprises connues)",
        "all": "comparée à toutes les entreprises (moins de trois entreprises connues)",
    }
    said = [
        pl.when(pl.any_horizontal(pl.col(f"basis {c.name}") == basis for c in scheme.criteria)).then(pl.lit(text))
        for basis, text in wider.items()
    ]
    lengths = [pl.col(f"months_{end}").cast(pl.Float64).fill_null(12) != 12 for end in (0, 3)]
    said.append(pl.when(lengths[0] | lengths[1]).then(pl.lit("exercice ramené à douze mois")))
    said.append(pl.when(pl.col("accounts") == "consolidated").then(pl.lit("comptes consolidés")))
    said.append(pl.when(pl.col("equity_3") < 0).then(pl.lit("capitaux propres négatifs")))
    return pl.concat_str(said, separator=" ; ", ignore_nulls=True)


def movements(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """How many companies went from a type to another between two campaigns. before, after: company, type.

    Gives: type_0, type_1 (null: type unknown), status (both; left: only before; joined: only after), companies.
    """
    one, two = (tables.require(table, tables.TYPED) for table in (before, after))
    pairs = one.with_columns(_in_0=True).join(
        two.with_columns(_in_1=True), on="company", how="full", coalesce=True, suffix="_1"
    )
    status = pl.when(pl.col("_in_1").is_null()).then(pl.lit("left")).when(pl.col("_in_0").is_null()).then(pl.lit("joined"))
    named = pairs.with_columns(status.otherwise(pl.lit("both")).alias("status")).rename({"type": "type_0"})
    return (
        named.group_by("type_0", "type_1", "status").agg(companies=pl.len()).sort("status", "type_0", "type_1", nulls_last=True)
    )


def agreement(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Two classifications of the same companies crossed. first, second: company, type.

    Gives: type_first, type_second (null: unknown to it), companies, share (of the companies of type_first), expected (count
    if the two had nothing to do with each other). Companies that only one of them knows are left out.
    """
    one, two = (tables.require(table, tables.TYPED) for table in (first, second))
    pairs = one.rename({"type": "type_first"}).join(two.rename({"type": "type_second"}), on="company", how="inner")
    crossed = pairs.group_by("type_first", "type_second").agg(companies=pl.len())
    firsts, seconds = (pl.col("companies").sum().over(name) for name in ("type_first", "type_second"))
    shares = crossed.with_columns(share=pl.col("companies") / firsts, expected=firsts * seconds / pl.col("companies").sum())
    return shares.sort("type_first", "type_second", nulls_last=True)
