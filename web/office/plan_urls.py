"""Addresses of what coordinators do with a plan."""

from django.urls import path

from web.office import contests, fair_hours, moving, plans, reasons, repairs, weights

urlpatterns = [
    path("rooster/<slug:ref>/", plans.show, name="plan"),
    path("rooster/<slug:ref>/stoppen/", plans.stop, name="stop-plan"),
    path("rooster/<slug:ref>/terugdraaien/", plans.undo, name="undo-plan"),
    path("rooster/<slug:ref>/vergelijken/", plans.compare, name="compare"),
    path("afspraak/<slug:ref>/waarom/", reasons.show, name="reasons"),
    path("herstel/vragen/", repairs.ask, name="ask-repair"),
    path("herstel/<slug:ref>/", repairs.show, name="repair"),
    path("herstel/<slug:ref>/opnieuw/", repairs.again, name="repair-again"),
    path("voorstel/<slug:ref>/doen/", repairs.apply, name="apply-proposal"),
    path("bezoek/<slug:ref>/verzetten/", moving.move, name="move"),
    path("bezoek/<slug:ref>/later/", moving.later, name="client-late"),
    path("rooster-gewichten/", weights.weights, name="weights"),
    path("niet-eens/", contests.overview, name="contests"),
    path("niet-eens/<slug:ref>/", contests.answer, name="answer-contest"),
    path("eerlijk/", fair_hours.overview, name="fair-hours"),
]
