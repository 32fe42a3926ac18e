"""Three matches, what waits in each, and the bank line that may be it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction

from bank.matching import allocate
from bank.models import Line
from books import reconciling
from ledger.models import Account
from payroll.models import Payment
from subsidies import claims
from tests import build_books
from tests.build_books import DECEMBER, statement

pytestmark = pytest.mark.django_db
ON = DECEMBER.date() + timedelta(days=10)


@pytest.fixture
def month():
    return build_books.month()


def found(code: str, on: date = ON) -> reconciling.Match:
    return next(one for one in reconciling.matches(on=on) if one.code == code)


def test_a_month_that_is_all_in_the_bank_waits_for_nothing(month):
    assert [(one.code, one.met, one.waiting) for one in reconciling.matches(on=ON)] == [
        ("payouts", 1, []), ("wages", 2, []), ("claims", 1, []),
    ]  # fmt: skip
    assert all(one.share == 100 for one in reconciling.matches(on=ON))


def test_a_wage_the_bank_refused_waits_with_its_reason(month):
    payment = Payment.objects.first()
    Payment.objects.filter(pk=payment.pk).update(state="rejected", line=None)

    [item] = found("wages").waiting

    assert item.cents == -payment.cents
    assert "geweigerd" in item.stage
    assert item.days == 10


def without(monkeypatch, module) -> build_books.Month:
    """Make the month of which the bank lines of one kind are not matched yet."""
    monkeypatch.setattr(module, "match_open_lines", lambda *, at: 0)
    return build_books.month()


def test_a_claim_that_did_not_come_in_waits_and_the_line_of_its_amount_is_suggested(monkeypatch):
    month = without(monkeypatch, build_books.remittances)

    [item] = found("claims").waiting

    assert item.cents == claims.total_cents(month.claim)
    assert "nog niets" in item.stage
    assert "bankregel" in item.suggestion

    statement([(item.cents, "zonder kenmerk", "")], name="3")
    assert found("claims").waiting[0].suggestion == "", "two lines: nobody can say which"


def test_a_payout_that_is_not_in_the_bank_waits(monkeypatch):
    without(monkeypatch, build_books.bank_matching)
    assert [item.name for item in found("payouts").waiting] == ["po_1"]


def test_what_a_person_matched_counts_against_the_rules(monkeypatch):
    month = without(monkeypatch, build_books.remittances)
    line = Line.objects.get(remittance__startswith="LKS")
    with transaction.atomic():
        allocate(
            line,
            cents=line.cents,
            target=f"claim:{month.claim.pk}",
            against=Account.SUBSIDIES_DUE,
            at=DECEMBER,
            by_id=1,
        )

    assert (found("claims").by_rule, found("claims").by_hand, found("claims").share) == (0, 1, Decimal(0))
    assert reconciling.lines_by_rule() == (3, 4)


def test_a_line_that_nobody_knows_counts_against_the_rules(month):
    assert reconciling.share_by_rule() == 100
    statement([(12_34, "zonder kenmerk", "")], name="3")

    assert reconciling.lines_by_rule() == (4, 5)
    assert reconciling.share_by_rule() == 80
    with pytest.raises(SystemExit):
        call_command("reconcile")


def test_empty_books_have_no_share():
    assert reconciling.share_by_rule() is None
    assert [one.share for one in reconciling.matches(on=ON)] == [None, None, None]


@pytest.mark.parametrize(
    ("rule", "said", "ends"), [(95, "95", 0), (94, "94", 1), (0, "nothing was matched", 0)]
)
def test_the_command_says_how_much_rules_matched_and_ends_badly_below_the_goal(
    month, capsys, monkeypatch, rule, said, ends
):
    monkeypatch.setattr(reconciling, "lines_by_rule", lambda: (rule, 100 if rule else 0))
    code = 0
    try:
        call_command("reconcile")
    except SystemExit as end:
        code = int(end.code or 0)
    assert code == ends
    assert said in capsys.readouterr().out
