"""Addresses of the pool."""

from django.urls import path

from web.office import pool

urlpatterns = [
    path("medewerkers/", pool.pool, name="pool"),
    path("medewerkers/nieuw/", pool.hire, name="hire"),
    path("medewerkers/<slug:ref>/", pool.worker, name="worker"),
    path("medewerkers/<slug:ref>/weg/", pool.away, name="worker-away"),
    path("medewerkers/<slug:ref>/terug/", pool.back, name="worker-back"),
    path("medewerkers/<slug:ref>/wel-naar/", pool.together, name="worker-together"),
    path("medewerkers/<slug:ref>/verander/<slug:what>/", pool.change, name="change-worker"),
]
