"""Social return per contract: T19, one hour for one duty, the table of the own town."""

import io
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from books import social_return
from books.social_return import Row, Statement
from identity.models import Customer
from kernel.money import vat_inside
from kernel.periods import Period
from scheduling import confirming
from subsidies import social_duty
from subsidies.models import SocialContract
from subsidies.social_duty import block_cents, duty_cents
from tests import build, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db
HALF_YEAR = Period(date(2026, 7, 1), date(2027, 1, 1))
NORM, DAY = 36 * 60, 24 * 60


def agree(number: str = "C-1", *, customer=None) -> SocialContract:
    return social_duty.agree(
        customer=customer or build.customer(kind=Customer.Kind.FIRM, kvk="12345678"), municipality=build.municipality(),
        number=number, sum_cents=1_000_000_00, days=HALF_YEAR, by=build.user(), at=NOON,
    )  # fmt: skip


def place(contract, worker, **facts):
    asked = {"category": "participatiewet", "week_minutes": DAY, "days": HALF_YEAR, "proof": "uren", **facts}
    return social_duty.place(contract.pk, worker_id=worker.pk, by=build.user(), at=NOON, **asked)


def test_t19_duty_person_bought_hours_and_what_is_left():
    duty = duty_cents(1_000_000_00, Decimal("0.05"))
    person = block_cents(40_000_00, DAY, NORM, HALF_YEAR)
    bought = 5_000_00 - vat_inside(5_000_00, Decimal("0.21"))
    row = Row("M-1", "participatiewet", HALF_YEAR, DAY, person, "", "")

    assert (duty, person, bought) == (50_000_00, 13_333_33, 4_132_23)
    assert Statement(SocialContract(), duty, [row], 500 * 60, bought).left_cents == 32_534_44


def test_t19_through_the_books():
    contract = agree()
    place(contract, build_work.worker())
    found = social_return.statement(contract)

    assert (found.duty_cents, found.done_cents) == (50_000_00, 13_333_33)
    assert found.left_cents == 36_666_67


@pytest.mark.parametrize(("days", "cents"), [
    (Period(date(2026, 1, 15), date(2026, 7, 15)), 20_000_00), (Period(date(2026, 1, 1), date(2026, 1, 11)), 1_095_89),
])  # fmt: skip
def test_whole_months_are_twelfths_and_other_days_of_365(days, cents):
    assert block_cents(40_000_00, NORM, NORM, days) == cents


def test_more_than_a_whole_week_counts_as_one_block():
    assert block_cents(40_000_00, 40 * 60, NORM, HALF_YEAR) == 20_000_00


def test_hours_bought_under_its_number_count_without_vat():
    firm = build.customer(kind=Customer.Kind.FIRM, kvk="12345678")
    contract, other = agree(customer=firm), agree("C-2", customer=firm)
    build.lot(firm)
    visit = build_work.worked_visit(customer=firm, purchase_order="C-1")
    confirming.confirm(visit.pk, by=build.owner_of(firm), at=visit.end_at)
    found = social_return.statement(contract)

    assert (found.bought_minutes, found.bought_cents) == (180, 30_00 - vat_inside(30_00, Decimal("0.09")))
    assert social_return.statement(other).bought_minutes == 0, "an hour counts for one contract"


class TestOneHourForOneDuty:
    def test_hours_that_count_elsewhere_are_refused(self):
        worker = build_work.worker()  # 36 hours
        place(agree(), worker)
        with pytest.raises(social_duty.CountedTwice):
            place(agree("C-2"), worker, week_minutes=13 * 60)
        assert place(agree("C-3"), worker, week_minutes=12 * 60)

    def test_two_contracts_together_are_never_more_than_the_person(self):
        worker = build_work.worker(week_minutes=40 * 60)
        rows = [place(agree(f"C-{number}"), worker, week_minutes=20 * 60) for number in (1, 2)]
        found = [social_return.statement(one.contract).rows[0] for one in rows]

        assert sum(row.week_minutes for row in found) == NORM
        assert sum(row.cents for row in found) == 20_000_00

    def test_days_outside_the_contract_and_groups_without_value_are_refused(self):
        contract = agree()
        for wrong in ({"days": Period(date(2026, 6, 1), date(2026, 12, 1))}, {"category": "friends"}):
            with pytest.raises(social_duty.NotADuty):
                place(contract, build_work.worker(), **wrong)


class TestTable:
    def imported(self, text: str):
        return social_duty.import_table(
            build.municipality(), text=text, from_on=date(2026, 1, 1), letter="SR-1", by=build.user(), at=NOON
        )

    def test_of_the_own_town_takes_the_place_of_the_lawbook(self):
        self.imported("participatiewet;30000\n\nbbl;10000\n")
        contract = agree()
        place(contract, build_work.worker())
        [row] = social_return.statement(contract).rows

        assert row.cents == 10_000_00
        assert "SR-1" in row.rule

    @pytest.mark.parametrize("text", ["", "participatiewet", "participatiewet;veel", ";10", "a;1\nb;1;2"])
    def test_that_is_none_is_refused(self, text):
        with pytest.raises(social_duty.NotATable):
            self.imported(text)


def test_a_small_contract_has_no_duty_and_a_number_is_there_once():
    agree()
    with pytest.raises(social_duty.NotADuty):
        agree()
    with pytest.raises(social_duty.NotADuty):
        social_duty.agree(
            customer=build.customer(), municipality=build.municipality(), number="small", sum_cents=99_999_99,
            days=HALF_YEAR, by=build.user(), at=NOON,
        )  # fmt: skip


def test_pdf_and_rows_say_the_same_and_name_nobody():
    build.organisation()
    contract = agree()
    place(contract, build_work.worker("Samira Geheim"))
    found = social_return.statement(contract)
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(social_return.as_pdf(found))).pages)
    rows = "\n".join(";".join(map(str, row)) for row in social_return.as_rows(found))

    assert "36.666,67" in words
    assert "36666.67" in rows
    assert "Samira" not in words + rows
    assert found.rows[0].who in rows
