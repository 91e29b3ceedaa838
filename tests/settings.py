"""The settings of tests: a database for each worker, cheap passwords, templates that refuse the unknown."""

import os

from tests import run

# Its name stays out: the workers that this process starts inherit its environment and have names of their own
os.environ.update({name: value for name, value in run.environment().items() if name != "BEFFROI_TEST_NAME"})

from beffroi.web.settings import *  # noqa: E402, F403
from beffroi.web.settings import TEMPLATES  # noqa: E402
from tests.strictness import UndefinedVariable  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")
DEMO = os.environ.get("BEFFROI_TEST_DEMO") == "1"  # the server of journeys opens the demo accounts
