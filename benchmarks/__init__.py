"""What is promised in figures, measured; and what must never go wrong, tried. Each ends with 1 when it does."""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
if not apps.ready:
    django.setup()
