"""Addresses of the office."""

from django.urls import path

from web.office import bank, book_urls, counter, money, planning, pool_urls, set_up_urls

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
    path("klanten/<slug:ref>/verkopen/", counter.sell_to, name="customer-sell"),
    path("klanten/<slug:ref>/inleveren/", counter.turn_in, name="customer-turn-in"),
    path("balie/", counter.counter, name="counter"),
    path("balie/drukken/", counter.print_paper, name="counter-print"),
    path("balie/verkopen/", counter.sell_paper, name="counter-sell"),
    path("balie/blokkeren/", counter.block_paper, name="counter-block"),
    path("balie/kas/", counter.count_drawer, name="counter-count"),
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
    path("resultaat/", money.results, name="results"),
    *book_urls.urlpatterns,
    *pool_urls.urlpatterns,
    *set_up_urls.urlpatterns,
]
