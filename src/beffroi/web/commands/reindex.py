from argparse import ArgumentParser, Namespace

from beffroi.web import search_index


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing to choose: the whole index is made again."""


def run(arguments: Namespace) -> int:
    for kind, count in search_index.reindex().items():
        print(f"{kind}\t{count}")
    return 0
