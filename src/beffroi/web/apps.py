from django.apps import AppConfig
from django.conf import settings


class WebConfig(AppConfig):
    name = "beffroi.web"

    def ready(self) -> None:
        from beffroi.web.data_folder import make_data_folder

        make_data_folder(settings.DATA)
