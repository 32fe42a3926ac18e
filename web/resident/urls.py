"""Addresses of residents and firms."""

from django.urls import path

from web.resident import booking, complaining, firm, gifts, giving_back, people, speaking, statement, views

app_name = "resident"
urlpatterns = [
    path("", views.home, name="home"),
    path("inschrijven/", views.register, name="register"),
    path("kopen/", views.buy, name="buy"),
    path("kopen/<slug:ref>/", views.order, name="order"),
    path("kopen/<slug:ref>/klaar/", views.order, {"back": False}, name="order-done"),
    path("afspraken/", views.visits, name="visits"),
    path("boeken/", booking.book, name="book"),
    path("bezoek/<slug:ref>/ja/", views.confirm, name="confirm"),
    path("bezoek/<slug:ref>/klopt-niet/", views.dispute, name="dispute"),
    path("afzeggen/<slug:ref>/", views.cancel, name="cancel"),
    path("klacht/", complaining.complain, name="complain"),
    path("taal/", speaking.languages, name="languages"),
    path("geven/", gifts.gifts, name="gifts"),
    path("geven/nieuw/", gifts.new, name="gift-new"),
    path("geven/coaching/<slug:ref>/", gifts.confirm_coaching, name="confirm-coaching"),
    path("geven/<slug:ref>/", gifts.give, name="gift-give"),
    path("bedrijf/", firm.home, name="firm"),
    path("bedrijf/bestellen/", firm.order, name="firm-order"),
    path("bedrijf/bestelling/<slug:ref>/<slug:step>/", firm.decide, name="firm-decide"),
    path("bedrijf/factuur/<slug:ref>.<slug:ending>", firm.invoice, name="firm-invoice"),
    path("bedrijf/gebruik/<slug:ref>.<slug:ending>", firm.usage, name="firm-usage"),
    path("wie/", people.people, name="people"),
    path("wie/<slug:ref>/", firm.limit, name="firm-limit"),
    path("wie/<slug:ref>/stop/", people.stop, name="stop-acting"),
    path("voor/<slug:ref>/", people.act_for, name="act-for"),
    path("cheques/", views.wallet, name="cheques"),
    path("cheques/overzicht/", statement.show, name="statement"),
    path("cheques/<slug:ref>/terug/", giving_back.refund, name="refund"),
    path("cheques/<slug:ref>/langer/", giving_back.extend, name="extend"),
]
