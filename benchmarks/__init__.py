"""What is promised in figures, measured; and what must never go wrong, tried. Each ends with 1 when it does."""

import logging
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
logging.disable(logging.INFO)  # a figure is what a run prints; each request would be a line more
logging.getLogger("django.request").setLevel(logging.CRITICAL)
