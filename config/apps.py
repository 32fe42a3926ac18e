"""What every process does when it starts, whichever program it is."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Look at the database role on the first connection, and set the app that tasks join."""
        from config import celery, roles  # noqa: F401 - importing does it
