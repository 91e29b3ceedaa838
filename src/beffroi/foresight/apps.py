from django.apps import AppConfig


class ForesightConfig(AppConfig):
    name = "beffroi.foresight"
