"""Builds the demo in the data folder and database of its environment: `python -m tests.prepare`, for `tests.databases`."""

from datetime import datetime
from zoneinfo import ZoneInfo

import django
import time_machine
from django.test import override_settings

# An hour before the moment at which tests stand, so that all that the demo knows is known to them
BUILT_AT = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))


def main() -> None:
    django.setup()
    from beffroi.web import demo  # it reads models, which exist once Django is ready

    with time_machine.travel(BUILT_AT, tick=True), override_settings(DEMO=True):
        demo.build()


if __name__ == "__main__":
    main()
