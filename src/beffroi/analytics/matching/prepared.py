"""Names, places, numbers and dates of two lists, each brought to what can be compared. Nothing is repaired: what is not a date
or a number of its kind is unknown."""

import polars as pl

from beffroi.analytics.matching.words import CITIES, LEGAL_FORMS, SHORTEST, STOP, STREETS, UNKNOWN, WAYS

FIELDS = ("name", "acronym", "address", "postcode", "city", "naf", "date", "siren", "siret", "number")
LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"}
LA_POSTE = "356000000"  # its establishments follow a sum of digits, not Luhn's key (INSEE)
SHORTEST_ACRONYM, LONGEST_ACRONYM = 3, 6


def plain(text: pl.Expr) -> pl.Expr:
    """The words of a text in lower case, without accents or punctuation, one space apart; letters parted by dots are joined."""
    lower = text.str.to_lowercase().str.replace_many(LIGATURES).str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    joined = lower.str.replace_all(r"\b([a-z])\.", "$1").str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    forms = (
        joined.str.replace_all(r"\bs a r l\b", "sarl").str.replace_all(r"\bs a s\b", "sas").str.replace_all(r"\bs c i\b", "sci")
    )
    return forms.replace(dict.fromkeys(UNKNOWN))


def _respelled(words: pl.Expr, table: dict[str, str]) -> pl.Expr:
    return words.list.eval(pl.element().replace(table)).list.eval(pl.element().filter(pl.element() != ""))


def _without(table: pl.DataFrame, words: str, left_out: set[str]) -> pl.DataFrame:
    """The words that are not of a list; all of them where nothing else would stay."""
    kept = pl.col(words).list.eval(pl.element().filter(~pl.element().is_in(sorted(left_out))))
    read = table.with_columns(_kept=kept)
    return read.with_columns(pl.when(pl.col("_kept").list.len() > 0).then("_kept").otherwise(words).alias(words)).drop("_kept")


def prepared(table: pl.DataFrame) -> pl.DataFrame:
    """One row per record, in the order of the table (`row`), with its words and codes; columns that it lacks are unknown."""
    known = table.select(
        pl.int_range(pl.len()).alias("row"),
        pl.col("id").cast(pl.String),
        *(
            (pl.col(name).cast(pl.String).str.strip_chars() if name in table.columns else pl.lit(None, pl.String)).alias(name)
            for name in FIELDS
        ),
    )
    return known.pipe(_with_names).pipe(_with_places).pipe(_with_codes).drop("name", "address", "naf")


def _with_names(table: pl.DataFrame) -> pl.DataFrame:
    inside = pl.col("name").str.extract(r"\(\s*([\p{L}.]{2,12})\s*\)")
    said = plain(pl.coalesce(pl.col("acronym").replace("", None), inside)).str.replace_all(" ", "")
    text = plain(pl.col("name").str.replace(r"\(\s*[\p{L}.]{2,12}\s*\)", " "))
    named = table.with_columns(words=text, acronym=said).with_columns(
        words=_respelled(pl.col("words").str.split(" "), SHORTEST)
    )
    form = pl.col("words").list.eval(pl.element().filter(pl.element().is_in(sorted(LEGAL_FORMS)))).list.first()
    own = _without(named.with_columns(form=form), "words", LEGAL_FORMS | STOP)
    alone = pl.col("words").list.first()
    is_short = (pl.col("words").list.len() == 1) & alone.str.len_chars().is_between(SHORTEST_ACRONYM, LONGEST_ACRONYM)
    letters = pl.col("words").list.eval(pl.element().str.slice(0, 1)).list.join("")
    return own.with_columns(
        core=pl.col("words").list.unique().list.sort().list.join(" ").replace("", None),
        compact=pl.col("words").list.join("").replace("", None),
        acronym=pl.coalesce("acronym", pl.when(is_short).then(alone)),
        initials=pl.when(pl.col("words").list.len() >= SHORTEST_ACRONYM).then(letters),
    )


def _with_places(table: pl.DataFrame) -> pl.DataFrame:
    read = table.with_columns(street=plain(pl.col("address")))
    words = pl.col("street").str.replace_all(r"\b\d{1,4}[a-z]?\b", "").str.strip_chars().str.split(" ")
    digits = pl.col("postcode").str.to_uppercase().str.replace(r"\.0$", "").str.replace_all(r"[^0-9A-Z]", "").replace("", None)
    named = read.with_columns(
        number_in_street=pl.col("street").str.extract(r"\b(\d{1,4}[a-z]?)\b"),
        street=_respelled(words, STREETS),
        postcode=_padded(digits),
    )
    placed = _without(named, "street", WAYS | STOP).with_columns(pl.col("street").list.join(" ").replace("", None))
    placed = placed.with_columns(place_in_street=pl.concat_str("number_in_street", "street", separator=" "))
    return placed.join(_cities(table), on="city", how="left", maintain_order="left").drop("city").rename({"_city": "city"})


def _cities(table: pl.DataFrame) -> pl.DataFrame:
    """Each spelling of a city once: they are few."""
    text = plain(pl.col("city").str.replace_all(r"\d+(er|e|eme|ème)?\b", " "))
    known = table.select("city").drop_nulls().unique().with_columns(_city=_respelled(text.str.split(" "), CITIES))
    return _without(known, "_city", STOP).with_columns(pl.col("_city").list.join(" ").replace("", None))


def _padded(codes: pl.Expr) -> pl.Expr:
    """A spreadsheet takes the first zero off « 02650 »: four digits are five where most codes of the list have five."""
    most = (codes.str.len_chars() == 5).sum() > (codes.str.len_chars() == 4).sum()
    return pl.when(most & codes.str.contains(r"^\d{4}$")).then(pl.lit("0") + codes).otherwise(codes)


def _with_codes(table: pl.DataFrame) -> pl.DataFrame:
    siret, siren = (pl.col(name).str.replace_all(r"[\s\u00a0\u202f]", "") for name in ("siret", "siren"))
    read = table.with_columns(
        siret=pl.when(_is_siret(siret)).then(siret).otherwise(pl.when(_is_siret(siren)).then(siren)),
        _siren=pl.when(_is_siren(siren)).then(siren),
        _of_siret=pl.coalesce(
            pl.when(_is_siret(siret) & _is_siren(siret.str.slice(0, 9))).then(siret.str.slice(0, 9)),
            pl.when(_is_siret(siren) & _is_siren(siren.str.slice(0, 9))).then(siren.str.slice(0, 9)),
            pl.when(_is_siren(siret)).then(siret),
        ),
        activity=pl.col("naf").str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "").replace("", None),
        other=pl.col("number").str.to_lowercase().str.replace_all(r"[^0-9a-z]", "").replace("", None),
    ).join(_days(table), on="date", how="left", maintain_order="left")
    return read.with_columns(
        siren=pl.coalesce("_siren", "_of_siret"),
        day=pl.col("_day"),
        year=pl.col("_day").str.slice(0, 4).cast(pl.Int32, strict=False),
    ).drop("_siren", "_of_siret", "_day", "date", "number")


def _days(table: pl.DataFrame) -> pl.DataFrame:
    """Each date once: a register has few."""
    return table.select("date").drop_nulls().unique().with_columns(_day=_day(pl.col("date")))


def _day(text: pl.Expr) -> pl.Expr:
    """A year, or a day as eight digits from the year down. Eight digits that are no day stay: they compare as written."""
    clean = text.str.replace(r"\.0$", "").str.replace(r"[T ]\d\d:\d\d.*$", "")
    iso, french = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$", r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$"
    parts = [
        pl.concat_str(*(clean.str.extract(pattern, group).str.zfill(2) for group in order))
        for pattern, order in ((iso, (1, 2, 3)), (french, (3, 2, 1)))
    ]
    digits = pl.when(clean.str.contains(r"^(\d{4}|\d{8})$")).then(clean)
    month = pl.when(clean.str.contains(r"^\d{4}-\d{2}$")).then(clean.str.slice(0, 4))
    return pl.coalesce(*parts, digits, month)


def _luhn(digits: pl.Expr, length: int) -> pl.Expr:
    total: pl.Expr = pl.lit(0)
    for place in range(length):
        digit = digits.str.slice(place, 1).cast(pl.Int32, strict=False)
        doubled = digit * 2
        weighed = pl.when(doubled > 9).then(doubled - 9).otherwise(doubled)
        total = total + (weighed if (length - place) % 2 == 0 else digit)
    return total % 10 == 0


def _is_siren(text: pl.Expr) -> pl.Expr:
    return (text.str.contains(r"^[0-9]{9}$") & (text != "000000000") & _luhn(text, 9)).fill_null(False)


def _is_siret(text: pl.Expr) -> pl.Expr:
    digits: pl.Expr = pl.lit(0)
    for place in range(14):
        digits = digits + text.str.slice(place, 1).cast(pl.Int32, strict=False)
    of_post = text.str.starts_with(LA_POSTE) & (digits % 5 == 0)
    return (text.str.contains(r"^[0-9]{14}$") & (text != "0" * 14) & (_luhn(text, 14) | of_post)).fill_null(False)
