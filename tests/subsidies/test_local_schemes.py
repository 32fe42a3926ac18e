"""Local money of two towns through the same face, and what it may not pay."""

from datetime import date

import pytest

from books.prove import invariants
from identity.models import Municipality, Neighbourhood
from ledger.balances import balance
from ledger.models import Account
from subsidies import local, schemes
from subsidies.models import Grant, LocalScheme
from subsidies.schemes import Facts, Path, building_block, by_law, project, track_fee
from tests import build, build_pay, build_work
from tests.subsidies.claimed import APRIL, AT, paid
from tests.subsidies.test_claims import receive

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


def scheme(town: Municipality, kind: str, **terms: int) -> LocalScheme:
    schemes.check(kind, terms)
    return LocalScheme.objects.create(
        municipality=town, kind=kind, name=schemes.find(kind).NAME, terms=terms, from_on=date(2026, 1, 1),
        until_on=date(2027, 1, 1), letter="B-1",
    )  # fmt: skip


@pytest.fixture
def towns() -> tuple[Municipality, Municipality]:
    build.organisation(iban=build_pay.ORGANISATION)
    other = Municipality.objects.create(name="Oosterhout")
    Neighbourhood.objects.create(name="Centrum", municipality=other)
    return build.municipality(), other


@pytest.fixture
def officer():
    return build.member("payroll")


def test_every_module_has_the_same_face():
    for name, module in schemes.all_of().items():
        assert module.NAME, name
        assert module.TERMS, name
        assert isinstance(module.PAYS, bool), name
    assert set(schemes.all_of()) == {"by_law", "project", "track_fee", "building_block"}


class TestTwoTowns:
    def test_each_pays_for_its_own_people_by_its_own_scheme(self, towns, officer):
        breda, oosterhout = towns
        here = paid(officer, APRIL, 7)
        there = build_work.worker("Ali", where=Neighbourhood.objects.get(name="Centrum"))
        law = scheme(breda, "by_law", cents_per_hour=250, most_cents=100_00)
        fee = scheme(oosterhout, "track_fee", start_cents=500_00, half_year_cents=250_00, work_cents=1_000_00)
        local.start_track(
            fee.pk, worker_id=there.pk, purpose="coaching", from_on=date(2026, 4, 9), by=officer, at=AT
        )

        [hourly] = local.ask(law.pk, month=APRIL, by=officer, at=AT)
        [start] = local.ask(fee.pk, month=APRIL, by=officer, at=AT)

        assert (hourly.municipality, hourly.worker, hourly.cents) == (breda, here, 7_50)
        assert (start.municipality, start.worker, start.cents) == (oosterhout, there, 500_00)
        assert balance(Account.PUBLIC_INCOME) == -507_50

    def test_the_same_scheme_pays_other_figures_in_another_town(self, towns, officer):
        breda, oosterhout = towns
        paid(officer, APRIL, 7)
        rows = [
            scheme(town, "project", total_cents=total, advance_percent=80, cost_percent=50)
            for town, total in ((breda, 11_000_00), (oosterhout, 22_000_00))
        ]

        assert [local.ask(row.pk, month=APRIL, by=officer, at=AT)[0].cents for row in rows] == [
            800_00,
            1_600_00,
        ]


class TestAsking:
    def test_nothing_is_asked_twice_and_what_was_refused_alone_again(self, towns, officer):
        paid(officer, APRIL, 7)
        row = scheme(towns[0], "by_law", cents_per_hour=250, most_cents=100_00)
        [first] = local.ask(row.pk, month=APRIL, by=officer, at=AT)
        with pytest.raises(local.NothingDue):
            local.ask(row.pk, month=APRIL, by=officer, at=AT)

        local.refuse(first.pk, reason="uren niet getekend", by=officer, at=AT)
        assert balance(Account.SUBSIDIES_DUE) == 0
        [again] = local.ask(row.pk, month=APRIL, by=officer, at=AT)

        assert again.cents == first.cents
        with pytest.raises(local.AlreadyAnswered):
            local.refuse(first.pk, reason="", by=officer, at=AT)

    def test_the_bank_pays_it_in_parts(self, towns, officer):
        paid(officer, APRIL, 7)
        row = scheme(towns[0], "by_law", cents_per_hour=250, most_cents=100_00)
        [grant] = local.ask(row.pk, month=APRIL, by=officer, at=AT)

        receive(5_00, grant.ref)
        assert Grant.objects.get().state == "asked"
        receive(2_50, grant.ref, name="S2", opening=5_00)

        assert Grant.objects.get().state == "received"
        assert balance(Account.SUBSIDIES_DUE) == 0
        assert {row.code: row.holds for row in invariants()}["subsidies_due"]

    def test_a_value_is_no_money(self, towns, officer):
        row = LocalScheme.objects.create(
            municipality=towns[0], kind="building_block", name="b", from_on=APRIL, letter="x",
            terms={"year_cents": {"participatiewet": 40_000_00}, "norm_minutes": 2160},
        )  # fmt: skip
        with pytest.raises(local.PaysNoMoney):
            local.ask(row.pk, month=APRIL, by=officer, at=AT)


class TestNoSecondWageSubsidy:
    """Participatiewet art. 10d(9): no other municipal wage subsidy for a job with one."""

    def test_t10_a_reintegration_fee_does_not_pay_the_wage_of_such_a_job(self, towns, officer):
        worker = build_work.worker()
        build_pay.award(worker)
        fee = scheme(towns[0], "track_fee", start_cents=500_00, half_year_cents=0, work_cents=0)
        facts = {"worker_id": worker.pk, "from_on": APRIL, "by": officer, "at": AT}
        with pytest.raises(local.WageIsSubsidised):
            local.start_track(fee.pk, purpose="wage", **facts)

        local.start_track(fee.pk, purpose="coaching", **facts)

        assert [grant.cents for grant in local.ask(fee.pk, month=APRIL, by=officer, at=AT)] == [500_00]

    def test_t10_nor_does_the_fee_of_a_track_that_began_before_the_subsidy(self):
        path = Path(1, 7, "wage", "", APRIL, None, "", 1440)
        row = LocalScheme(terms={"start_cents": 500_00, "half_year_cents": 0, "work_cents": 0}, from_on=APRIL)

        assert track_fee.due(row, APRIL, Facts(paths=[path], with_wage_subsidy=frozenset({7}))) == []
        assert len(track_fee.due(row, APRIL, Facts(paths=[path]))) == 1

    def test_the_by_law_leaves_them_out(self):
        row = LocalScheme(terms={"cents_per_hour": 100, "most_cents": 50_00}, from_on=APRIL)
        due = by_law.due(row, APRIL, Facts({7: 600, 8: 600}, frozenset({7})))

        assert [(one.worker_id, one.cents) for one in due] == [(8, 10_00)]


class TestFigures:
    def test_a_by_law_stops_at_its_limit(self):
        row = LocalScheme(terms={"cents_per_hour": 100, "most_cents": 50_00}, from_on=APRIL)
        assert by_law.due(row, APRIL, Facts({8: 6240}))[0].cents == 50_00

    def test_a_track_pays_at_the_start_after_half_a_year_and_for_work(self):
        row = LocalScheme(
            terms={"start_cents": 1_00, "half_year_cents": 2_00, "work_cents": 4_00}, from_on=date(2026, 1, 1)
        )
        path = Path(1, 7, "coaching", "", date(2026, 1, 31), date(2026, 9, 4), "work", 1440)
        paid_in = {
            month: [one.cents for one in track_fee.due(row, date(2026, month, 1), Facts(paths=[path]))]
            for month in (1, 2, 7, 9)
        }
        assert paid_in == {1: [1_00], 2: [], 7: [2_00], 9: [4_00]}

    def test_a_track_that_stopped_early_gets_no_half_year(self):
        row = LocalScheme(
            terms={"start_cents": 0, "half_year_cents": 2_00, "work_cents": 4_00}, from_on=date(2026, 1, 1)
        )
        path = Path(1, 7, "coaching", "", date(2026, 1, 31), date(2026, 7, 4), "stopped", 1440)
        assert [track_fee.due(row, date(2026, 7, 1), Facts(paths=[path]))] == [[]]

    def test_a_project_settles_what_it_cost_less_what_it_gave(self):
        row = LocalScheme(
            terms={"total_cents": 12_000_00, "advance_percent": 80, "cost_percent": 50}, from_on=date(2026, 1, 1),
            until_on=date(2027, 1, 1),
        )  # fmt: skip
        last = date(2026, 12, 1)
        assert project.due(row, last, Facts(spent_cents=30_000_00, given_cents=9_600_00))[0].cents == 2_400_00
        assert project.due(row, last, Facts(spent_cents=20_000_00, given_cents=9_600_00))[0].cents == 400_00
        assert project.due(row, last, Facts(spent_cents=10_000_00, given_cents=9_600_00)) == []

    def test_blocks_count_a_value_by_hours_and_days(self):
        row = LocalScheme(
            terms={"year_cents": {"participatiewet": 40_000_00}, "norm_minutes": 36 * 60},
            from_on=date(2026, 1, 1),
        )
        path = Path(1, 7, "wage", "participatiewet", date(2026, 4, 16), None, "", 24 * 60)

        assert building_block.due(row, APRIL, Facts(paths=[path]))[0].cents == 1_111_11
        assert building_block.due(row, MAY, Facts(paths=[path]))[0].cents == 2_222_22


class TestTerms:
    @pytest.mark.parametrize(
        "terms",
        [
            {},
            {"cents_per_hour": 1},
            {"cents_per_hour": 1, "most_cents": -1},
            {"cents_per_hour": "1", "most_cents": 1},
            {"cents_per_hour": True, "most_cents": 1},
        ],
    )
    def test_are_whole_numbers_that_the_module_asks(self, terms):
        with pytest.raises(schemes.NotItsTerms):
            schemes.check("by_law", terms)

    def test_of_an_unknown_scheme_are_refused(self):
        with pytest.raises(schemes.UnknownScheme):
            schemes.check("guess", {})
