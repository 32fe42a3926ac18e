"""Addresses of what coordinators do with a plan."""

from django.urls import path

from web.office import fair_hours, plans, reasons, weights

urlpatterns = [
    path("rooster/<slug:ref>/", plans.show, name="plan"),
    path("rooster/<slug:ref>/stoppen/", plans.stop, name="stop-plan"),
    path("rooster/<slug:ref>/terugdraaien/", plans.undo, name="undo-plan"),
    path("rooster/<slug:ref>/vergelijken/", plans.compare, name="compare"),
    path("afspraak/<slug:ref>/waarom/", reasons.show, name="reasons"),
    path("rooster-gewichten/", weights.weights, name="weights"),
    path("eerlijk/", fair_hours.overview, name="fair-hours"),
]
