"""The hour: one chain, whose shares add up, of which each sees their own part, and every step can be opened."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from books import hour, hour_shares, names, prove, pseudonyms, result
from books.hour_steps import Step
from cheques.models import VatPeriod
from events.models import Event
from identity import clock
from payroll import pay_run
from payroll.models import Payslip
from scheduling import confirming
from scheduling.models import Assignment
from tests import build, build_books, build_pay, build_work
from tests.build_books import DECEMBER

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def whole():
    return build_books.month()


@pytest.fixture
def rows(whole):
    return list(whole.visit.assignments.order_by("pk"))


def seen_by(row: Assignment, user) -> list[int]:
    return [step.number for step in hour.chain(row, viewer=user, at=DECEMBER).steps]


def page_of(user, address: str, *, at=DECEMBER) -> str:
    clock.shift_to(at)
    client = Client()
    client.force_login(user, backend=BACKEND)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


class TestShares:
    def test_of_all_hours_add_up_to_what_was_booked(self, whole, rows):
        assert sum(hour_shares.share_of_redemption(row) for row in rows) == 60_00
        assert sum(hour_shares.wage_cents(row) for row in rows) == sum(
            slip.gross_cents + slip.holiday_cents + slip.premium_cents for slip in Payslip.objects.all()
        )
        assert sum(hour_shares.subsidy_cents(row) for row in rows) == 2 * 1_224_11
        assert sum(hour_shares.vat_cents(row) for row in rows) == VatPeriod.objects.get().vat_cents == 4_95

    def test_say_what_the_hour_cost_and_who_paid_it(self, rows):
        shown = hour.chain(rows[0], viewer=build.member("payroll"), at=DECEMBER)

        assert shown.adds_up
        assert shown.cost_cents > 0
        assert shown.cheques_cents + shown.subsidy_cents + shown.rest_cents == shown.cost_cents
        assert shown.steps[-1].cents == shown.rest_cents

    def test_what_lifts_a_call_to_its_minimum_belongs_to_no_hour(self, whole, rows):
        slip = Payslip.objects.get(worker=rows[0].worker)
        slip.gross_cents += 500  # the call was paid its minimum

        costs, rest = hour_shares.cost_of_pieces(slip)

        assert rest >= 500
        assert sum(costs.values()) + rest == slip.gross_cents + slip.holiday_cents + slip.premium_cents

    def test_are_those_of_the_result_per_hour(self, whole, rows):
        told = [
            row.result for row in result.of_month(build_books.NOVEMBER) if row.visit_ref == whole.visit.ref
        ]

        assert [
            (hour_shares.wage_cents(row), hour_shares.cheques_net_cents(row), hour_shares.subsidy_cents(row))
            for row in rows
        ] == [(row.wage_cost_cents, row.cheques_net_cents, row.subsidy_cents) for row in told]

    def test_a_difference_names_both_sides(self, whole, rows):
        Assignment.objects.filter(pk=rows[0].pk).update(confirmed_minutes=120)

        shown = hour.chain(rows[0], viewer=build.member("payroll"), at=DECEMBER)

        assert not shown.adds_up
        assert "300" in shown.differences[0]
        assert "360" in shown.differences[0]


class TestWithoutSubsidy:
    """Who pays an hour of a worker for whom no wage subsidy is asked."""

    @pytest.fixture
    def row(self):
        visit = build_work.worked_visit(minutes=187)
        confirming.confirm(visit.pk, by=build.owner_of(visit.booking.customer), at=visit.end_at)
        build_work.close_week(visit)
        row = build_work.only(visit)
        build_pay.worker_file(row.worker)
        return row

    def steps_of(self, row) -> dict[int, Step]:
        return {
            step.number: step for step in hour.chain(row, viewer=build.member("treasurer"), at=DECEMBER).steps
        }

    def test_is_not_known_before_the_wages(self, row):
        steps = self.steps_of(row)

        assert (steps[7].text, steps[7].cents) == ("Nog niet: na de lonen van de maand.", None)
        assert (steps[8].text, steps[8].cents) == ("Pas bekend als het loon is vastgesteld.", None)

    def test_is_cheques_and_our_own_money_to_the_cent(self, row):
        run = pay_run.make(build_books.NOVEMBER, by=build.member("payroll"), at=DECEMBER)
        build_pay.fixed(run, at=DECEMBER)

        steps = self.steps_of(row)

        assert steps[7].text == (
            "Geen loonkostensubsidie gevraagd voor dit uur: cheques en eigen middelen betalen het."
        )
        assert (steps[7].cents, steps[7].done) == (None, False)
        assert steps[8].text == "Uit re-integratiegeld en eigen middelen."
        slip = Payslip.objects.get(worker=row.worker)
        cheques = hour_shares.share_of_redemption(row) - hour_shares.vat_cents(row)
        assert cheques > 0
        assert steps[8].cents == slip.gross_cents + slip.holiday_cents + slip.premium_cents - cheques > 0

    def test_is_said_on_the_page_of_the_hour_to_who_sees_the_money_only(self, row):
        run = pay_run.make(build_books.NOVEMBER, by=build.member("payroll"), at=DECEMBER)
        build_pay.fixed(run, at=DECEMBER)
        address = f"/uur/{row.ref}/"
        words = ("cheques en eigen middelen betalen het", "Uit re-integratiegeld en eigen middelen")

        shown = page_of(build.member("auditor"), address)
        assert all(one in shown for one in words)
        for reader in (row.worker.user, build.owner_of(row.visit.booking.customer)):
            shown = page_of(reader, address)
            assert not any(one in shown for one in words)

    def test_with_a_subsidy_the_words_are_others(self, rows):
        steps = self.steps_of(rows[0])

        assert steps[7].text.startswith("deel van dit uur in aanvraag")
        assert steps[8].text == "Cheques en subsidie waren samen meer dan de kosten."
        assert steps[8].cents < 0


class TestSight:
    def test_each_sees_their_own_part(self, whole, rows):
        row, where = rows[0], whole.visit.neighbourhood
        assert seen_by(row, build.owner_of(whole.visit.booking.customer)) == [1, 2, 3, 4, 5]
        assert seen_by(row, row.worker.user) == [3, 4, 6]
        assert seen_by(row, build.member("coordinator", where=where)) == [2, 3, 4, 5]
        assert seen_by(row, build.member("coordinator", where=build.neighbourhood("Elsewhere"))) == []
        assert seen_by(row, build.member("payroll")) == [1, 2, 3, 4, 5, 6, 7, 8]
        assert seen_by(row, build.member("municipality")) == []
        assert seen_by(row, build.user()) == []

    def test_a_coordinator_sees_that_it_was_paid_and_not_how_much(self, whole, rows):
        viewer = build.member("coordinator", where=whole.visit.neighbourhood)
        shown = hour.chain(rows[0], viewer=viewer, at=DECEMBER)
        assert [step.cents for step in shown.steps] == [None] * 4
        assert shown.steps[-1].done
        assert not any(step.bank for step in shown.steps)

    def test_a_worker_sees_the_own_wage_and_nothing_of_the_employer(self, rows):
        shown = hour.chain(rows[0], viewer=rows[0].worker.user, at=DECEMBER)
        assert shown.cost_cents is None
        assert 0 < shown.steps[-1].cents < hour_shares.wage_cents(rows[0])


ROLES = ("buyer", "worker", "coordinator", "qa", "payroll", "treasurer", "auditor")


def viewer_of(role: str, row: Assignment):
    if role == "buyer":
        return build.owner_of(row.visit.booking.customer)
    if role == "worker":
        return row.worker.user
    return build.member(role, where=row.visit.neighbourhood if role in {"coordinator", "qa"} else None)


class TestLinks:
    @pytest.mark.parametrize("role", ROLES)
    def test_open_for_who_sees_them_and_stand_on_the_page(self, rows, role):
        viewer = viewer_of(role, rows[0])
        said = page_of(viewer, f"/uur/{rows[0].ref}/")

        chain = said[said.index("wijk-chain") :]
        found = set(re.findall(r'href="(/(?:kantoor|mijn|werk)/[^"]+)"', chain[: chain.index("</ol>")]))

        assert found, "a chain without a link"
        for address in sorted(found):
            there = page_of(viewer, address.partition("#")[0])
            if anchor := address.partition("#")[2]:
                assert f'id="{anchor}"' in there, address

    def test_every_page_of_the_books_leads_on_to_pages_that_open(self, whole, rows):
        viewer = build.member("payroll")
        seen: set[str] = set()
        ahead = [f"/uur/{rows[0].ref}/"]
        while ahead:
            address = ahead.pop()
            seen.add(address)
            said = page_of(viewer, address)
            found = re.findall(r'href="(/(?:kantoor/boeken/[a-z]+/|uur/)[^"#]+)', said)
            ahead += [one for one in dict.fromkeys(found) if one not in seen and one not in ahead]

        kinds = {address.split("/")[3] for address in seen if address.startswith("/kantoor")}
        assert kinds == {"bestelling", "lot", "uitbetaling", "bankregel", "bezoek", "loonstrook", "aanvraag"}

    def test_steps_show_their_bank_lines(self, rows):
        steps = hour.chain(rows[0], viewer=build.member("treasurer"), at=DECEMBER).steps
        assert [len(step.bank) for step in steps] == [1, 0, 0, 0, 0, 1, 1, 0]
        assert steps[0].bank[0].cents == 200_00 - build_books.FEE
        assert steps[5].bank[0].cents < 0

    def test_what_is_not_there_yet_says_when(self):
        visit = build_work.published_visit()
        shown = hour.chain(visit.assignments.get(), viewer=build.member("payroll"), at=DECEMBER)
        assert [step.done for step in shown.steps] == [True, True, True, False, False, False, False, False]
        assert shown.steps[5].text == "Nog niet: na het einde van de maand."
        assert shown.adds_up


class TestPseudonyms:
    def test_an_auditor_reads_no_name_on_any_page(self, whole, rows):
        auditor = build.member("auditor")
        customer, worker = whole.visit.booking.customer, rows[0].worker.user
        first = hour.chain(rows[0], viewer=auditor, at=DECEMBER)
        assert names.pseudonym(worker) in first.steps[2].text
        slip = Payslip.objects.get(worker=rows[0].worker)
        for address in (
            f"uur/{rows[0].ref}", f"kantoor/boeken/bezoek/{whole.visit.ref}", f"kantoor/boeken/loonstrook/{slip.ref}",
            f"kantoor/boeken/bestelling/{whole.order.ref}", f"kantoor/boeken/lot/{whole.order.lot.ref}",
            f"kantoor/boeken/aanvraag/{whole.claim.ref}",
        ):  # fmt: skip
            said = page_of(auditor, f"/{address}/")
            for told in (customer.name, worker.name, build.owner_of(customer).name):
                assert told not in said, address

    def test_to_ask_for_a_name_is_written_down_and_ends_after_an_hour(self, rows):
        auditor, worker = build.member("auditor"), rows[0].worker.user

        names.reveal(worker, why="sample", by=auditor, at=DECEMBER)

        written = Event.objects.get(kind="pseudonym.revealed")
        assert (written.subject, written.by_id, written.payload) == (
            f"worker:{rows[0].worker_id}", auditor.pk, {"reason": "sample"},
        )  # fmt: skip
        assert worker.name in hour.chain(rows[0], viewer=auditor, at=DECEMBER).steps[2].text
        later = DECEMBER + timedelta(minutes=61)
        assert worker.name not in hour.chain(rows[0], viewer=auditor, at=later).steps[2].text
        other = build.member("auditor")
        assert worker.name not in hour.chain(rows[0], viewer=other, at=DECEMBER).steps[2].text
        assert "Steekproef" in page_of(build.member("treasurer"), "/kantoor/boeken/", at=timezone.now())

    def test_no_name_without_a_reason(self, rows):
        with pytest.raises(pseudonyms.NoReason):
            names.reveal(rows[0].worker.user, why="", by=build.member("auditor"), at=DECEMBER)
        assert not Event.objects.filter(kind="pseudonym.revealed").exists()


def test_the_whole_month_is_proved(whole):
    assert [row.code for row in prove.invariants() if not row.holds] == []
