from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class WebConfig(AppConfig):
    name = "beffroi.web"

    def ready(self) -> None:
        from beffroi.web import data_folder, safety

        data_folder.make_data_folder(settings.DATA)
        checks.register(safety.check_settings, checks.Tags.security)
        checks.register(safety.check_accounts, checks.Tags.database)
