import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beffroi.web.settings")
application = get_wsgi_application()


def stop_if_unsafe() -> None:
    from beffroi.web.safety import present_blockers

    if blockers := present_blockers():
        sys.exit("\n".join(blockers))


stop_if_unsafe()

# What is loaded once stays: the collector would read it again at every page that makes many objects, a map of communes first
gc.collect()
gc.freeze()
