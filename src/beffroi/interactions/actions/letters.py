from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction

from beffroi.accounts.models import User
from beffroi.core import mail
from beffroi.interactions.enums import Letter
from beffroi.interactions.models import LetterSent, LetterSubscription
from beffroi.interactions.rules.letters import due_letters

Written = Callable[[Letter, date, User, date], tuple[str, str]]


@transaction.atomic
def choose_letters(letters: set[Letter], *, by: User, on: date) -> None:
    """What is not chosen is not received any more."""
    LetterSubscription.objects.filter(user=by).exclude(letter__in=letters).delete()
    for letter in letters:
        LetterSubscription.objects.get_or_create(user=by, letter=letter, defaults={"since": on})


def send_due_letters(on: date, *, write: Written) -> int:
    """`write` gives the subject and the text. Run twice, or by two servers at once, each letter leaves once."""
    sent = 0
    for letter, period in due_letters(on).items():
        rows = LetterSubscription.objects.filter(letter=letter, user__is_active=True, since__lte=on).select_related("user")
        done = set(LetterSent.objects.filter(letter=letter, period=period).values_list("user", flat=True))
        for row in rows.order_by("pk"):
            if row.user_id not in done:
                sent += _sent(letter, period, row.user, on, write)
    return sent


def _sent(letter: Letter, period: date, user: User, on: date, write: Written) -> bool:
    subject, text = write(letter, period, user, on)
    try:
        with transaction.atomic():
            LetterSent.objects.create(user=user, letter=letter, period=period, sent_on=on)
            mail.queue_mail(to=user.email, subject=subject, text=text)
    except IntegrityError:
        return False  # another process has just sent it
    return True
