"""The door of an event: the page that its code opens, when, and the code itself."""

from datetime import datetime, timedelta
from io import BytesIO

import qrcode
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from beffroi.accounts.models import AnyUser
from beffroi.interactions.enums import EventState
from beffroi.interactions.models import Event
from beffroi.interactions.queries.events import may_run

BEFORE, AFTER = timedelta(hours=2), timedelta(days=1)
QUIET = 4  # modules around the code (ISO/IEC 18004)


def door_path(event: Event) -> str:
    return reverse("interactions:door", args=[event.token])


def is_open(event: Event, now: datetime) -> bool:
    """From two hours before it begins to the day after: a code that is found later opens nothing."""
    is_on = event.state in (EventState.ANNOUNCED, EventState.HELD)
    return is_on and event.starts - BEFORE <= now <= event.ends + AFTER


def runs(event: Event, user: AnyUser) -> bool:
    return user.is_authenticated and may_run(event, user)


def code_svg(address: str) -> bytes:
    drawn = qrcode.make(address, image_factory=SvgPathImage, border=QUIET)
    file = BytesIO()
    drawn.save(file)
    return file.getvalue()
