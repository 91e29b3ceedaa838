from argparse import ArgumentParser, Namespace

from django.utils import timezone

from beffroi.web import jobs


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing to choose: what is due runs."""


def run(arguments: Namespace) -> int:
    done = jobs.run_due_jobs(now=timezone.now())
    for name, went_well in done.items():
        print(f"{name}\t{'fait' if went_well else 'échec, voir le journal'}")
    return 0 if all(done.values()) else 1
