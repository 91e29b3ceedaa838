"""Lines of different sources that are, or could be, the same money."""

import polars as pl

from beffroi.accounts.models import AnyUser
from beffroi.analytics.consolidation import LINKS
from beffroi.funding.models import LineLink
from beffroi.provenance.queries import Moment


def links_frame(viewer: AnyUser, moment: Moment) -> pl.DataFrame:
    """The links known at the moment between lines that this reader sees, as `analytics.consolidation` reads them (`LINKS`)."""
    rows = LineLink.objects.visible_to(viewer).known_at(moment).order_by("pk").values_list("one_id", "other_id", "state")
    found = pl.DataFrame(list(rows), schema={"one": pl.Int64, "other": pl.Int64, "state": pl.String}, orient="row")
    return found.select("one", "other", "state").select(list(LINKS.columns))
