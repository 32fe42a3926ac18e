"""Decisions that follow each other, hours that vary, what ends soon, and the four figures side by side."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kernel.dated import NothingInForce
from subsidies import alerts, awards, standing, variable_hours, wage_benefits
from subsidies.models import Award, TownRule, WageBenefit
from tests import build, build_pay, build_work
from tests.subsidies.claimed import APRIL, AT, claim, paid, sent
from tests.subsidies.test_claims import cents, receive

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


@pytest.fixture
def officer():
    build.organisation(iban=build_pay.ORGANISATION)
    return build.member("payroll")


def follow(award: Award, officer, **facts) -> Award:
    asked = {"wage_value": Decimal(60), "week_minutes": 24 * 60, "letter": "LKS-2", **facts}
    return awards.succeed(award.pk, by=officer, at=AT, **asked)


class TestSucceed:
    def test_t25_measured_in_month_seven(self, officer):
        worker = paid(officer, JULY)
        forfait = build_pay.award(worker, wage_value=None, from_on=date(2026, 1, 12))

        follow(forfait, officer, from_on=date(2026, 7, 12))

        assert cents(claim(officer, JULY)) == [361_97, 536_27]

    def test_t24_another_wage_value_in_the_middle_of_a_month(self, officer):
        worker = paid(officer, APRIL)
        running = build_pay.award(worker, from_on=date(2026, 3, 16))

        follow(running, officer, wage_value=Decimal(55), from_on=date(2026, 4, 20))

        assert cents(claim(officer, APRIL)) == [775_27, 336_63]

    def test_a_change_of_hours_keeps_the_base_and_a_measurement_does_not(self, officer):
        running = build_pay.award(build_work.worker())

        hours = follow(
            running, officer, wage_value=Decimal(40), week_minutes=20 * 60, from_on=date(2026, 8, 1)
        )
        measured = follow(hours, officer, from_on=date(2026, 9, 1))

        assert (hours.base_on, measured.base_on) == (date(2026, 1, 1), date(2026, 9, 1))

    def test_days_that_were_claimed_are_not_taken_from_under_the_claim(self, officer):
        worker = paid(officer, APRIL)
        running = build_pay.award(worker)
        claim(officer, APRIL)
        with pytest.raises(awards.NotADecision, match="al subsidie gevraagd"):
            follow(running, officer, from_on=date(2026, 4, 20))
        with pytest.raises(awards.NotADecision):
            awards.end(running.pk, until_on=date(2026, 4, 30), by=officer, at=AT)

        assert awards.end(running.pk, until_on=date(2026, 5, 1), by=officer, at=AT).until_on == date(
            2026, 5, 1
        )

    def test_nothing_follows_a_decision_that_is_over(self, officer):
        forfait = build_pay.award(build_work.worker(), wage_value=None, from_on=date(2026, 1, 12))
        with pytest.raises(awards.NotADecision):
            follow(forfait, officer, from_on=date(2026, 7, 13))


class TestVariableHours:
    @pytest.fixture
    def worker(self, officer):
        worker = paid(officer, APRIL, *range(1, 27), minutes=120)  # 52 hours: 12 a week
        build_pay.award(worker)
        return worker

    def test_a_town_that_said_nothing_counts_the_award(self, worker, officer):
        assert cents(claim(officer, APRIL)) == [1_224_11]

    def test_paid_hours_count_from_the_day_of_the_setting(self, worker, officer):
        TownRule.objects.create(municipality=build.municipality(), hours="paid", from_on=APRIL, letter="V")
        assert cents(claim(officer, APRIL)) == [612_05]

    def test_a_later_setting_does_not_touch_an_earlier_month(self, worker, officer):
        TownRule.objects.create(
            municipality=build.municipality(), hours="paid", from_on=date(2026, 5, 1), letter="V"
        )
        assert cents(claim(officer, APRIL)) == [1_224_11]

    def test_paid_hours_above_the_award_bring_nothing(self, worker, officer):
        TownRule.objects.create(municipality=build.municipality(), hours="paid", from_on=APRIL, letter="V")
        Award.objects.update(week_minutes=6 * 60)
        assert cents(claim(officer, APRIL)) == [306_03]

    def test_counts_the_whole_week_of_the_month(self):
        terms = awards.terms_of(build_pay.award(build_work.worker()), date(1985, 5, 5))
        assert variable_hours.counted(terms, 104 * 60, "paid").week_minutes == 24 * 60
        assert variable_hours.counted(terms, 0, "paid").week_minutes == 0


class TestAlerts:
    ON = date(2026, 6, 1)

    def kinds(self, on=ON) -> list[str]:
        return [alert.kind for alert in alerts.due(on)]

    def test_six_weeks_before_the_forfait_must_be_measured(self):
        build_pay.award(
            build_work.worker(), wage_value=None, from_on=date(2026, 1, 13)
        )  # ends 13 July: 42 days

        assert self.kinds() == ["measure"]
        assert self.kinds(self.ON - timedelta(days=1)) == []

    def test_not_when_a_decision_follows(self, officer):
        follow(
            build_pay.award(build_work.worker(), wage_value=None, from_on=date(2026, 1, 1)),
            officer,
            from_on=JULY,
        )
        assert self.kinds() == []

    def test_before_the_end_of_a_decision_and_until_something_follows(self):
        build_pay.award(build_work.worker(), until_on=JULY)
        assert self.kinds() == self.kinds(date(2026, 9, 1)) == ["award"]

    def test_before_the_state_pension(self):
        build_pay.worker_file(build_work.worker(), birth_on=date(1959, 7, 13))  # 67 on 13 July
        assert self.kinds() == ["pension"]
        assert self.kinds(date(2026, 7, 14)) == []

    @pytest.mark.parametrize(("birth", "day"), [
        (date(1960, 12, 31), date(2027, 12, 31)), (date(1961, 1, 1), date(2028, 4, 1)), (date(1959, 2, 28), date(2026, 2, 28)),
    ])  # fmt: skip
    def test_the_pension_age_is_that_of_the_day_it_is_reached(self, birth, day):
        assert alerts.pension_day(birth) == day

    def test_before_a_wage_benefit_of_three_years_ends(self, officer):
        worker = build_work.worker()
        wage_benefits.note(
            worker.pk, group="disabled", from_on=date(2023, 7, 10), statement="D-1", by=officer, at=AT
        )
        assert self.kinds() == ["benefit"]


class TestWageBenefits:
    def test_t11_one_category_a_year_the_highest(self, officer):
        worker = paid(officer, APRIL, *range(1, 27), minutes=480)
        for group in ("jobs_agreement", "disabled"):
            wage_benefits.note(
                worker.pk, group=group, from_on=date(2026, 1, 1), statement="D", by=officer, at=AT
            )

        [row] = wage_benefits.of_year(2026)

        assert (row.minutes, row.cents) == (208 * 60, 634_40)  # 208 x 3.05, not with 1.01 on top

    def test_a_disabled_worker_needs_a_statement(self, officer):
        with pytest.raises(wage_benefits.NotABenefit):
            wage_benefits.note(
                build_work.worker().pk, group="disabled", from_on=APRIL, statement=" ", by=officer, at=AT
            )
        assert not WageBenefit.objects.exists()

    def test_a_year_without_amounts_is_an_error(self, officer):
        wage_benefits.note(
            build_work.worker().pk,
            group="jobs_agreement",
            from_on=date(2025, 1, 1),
            statement="",
            by=officer,
            at=AT,
        )
        with pytest.raises(NothingInForce):
            wage_benefits.of_year(2025)


class TestStanding:
    def test_four_figures_side_by_side(self, officer):
        worker = paid(officer, APRIL)
        award = build_pay.award(worker, from_on=date(2026, 3, 16), until_on=date(2026, 7, 1))

        [before] = standing.of_year([award], 2026, on=APRIL)
        made = sent(officer, APRIL)
        receive(1_224_11, made.ref)
        [after] = standing.of_year([Award.objects.get()], 2026, on=date(2026, 5, 2))

        whole = 631_80 + 3 * 1_224_11
        assert (before.awarded_cents, before.forecast_cents, before.claimed_cents) == (whole, 3 * 1_224_11, 0)
        assert (after.claimed_cents, after.received_cents, after.forecast_cents) == (
            1_224_11,
            1_224_11,
            3 * 1_224_11,
        )
        assert after.awarded_cents == whole
