"""Addresses of workers."""

from django.urls import path

from web.worker import contesting, keeping, views

app_name = "worker"
urlpatterns = [
    path("", views.day, name="today"),
    path("week/", views.week, name="week"),
    path("uren/<slug:day>/", contesting.hours, name="hours"),
    path("ziek/", views.sick, name="sick"),
    path("loon/", views.wages, name="pay"),
    path("houden/", keeping.show, name="keep"),
    path("loon/<slug:ref>.pdf", views.payslip, name="payslip"),
    path("<slug:ref>/ik-ben-er/", views.check_in, name="check-in"),
    path("<slug:ref>/klaar/", views.check_out, name="check-out"),
    path("<slug:ref>/niemand-thuis/", views.nobody_home, name="nobody-home"),
    path("<slug:ref>/waarom/", contesting.visit, name="why-me"),
    path("<slug:ref>/antwoord/", views.answer, name="answer"),
]
