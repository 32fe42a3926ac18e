"""Addresses of workers."""

from django.urls import path

from web.worker import keeping, views

app_name = "worker"
urlpatterns = [
    path("", views.day, name="today"),
    path("week/", views.week, name="week"),
    path("ziek/", views.sick, name="sick"),
    path("loon/", views.wages, name="pay"),
    path("houden/", keeping.show, name="keep"),
    path("loon/<slug:ref>.pdf", views.payslip, name="payslip"),
    path("<slug:ref>/ik-ben-er/", views.check_in, name="check-in"),
    path("<slug:ref>/klaar/", views.check_out, name="check-out"),
    path("<slug:ref>/niemand-thuis/", views.nobody_home, name="nobody-home"),
    path("<slug:ref>/antwoord/", views.answer, name="answer"),
]
