"""Every address of the site."""

from django.urls import include, path

from config.health import health

urlpatterns = [
    path("health", health),
    path("account/", include("allauth.urls")),
    path("taal/", include("django.conf.urls.i18n")),
    path("api/", include("api.urls")),
    path("", include("web.urls")),
]
