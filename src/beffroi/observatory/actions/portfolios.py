from collections.abc import Collection, Iterable, Sequence

import polars as pl
from django.db import transaction
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import User
from beffroi.analytics import text as analysis
from beffroi.core.refusals import Refused
from beffroi.observatory.enums import LabelSource, LabelState
from beffroi.observatory.models import Portfolio, PortfolioText, TextLabel
from beffroi.observatory.queries.portfolios import decided_texts, texts_table, training_table, vocabularies_of
from beffroi.observatory.rules.portfolios import ListedText
from beffroi.reference.models import Vocabulary
from beffroi.reference.queries.vocabularies import last_edition, terms_table

BATCH = 2_000


@transaction.atomic
def open_portfolio(
    *,
    title: str,
    texts: Sequence[ListedText],
    framework_code: str,
    by: User,
    origin: str = "",
    visibility: Visibility = Visibility.PARTNERS,
) -> Portfolio:
    """A list of texts with what each vocabulary of the framework proposes of them."""
    owner = min(by.partner_ids, default=None)
    if owner is None:
        raise Refused("Votre compte n’est rattaché à aucune institution : demandez à un administrateur de l’y rattacher.")
    portfolio = Portfolio.objects.create(
        title=title.strip()[:200],
        framework_code=framework_code,
        origin=origin[:300],
        owner_id=owner,
        visibility=visibility,
        by=by,
        at=timezone.now(),
    )
    rows = [
        PortfolioText(
            portfolio=portfolio,
            position=position,
            key=one.key,
            title=one.title,
            description=one.description,
            operation=one.operation,
        )
        for position, one in enumerate(texts, start=1)
    ]
    PortfolioText.objects.bulk_create(rows, batch_size=BATCH)
    record_act("portfolio_opened", by=by, subject=("portfolio", portfolio.pk), texts=len(rows))
    classify_portfolio(portfolio, by=by)
    return portfolio


@transaction.atomic
def classify_portfolio(portfolio: Portfolio, *, by: User) -> int:
    """Proposes again, with the vocabularies as they are and what people decided since; what was decided stays. Returns how
    many labels are proposed."""
    count = 0
    for vocabulary in vocabularies_of(portfolio.framework_code):
        decided = decided_texts(portfolio, vocabulary)
        edition = last_edition(vocabulary)
        found = analysis.classify(
            texts_table(portfolio), terms_table(vocabulary, edition), training_table(vocabulary, by), version=str(edition)
        )
        fresh = found.filter(~pl.col("id").is_in([str(pk) for pk in decided]))
        count += _propose(portfolio, vocabulary, fresh, edition)
    record_act("portfolio_classed", by=by, subject=("portfolio", portfolio.pk), labels=count)
    return count


def _propose(portfolio: Portfolio, vocabulary: Vocabulary, found: pl.DataFrame, edition: int) -> int:
    """In place of what was proposed before; what a person refused is not proposed again."""
    labels = TextLabel.objects.filter(text__portfolio=portfolio, vocabulary=vocabulary)
    labels.filter(state=LabelState.PROPOSED).delete()
    known = set(labels.values_list("text_id", "label"))
    rows = [
        TextLabel(
            text_id=int(row["id"]),
            vocabulary=vocabulary,
            label=row["label"] or "",
            confidence=row["confidence"],
            source=row["source"],
            terms=row["terms"].replace(analysis.SEPARATOR, ", ")[:500],
            edition=edition,
        )
        for row in found.iter_rows(named=True)
        if (int(row["id"]), row["label"] or "") not in known
    ]
    TextLabel.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


@transaction.atomic
def decide_labels(labels: Iterable[TextLabel], *, state: LabelState, by: User) -> int:
    """Accepts or refuses labels, or takes a decision back (proposed): what only a person had said then goes."""
    ids = [label.pk for label in labels]
    chosen = TextLabel.objects.filter(pk__in=ids).exclude(state=state)
    changed = list(chosen.values_list("pk", flat=True))
    if state == LabelState.PROPOSED:
        TextLabel.objects.filter(pk__in=changed, source=LabelSource.HUMAN).delete()
        TextLabel.objects.filter(pk__in=changed).update(state=state, by=None, at=None)
    else:
        TextLabel.objects.filter(pk__in=changed).update(state=state, by=by, at=timezone.now())
    if changed:
        record_act(f"labels_{state}", by=by, subject=("textlabel", changed[0]), labels=changed[:1000], count=len(changed))
    return len(changed)


@transaction.atomic
def correct_text(text: PortfolioText, vocabulary: Vocabulary, *, labels: Collection[str], by: User) -> None:
    """The areas of a text are those, and no other; none at all says that it speaks of none."""
    wanted = set(labels) or {""}
    known = {label.label: label for label in TextLabel.objects.filter(text=text, vocabulary=vocabulary)}
    decision = {"by": by, "at": timezone.now()}
    TextLabel.objects.filter(pk__in=[row.pk for label, row in known.items() if label in wanted]).update(
        state=LabelState.ACCEPTED, **decision
    )
    TextLabel.objects.filter(pk__in=[row.pk for label, row in known.items() if label not in wanted]).update(
        state=LabelState.REFUSED, **decision
    )
    edition = last_edition(vocabulary)
    said = {"confidence": 1.0, "source": LabelSource.HUMAN, "state": LabelState.ACCEPTED, "edition": edition, **decision}
    TextLabel.objects.bulk_create(
        TextLabel(text=text, vocabulary=vocabulary, label=label, **said) for label in sorted(wanted - known.keys())
    )
    record_act("text_corrected", by=by, subject=("portfoliotext", text.pk), labels=sorted(wanted))


@transaction.atomic
def remove_portfolio(portfolio: Portfolio, *, by: User) -> None:
    record_act("portfolio_removed", by=by, subject=("portfolio", portfolio.pk), title=portfolio.title)
    portfolio.delete()
