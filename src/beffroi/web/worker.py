"""The background worker: runs queued tasks, and says every few seconds that it lives."""

import os
import threading
import time
from pathlib import Path

import django
from django.core.management import call_command

from beffroi.web import data_folder


def beat_for_ever(data: Path) -> None:
    """In a thread of its own: a long task must not look like a dead worker."""
    while True:
        data_folder.record_beat(data)
        time.sleep(data_folder.BEAT_SECONDS)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beffroi.web.settings")
    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from beffroi.web import jobs

    threading.Thread(target=beat_for_ever, args=[settings.DATA], daemon=True).start()
    jobs.resume_loads(timezone.now())  # what a killed worker left half-way
    call_command("db_worker", queue_name="*", reload=False, startup_delay=False)


if __name__ == "__main__":
    main()
