"""Addresses of the books, the subsidies and the results."""

from django.urls import path

from web.office import (
    auditing,
    awards,
    caps,
    closing,
    figures,
    letters,
    reconciling,
    refunds,
    results,
    sheets,
    town_money,
)

urlpatterns = [
    path("brieven/", letters.show, name="letters"),
    path("dekking/", figures.coverage, name="coverage"),
    path("wat-als/", figures.break_even, name="break-even"),
    path("resultaat/", results.results, name="results"),
    path("controle/", auditing.overview, name="auditing"),
    path("geld-terug/", refunds.overview, name="refunds"),
    path("geld-terug/<slug:ref>/goedkeuren/", refunds.approve, name="refund-approve"),
    path("geld-terug/<slug:ref>/versturen/", refunds.send, name="refund-send"),
    path("meer-cheques/", caps.overview, name="more-cheques"),
    path("meer-cheques/<slug:ref>/akkoord/", caps.agree, name="agree-more"),
    path("klanten/<slug:ref>/meer-cheques/", caps.ask, name="ask-more"),
    path("geld-terug/<slug:ref>/afschrijven/vragen/", refunds.ask_write_off, name="ask-write-off"),
    path("geld-terug/<slug:ref>/afschrijven/", refunds.write_off, name="write-off"),
    path("klanten/<slug:ref>/terugbetalen/", refunds.for_customer, name="customer-refund"),
    path("afsluiten/", closing.overview, name="closing"),
    path("afsluiten/dicht/", closing.close, name="close-period"),
    path("afsluiten/journaal/", closing.journal_file, name="journal"),
    path("aansluiting/", reconciling.overview, name="reconciling"),
    path("beschikkingen/", awards.overview, name="awards"),
    path("beschikkingen/nieuw/", awards.new, name="award-new"),
    path("beschikkingen/voordeel/", awards.benefit, name="benefit-new"),
    path("beschikkingen/<slug:ref>/volgende/", awards.follow, name="award-next"),
    path("beschikkingen/<slug:ref>/contract/", awards.contract, name="award-contract"),
    path("gemeentegeld/", town_money.overview, name="town-money"),
    path("gemeentegeld/nieuw/<slug:what>/", town_money.new, name="town-money-new"),
    path("gemeentegeld/regeling/<slug:ref>/vragen/", town_money.ask, name="scheme-ask"),
    path("gemeentegeld/bedrag/<slug:ref>/geweigerd/", town_money.refuse, name="grant-refuse"),
    path("boeken/naam/", sheets.reveal, name="reveal"),
    path("boeken/<slug:kind>/<slug:ref>/", sheets.sheet, name="sheet"),
]
