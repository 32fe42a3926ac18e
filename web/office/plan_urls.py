"""Addresses of what coordinators do with a plan."""

from django.urls import path

from web.office import plans, reasons

urlpatterns = [
    path("rooster/<slug:ref>/", plans.show, name="plan"),
    path("rooster/<slug:ref>/stoppen/", plans.stop, name="stop-plan"),
    path("rooster/<slug:ref>/terugdraaien/", plans.undo, name="undo-plan"),
    path("rooster/<slug:ref>/vergelijken/", plans.compare, name="compare"),
    path("afspraak/<slug:ref>/waarom/", reasons.show, name="reasons"),
]
