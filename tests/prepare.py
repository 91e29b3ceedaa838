"""Builds the demo database that the workers copy: `python -m tests.prepare`, with the environment of `tests.run`."""

import importlib.util
from datetime import datetime
from zoneinfo import ZoneInfo

import django
import time_machine
from django.core.management import call_command

# An hour before the moment at which tests stand, so that all that the demo knows is known to them
BUILT_AT = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Europe/Paris"))


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if importlib.util.find_spec("beffroi.web.demo"):
        with time_machine.travel(BUILT_AT, tick=True):
            importlib.import_module("beffroi.web.demo").build()


if __name__ == "__main__":
    main()
