"""Addresses of the books, the subsidies and the results."""

from django.urls import path

from web.office import figures, sheets

urlpatterns = [
    path("dekking/", figures.coverage, name="coverage"),
    path("wat-als/", figures.break_even, name="break-even"),
    path("boeken/naam/", sheets.reveal, name="reveal"),
    path("boeken/<slug:kind>/<slug:ref>/", sheets.sheet, name="sheet"),
]
