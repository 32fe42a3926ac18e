"""Addresses of the pages. Each area brings its own: add `path("loket/", include("web.office.urls"))` and the like here."""

from django.urls import URLPattern, URLResolver, include, path

from web import first, hour, messages_page, public, style_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.front, name="front"),
    path("stijl/", style_page.style, name="style"),
    path("berichten/", messages_page.preferences, name="messages"),
    path("binnen/", public.inside, name="inside"),
    path("uur/<slug:ref>/", hour.show, name="hour"),
    path("begin/<str:token>/", first.begin, name="begin"),
    path("mijn/", include("web.resident.urls")),
    path("werk/", include("web.worker.urls")),
    path("kantoor/", include("web.office.urls")),
]
