"""Every promise can be seen to break: spoilt by raw SQL as the owner, past every rule of the database."""

import io
import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from books import prove
from books.proof_of_value import FIGURES
from events import audit
from tests import build_books
from tests.databases import copy, drop, use

TRANSFER = "INSERT INTO ledger_transfer (entry_id, debit, credit, cents, party) SELECT min(id), '{}', '{}', 1, '' FROM ledger_entry"
# promise -> what breaks it; a promise without a row fails the test below
SPOILERS: dict[str, list[str]] = {
    "entries": ["INSERT INTO ledger_entry (key, day, fingerprint) VALUES ('of nothing', '2026-11-30', '')"],
    "trial": [
        "ALTER TABLE ledger_transfer DROP CONSTRAINT transfer_accounts_exist",
        "UPDATE ledger_transfer SET debit = 'pocket' WHERE id = (SELECT min(id) FROM ledger_transfer)",
    ],
    "lots": ["UPDATE cheques_lot SET minutes = minutes + 60"],
    **{f"lots.{name}": [f"UPDATE cheques_lot SET {name}_minutes = {name}_minutes + 15"] for name in FIGURES},
    "lots.each": ["UPDATE cheques_lot SET minutes = minutes + 60 WHERE id = (SELECT min(id) FROM cheques_lot)"],
    "lots.received": ["UPDATE cheques_lot SET handed_minutes = handed_minutes + 15"],
    "lots.on_the_way": [TRANSFER.format("handed", "bank")],
    "orders": ["UPDATE cheques_order SET hours = hours + 1, total_cents = total_cents + price_cents"],
    "audit": ["UPDATE events_event SET payload = '{\"minutes\": 1}' WHERE id = (SELECT min(event_id) FROM events_seal)"],
    "liability": ["UPDATE ledger_transfer SET cents = cents + 1 WHERE credit = 'cheques'"],
    "redeemed": ["UPDATE cheques_redemption SET minutes = minutes + 15"],
    "outstanding": [
        """INSERT INTO cheques_outstanding (key, wallet_id, minutes, settled_minutes, vat_rate, used_on, at)
           SELECT 'visit:0', min(id), 60, 60, 0.09, '2026-11-09', now() FROM cheques_wallet"""
    ],
    "accepted": ["UPDATE scheduling_borne SET minutes = minutes + 1"],
    "confirmed": ["UPDATE scheduling_assignment SET confirmed_minutes = confirmed_minutes + 15"],
    "twice": [
        "ALTER TABLE scheduling_assignment DROP CONSTRAINT never_in_two_places",
        "ALTER TABLE scheduling_assignment DROP CONSTRAINT worker_once_per_visit",
        "UPDATE scheduling_assignment SET worker_id = (SELECT min(id) FROM workers_pool_worker)",
    ],
    "paid": ["UPDATE payroll_paidpiece SET minutes = minutes + 1"],
    "paid_each": ["UPDATE payroll_paidpiece SET minutes = minutes + 1"],
    "time_paid": [
        """INSERT INTO payroll_paidtime (ref, worker_id, kind, "on", minutes, entered_at, entered_by_id)
           SELECT 'spoilt', min(worker_id), 'training', '2026-11-12', 60, now(), min(made_by_id)
           FROM payroll_wageline JOIN payroll_payrun ON run_id = payroll_payrun.id""",
        """INSERT INTO payroll_paidpiece (line_id, time_id, minutes, cents)
           SELECT (SELECT min(id) FROM payroll_wageline), id, 30, 0 FROM payroll_paidtime""",
    ],
    "wage_minutes": ["UPDATE payroll_wageline SET minutes = minutes + 1"],
    "labelled": ["UPDATE payroll_wageline SET month = '2026-12-01'"],
    "holiday": [TRANSFER.format("holiday_cost", "holiday_reserve")],
    "holiday_paid": ["UPDATE payroll_payslip SET holiday_paid_cents = 1"],
    "leave": ["UPDATE payroll_payslip SET leave_minutes = leave_minutes + 1"],
    "leave_out": ["UPDATE payroll_payslip SET leave_out_minutes = leave_out_minutes + 1"],
    "wage_lines": ["UPDATE payroll_paidpiece SET cents = cents + 1"],
    "gross": ["UPDATE payroll_wageline SET cents = cents + 1"],
    "net": [
        "ALTER TABLE payroll_payslip DROP CONSTRAINT gross_is_net_and_withheld",
        "UPDATE payroll_payslip SET withheld_cents = withheld_cents + 1",
    ],
    "paid_once": [
        "DROP INDEX one_live_payment_per_payslip",
        """INSERT INTO payroll_payment (file_id, payslip_id, end_to_end_id, cents, state, reason)
           SELECT file_id, payslip_id, 'again', cents, 'waiting', '' FROM payroll_payment ORDER BY id LIMIT 1""",
    ],
    "claimed_once": [
        "DROP INDEX claimed_once",
        """INSERT INTO subsidies_claimline
           (claim_id, award_id, month, from_on, until_on, subsidy_cents, compensation_cents, rule, state, reason)
           SELECT claim_id, award_id, month, from_on, until_on, 0, 0, rule, state, '' FROM subsidies_claimline
           ORDER BY id LIMIT 1""",
    ],
    "under_award": ["UPDATE subsidies_award SET until_on = '2026-11-02'"],
    "claim_shares": ["UPDATE subsidies_pieceshare SET cents = cents + 1"],
    "stripe": ["UPDATE cheques_stripeline SET net_cents = net_cents + 1 WHERE kind = 'charge'"],
    "transit": ["UPDATE cheques_stripeline SET payment_intent_id = 'pi_of_nobody' WHERE kind = 'charge'"],
    "payouts": ["DELETE FROM cheques_payoutpart USING cheques_stripeline WHERE line_id = cheques_stripeline.id AND kind = 'charge'"],
    "statements": ["UPDATE bank_statement SET closing_cents = closing_cents + 1"],
    "bank": ["UPDATE bank_allocation SET cents = cents + 1"],
    "wages": ["UPDATE payroll_payslip SET gross_cents = gross_cents + 1, withheld_cents = withheld_cents + 1"],
    "net_due": ["UPDATE payroll_payment SET cents = cents + 1 WHERE state = 'booked'"],
    "wages_due": [TRANSFER.format("wages", "wages_due")],
    "customers": [TRANSFER.format("customers", "bank")],
    "advances": [
        "ALTER TABLE cheques_advance DROP CONSTRAINT advance_is_in_or_used",
        "INSERT INTO cheques_advance (key, wallet_id, cents, at) SELECT 'line:0', min(id), -1, now() FROM cheques_wallet",
    ],
    "town_advances": [
        """INSERT INTO subsidies_advance (ref, municipality_id, cents, from_on, until_on, letter)
           SELECT 'spoilt', min(id), 100, '2026-01-01', '2027-01-01', '' FROM identity_municipality""",
        """INSERT INTO subsidies_advanceuse (advance_id, claim_id, cents, used_at, used_by_id)
           SELECT (SELECT max(id) FROM subsidies_advance), id, 100, now(), made_by_id FROM subsidies_claim LIMIT 1""",
    ],
    "above_award": ["UPDATE subsidies_claimline SET subsidy_cents = subsidy_cents + 500000"],
    "subsidies_due": ["UPDATE subsidies_claimline SET subsidy_cents = subsidy_cents + 1"],
    "result_cheques": ["UPDATE cheques_redemption SET key = 'visit:0'"],
    "result_wages": ["UPDATE payroll_payrun SET month = '2026-11-02'"],
    "result_subsidies": ["UPDATE subsidies_claimline SET month = '2026-10-01'"],
}  # fmt: skip


@pytest.fixture(scope="module")
def month(template, django_db_setup, django_db_blocker) -> Iterator[None]:
    """A month of which everything is there, in a database of this module, seen as its owner."""
    before, name = settings.DATABASES["default"]["NAME"], f"test_prove_{os.getpid()}"
    copy(template, name)
    with django_db_blocker.unblock():
        use(name)
        build_books.month()
        audit.seal_new()
        app = connections["default"]
        connections["default"] = connections["owner"]
        yield
        connections["default"] = app
        use(before)
    drop(name)


def proved() -> tuple[int, list[str]]:
    """Return how `prove` ended, and what it named."""
    said = io.StringIO()
    code = 0
    try:
        call_command("prove", stdout=said)
    except SystemExit as ended:
        code = int(ended.code or 0)
    last = said.getvalue().strip().splitlines()[-1]
    return code, last.partition("broken: ")[2].split(", ") if "broken: " in last else []


def test_a_whole_month_is_proved(month):
    assert proved() == (0, [])


def test_every_promise_has_a_way_to_break_it(month):
    codes = [row.code for row in prove.invariants()]

    assert len(codes) == len(set(codes))
    assert set(codes) == set(SPOILERS), "say in SPOILERS what breaks it"


@pytest.mark.parametrize("code", SPOILERS)
def test_a_broken_promise_is_named(month, code):
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            for table in connections["default"].introspection.table_names(cursor):
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            for statement in SPOILERS[code]:
                cursor.execute(statement)
        status, named = proved()
        transaction.set_rollback(True)

    assert status == 1
    assert code in named
