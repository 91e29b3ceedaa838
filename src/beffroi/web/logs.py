import logging
import re

ADDRESS = re.compile(r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")


class LineWithoutAddresses(logging.Formatter):
    """Mail addresses never reach the log, not even inside the message of an error that a library raised."""

    def format(self, record: logging.LogRecord) -> str:
        return ADDRESS.sub("[courriel]", super().format(record))
