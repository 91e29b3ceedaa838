import argparse
import re
from typing import Any, NoReturn

from beffroi.core.refusals import Refused

SENTENCES = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 : \2 n’est pas proposé ; choix possibles : \3"),
    (r"argument (.*): invalid \w+ value: (.*)", r"\1 : \2 n’a pas la forme attendue"),
    (r"argument (.*): expected .*", r"\1 : il manque une valeur"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 ne va pas avec \2"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 est ambigu : \2"),
    (r"argument (.*?): (.*)", r"\1 : \2"),
)


class Parser(argparse.ArgumentParser):
    """In French, and one line when something is wrong."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "utilisation :", 1)

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{self.prog} : {in_french(message)}. Aide : {self.prog} --help")


def in_french(message: str) -> str:
    for pattern, sentence in SENTENCES:
        if match := re.fullmatch(pattern, message):
            return match.expand(sentence)
    return message
