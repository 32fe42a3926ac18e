"""Migrate as the owner of the tables, and give the application's role what it may do."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections


class Command(Migrate):
    help = "Bring the database up to date, as its owner."

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] == "default":
            options["database"] = "owner"
        app = settings.DATABASES["default"]["USER"]
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(7340212)"
            )  # two starts at once migrate one after the other
            cursor.execute(
                f"""GRANT USAGE ON SCHEMA public TO "{app}";
                ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{app}";
                ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{app}";"""
            )
            try:
                super().handle(*args, **options)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(7340212)")
