"""Two people at the same time: the second finds it done, or is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from django.db import connections

from bank import importing
from kernel.errors import Refused
from ledger.balances import balance
from ledger.models import Account, Entry
from payroll import sepa, settlement
from payroll.models import Payment, PaymentFile, PayRun
from tests import build, build_pay
from tests.bank.statement import details, entry, file, statement
from tests.build_pay import ORGANISATION

AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
NETS = (1_204_10, 987_65, 1_010_25)


def both(act: Callable[[], object]) -> list[object]:
    """Return what two threads got that did the same at the same moment; a refusal by its code."""
    gate = Barrier(2)

    def one() -> object:
        gate.wait(timeout=10)
        try:
            return act()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [done.result(timeout=60) for done in [pool.submit(one), pool.submit(one)]]


def test_a_wage_goes_into_one_file(committed_db):
    build.organisation(iban=ORGANISATION)
    run, maker = build_pay.netted_run(*NETS), build.member("payroll")

    got = both(lambda: sepa.make_file(run.pk, by=maker, at=AT).ref)

    assert "NothingToPay" in got
    assert PaymentFile.objects.count() == 1
    assert Payment.objects.count() == 3


def test_a_statement_comes_in_once_and_pays_each_wage_once(committed_db):
    build.organisation(iban=ORGANISATION)
    run = build_pay.netted_run(*NETS)
    made = sepa.make_file(run.pk, by=build.member("payroll"), at=AT)
    sepa.approve(made.pk, by=build.member("treasurer"), at=AT)
    PaymentFile.objects.update(state=PaymentFile.State.SENT)
    rows = [
        entry(-payment.cents, details=details(-payment.cents, end_to_end=payment.end_to_end_id))
        for payment in made.payments.all()
    ]
    body = file(statement(*rows, opening=5_000_00, closing=1_798_00, iban=ORGANISATION))

    came = both(lambda: importing.import_file(body, own_iban=ORGANISATION, by_id=None, at=AT))
    matched = both(lambda: settlement.match_open_lines(at=AT))

    assert "AlreadyImported" in came
    assert sorted(map(str, matched)) == ["0", "3"]
    assert balance(Account.NET_DUE) == 0
    assert Entry.objects.filter(key__startswith="bank:").count() == 3
    assert PayRun.objects.get().state == "paid"
