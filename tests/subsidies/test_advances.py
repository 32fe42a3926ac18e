"""Advances, clawbacks and ceilings."""

from datetime import date
from decimal import Decimal

import pytest

from bank import importing
from books import result
from books.prove import invariants
from ledger.balances import balance
from ledger.models import Account
from subsidies import advances, budgets, clawbacks, contracting, remittances
from subsidies.models import Advance, Ceiling, Claim, Clawback
from tests import build, build_pay, build_work
from tests.bank.statement import details, entry, file, statement
from tests.subsidies.claimed import APRIL, AT, paid, sent
from tests.subsidies.test_claims import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    build.organisation(iban=build_pay.ORGANISATION)
    return build.member("payroll")


@pytest.fixture
def asked(officer) -> Claim:
    build_pay.award(paid(officer, APRIL))
    return sent(officer, APRIL)


@pytest.fixture
def advance(officer) -> Advance:
    return advances.announce(
        municipality=build.municipality(), cents=2_000_00, from_on=date(2026, 1, 1), until_on=date(2026, 7, 1), letter="V-1",
        by=officer, at=AT,
    )  # fmt: skip


def pay_back(cents: int, words: str, *, name: str, opening: int) -> int:
    body = file(statement(
        entry(-cents, details=details(cents, words=words)), opening=opening, closing=opening - cents, name=name,
        iban=build_pay.ORGANISATION,
    ))  # fmt: skip
    importing.import_file(body, own_iban=build_pay.ORGANISATION, by_id=None, at=AT)
    return remittances.match_open_lines(at=AT)


def proved() -> None:
    about = {"subsidies_due", "bank", "town_advances", "above_award", "result_subsidies"}
    rows = {row.code: row for row in invariants()}
    assert [rows[code] for code in sorted(about) if not rows[code].holds] == []


class TestAdvance:
    def test_pays_a_claim_and_the_rest_goes_back(self, advance, asked, officer):
        receive(2_000_00, f"voorschot {advance.ref}")
        advances.settle(advance.pk, claim_id=asked.pk, cents=1_224_11, by=officer, at=AT)

        assert Claim.objects.get().state == "settled"
        assert asked.lines.get().state == "received"
        assert advances.left_cents(advance) == 775_89
        assert balance(Account.SUBSIDIES_DUE) == -775_89
        proved()

        assert pay_back(775_89, advance.ref, name="S2", opening=2_000_00) == 1
        assert (advances.left_cents(advance), balance(Account.SUBSIDIES_DUE)) == (0, 0)
        proved()

    def test_pays_a_part_and_the_bank_the_rest(self, advance, asked, officer):
        receive(1_000_00, advance.ref)
        advances.settle(advance.pk, claim_id=asked.pk, cents=1_000_00, by=officer, at=AT)
        receive(224_11, asked.ref, name="S2", opening=1_000_00)

        assert Claim.objects.get().state == "settled"
        proved()

    @pytest.mark.parametrize("cents", [0, -1, 1_000_01, 1_224_12])
    def test_never_more_than_came_in_or_than_is_open(self, advance, asked, officer, cents):
        receive(1_000_00, advance.ref)
        with pytest.raises(advances.NotEnoughLeft):
            advances.settle(advance.pk, claim_id=asked.pk, cents=cents, by=officer, at=AT)

    def test_of_no_money_or_no_days_is_refused(self, officer):
        for cents, until in ((0, date(2026, 7, 1)), (1, date(2026, 1, 1))):
            with pytest.raises(advances.NotAnAdvance):
                advances.announce(
                    municipality=build.municipality(), cents=cents, from_on=date(2026, 1, 1), until_on=until, letter="",
                    by=officer, at=AT,
                )  # fmt: skip


class TestClawback:
    def back(self, asked, officer, **facts) -> Clawback:
        made = {"cents": 200_00, "reason": "uren", "letter": "T-1", "decided_on": date(2026, 6, 3), **facts}
        return clawbacks.take_back(asked.lines.get().pk, by=officer, at=AT, **made)

    def test_is_owed_to_the_town_until_the_bank_paid_it(self, asked, officer):
        receive(1_224_11, asked.ref)
        back = self.back(asked, officer)
        assert (balance(Account.SUBSIDIES_DUE), balance(Account.SUBSIDY_INCOME)) == (-200_00, -1_024_11)
        assert result.total(result.of_month(APRIL)).subsidy_cents == 1_024_11
        proved()

        pay_back(200_00, back.ref, name="S2", opening=1_224_11)

        assert (clawbacks.repaid_cents(back), balance(Account.SUBSIDIES_DUE)) == (200_00, 0)
        proved()

    def test_takes_only_what_was_paid_and_each_letter_once(self, asked, officer):
        with pytest.raises(clawbacks.NotToTakeBack):
            self.back(asked, officer)
        receive(1_224_11, asked.ref)
        self.back(asked, officer)
        for wrong in ({}, {"letter": "T-2", "cents": 1_024_12}, {"letter": "T-2", "cents": 0}):
            with pytest.raises(clawbacks.NotToTakeBack):
                self.back(asked, officer, **wrong)


class TestCeiling:
    def ceiling(self, cents: int) -> Ceiling:
        return Ceiling.objects.create(
            municipality=build.municipality(), source="lks", year=2026, cents=cents, letter="P"
        )

    def test_shows_what_was_asked_and_what_is_expected_to_the_end_of_the_year(self, asked):
        budget = budgets.of(self.ceiling(10_000_00), on=date(2026, 5, 2))

        assert (budget.asked_cents, budget.forecast_cents) == (1_224_11, 9 * 1_224_11)
        assert budget.left_cents == 10_000_00 - 9 * 1_224_11
        assert budget.runs_out == date(2026, 12, 1)  # nine months from April; eight fit

    def agree(self, worker, officer, **facts):
        asked = {
            "week_minutes": 24 * 60, "wanted_minutes": 24 * 60, "from_on": date(2026, 6, 1), "wage_value": Decimal(40), **facts,
        }  # fmt: skip
        return contracting.agree(worker.pk, by=officer, at=AT, **asked)

    def test_stops_a_new_contract_and_says_when_the_money_ends(self, asked, officer):
        self.ceiling(12_000_00)
        new = build_work.worker("Nieuw")
        build_pay.worker_file(new)

        with pytest.raises(budgets.MoneyRunsOut) as refused:
            self.agree(new, officer)

        assert "Breda" in str(refused.value)
        assert "september 2026" in str(refused.value)
        assert "7.585,76 euro te weinig" in str(refused.value)
        assert new.contracts.count() == 1

    def test_lets_it_begin_while_the_money_lasts(self, asked, officer):
        self.ceiling(20_000_00)
        new = build_work.worker("Nieuw")
        build_pay.worker_file(new)
        assert self.agree(new, officer).week_minutes == 24 * 60

    def test_of_a_town_without_one_is_never_in_the_way(self, asked, officer):
        new = build_work.worker("Nieuw")
        build_pay.worker_file(new)
        assert self.agree(new, officer)

    def test_hours_that_already_count_ask_for_no_more_room(self, asked, officer):
        self.ceiling(1)
        worker = asked.lines.get().award.worker
        assert self.agree(worker, officer)

    def test_a_contract_that_waits_for_its_decision_keeps_its_room(self, asked, officer):
        self.ceiling(20_000_00)
        rows = [build_work.worker(f"Nieuw {number}") for number in range(2)]
        for row in rows:
            build_pay.worker_file(row)
        self.agree(rows[0], officer)
        with pytest.raises(budgets.MoneyRunsOut):
            self.agree(rows[1], officer)

        build_pay.award(
            rows[0], from_on=date(2026, 6, 1), week_minutes=60
        )  # the town gave less: there is room again
        assert self.agree(rows[1], officer)
