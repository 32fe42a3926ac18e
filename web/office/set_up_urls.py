"""Addresses of setting up: the organisation, its people, and what was there before the first day."""

from django.urls import path

from web.office import opening_balances, set_up, staff

urlpatterns = [
    path("inrichten/", set_up.overview, name="set-up"),
    path("inrichten/organisatie/", set_up.organisation, name="set-up-organisation"),
    path("inrichten/gemeenten/", set_up.towns, name="set-up-towns"),
    path("inrichten/buurten/", set_up.places, name="set-up-places"),
    path("inrichten/buurten/<slug:ref>/", set_up.postcodes, name="set-up-postcodes"),
    path("inrichten/buurten/<slug:ref>/weg/", set_up.leave_postcode, name="leave-postcode"),
    path("inrichten/diensten/", set_up.catalogue, name="set-up-services"),
    path("inrichten/buiten/", set_up.outside, name="set-up-outside"),
    path("inrichten/wet/", set_up.law, name="set-up-law"),
    path("inrichten/beginstand/", opening_balances.opening, name="opening"),
    path("inrichten/beginstand/<slug:ref>/", opening_balances.sheet, name="opening-sheet"),
    path("inrichten/beginstand/<slug:ref>/boeken/", opening_balances.book, name="book-opening"),
    path("inrichten/beginstand/<slug:ref>/intrekken/", opening_balances.withdraw, name="withdraw-opening"),
    path("inrichten/mensen/", staff.staff, name="set-up-staff"),
    path("inrichten/mensen/<slug:ref>/antwoord/", staff.answer, name="answer-role"),
    path("inrichten/mensen/<slug:ref>/<slug:role>/stop/", staff.end, name="end-role"),
]
