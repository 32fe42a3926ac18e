"""Two people at once: no number is lost or given twice, and no credit is spent twice."""

from threading import Thread

from django.db import connections

from cheques import firm_orders
from cheques.firm_models import Invoice
from tests import build


def test_two_at_once_get_two_numbers_in_a_row(committed_db):
    firms = [build.firm(), build.firm()]

    def buy(firm) -> None:
        build.bought(firm)
        connections.close_all()

    threads = [Thread(target=buy, args=[firm]) for firm in firms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [1, 2]


def test_one_firm_cannot_spend_its_credit_twice_at_once(committed_db):
    firm = build.firm(credit_limit_cents=100_00)
    said = []

    def buy() -> None:
        try:
            build.bought(firm)
            said.append("yes")
        except firm_orders.OverTheCreditLimit:
            said.append("no")
        connections.close_all()

    threads = [Thread(target=buy) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["no", "no", "no", "yes"]
