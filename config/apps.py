"""Starts the checks of the assembly."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the start-up checks."""
        from config import celery, roles  # noqa: F401 - importing registers the check, and sets the app that tasks join
