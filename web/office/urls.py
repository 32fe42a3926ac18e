"""Addresses of the office."""

from django.urls import path

from web.office import bank, book_urls, money, planning, set_up, staff

app_name = "office"
urlpatterns = [
    path("planning/", planning.board, name="planning"),
    path("planning/maken/", planning.ask, name="ask-plan"),
    path("planning/ziek/", planning.sick, name="sick"),
    path("planning/week-afsluiten/", planning.close, name="close-week"),
    path("planning/<slug:ref>/publiceren/", planning.publish, name="publish"),
    path("bezoek/<slug:ref>/vervangen/", planning.replace, name="replace"),
    path("bezoek/<slug:ref>/vervalt/", planning.drop, name="drop"),
    path("tijden/<slug:ref>/", planning.times, name="times"),
    path("klanten/", money.customers, name="customers"),
    path("klanten/<slug:ref>/afzeggen/", money.desk_cancel, name="desk-cancel"),
    path("lonen/", money.pay, name="pay"),
    path("lonen/maken/", money.make_run, name="make-run"),
    path("lonen/bestand/<slug:ref>/goedkeuren/", money.approve, name="approve"),
    path("lonen/bestand/<slug:ref>/versturen/", money.send, name="send"),
    path("lonen/<slug:ref>/<slug:step>/", money.step_run, name="step-run"),
    path("bank/", bank.bank, name="bank"),
    path("bank/bijwerken/", bank.mirror, name="mirror"),
    path("bank/<slug:ref>/akkoord/", bank.accept, name="accept-line"),
    path("bank/<slug:ref>/", bank.allocate_line, name="allocate"),
    path("subsidie/", money.subsidy, name="subsidy"),
    path("subsidie/maken/", money.make_claim, name="make-claim"),
    path("subsidie/<slug:ref>/indienen/", money.send_claim, name="send-claim"),
    path("subsidie/<slug:ref>/pakket.zip", money.claim_pack, name="claim-pack"),
    path("kwaliteit/", money.quality, name="quality"),
    path("kwaliteit/<slug:ref>/", money.judge, name="judge"),
    path("boeken/", money.books, name="books"),
    path("inrichten/", set_up.overview, name="set-up"),
    path("inrichten/organisatie/", set_up.organisation, name="set-up-organisation"),
    path("inrichten/gemeenten/", set_up.towns, name="set-up-towns"),
    path("inrichten/buurten/", set_up.places, name="set-up-places"),
    path("inrichten/buurten/<slug:ref>/", set_up.postcodes, name="set-up-postcodes"),
    path("inrichten/buurten/<slug:ref>/weg/", set_up.leave_postcode, name="leave-postcode"),
    path("inrichten/diensten/", set_up.catalogue, name="set-up-services"),
    path("inrichten/buiten/", set_up.outside, name="set-up-outside"),
    path("inrichten/wet/", set_up.law, name="set-up-law"),
    path("inrichten/mensen/", staff.staff, name="set-up-staff"),
    path("inrichten/mensen/<slug:ref>/antwoord/", staff.answer, name="answer-role"),
    path("inrichten/mensen/<slug:ref>/<slug:role>/stop/", staff.end, name="end-role"),
    path("resultaat/", money.results, name="results"),
    *book_urls.urlpatterns,
]
