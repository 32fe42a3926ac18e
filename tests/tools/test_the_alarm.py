"""The week's own alarm goes off: a planted fault is named, and the run ends with 1."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console

from bank.models import Line
from cheques.models import Order, StripeLine
from ledger.balances import balance
from ledger.models import Account
from marketplace.models import Booking
from tests import build, build_books
from tests.scheduling.engine import drawn
from tools import embedded
from tools.demo import __main__ as demo
from tools.demo import money_table, result
from tools.demo.journal import Journal, act_key
from tools.demo.judging import Judge
from tools.demo.neighbourhood import Asker, Cast
from tools.site import Stack

CHECKER = Path(__file__).parents[2].parent / "shared" / "scheduling" / "check_week.py"
QUIET = Console(quiet=True)


@pytest.fixture
def journal(tmp_path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


@pytest.mark.django_db
class TestPromises:
    def test_what_was_acknowledged_and_is_there_once_is_kept(self, journal):
        self.acknowledged(journal)

        assert result.promises_kept(journal) == []

    def test_an_order_that_is_not_there_is_named(self, journal):
        self.acknowledged(journal)
        journal.write("order:r9:0", {})

        assert "order:r9:0 was promised and is not there once" in result.promises_kept(journal)

    def test_a_booking_that_is_not_there_is_named(self, journal):
        self.acknowledged(journal)
        Booking.objects.update(form_key=UUID(int=1))

        assert result.promises_kept(journal) == ["booking:w0 was promised and is not there once"]

    def test_an_order_nobody_acknowledged_is_named(self, journal):
        self.acknowledged(journal)
        build.order(build.customer())

        assert result.promises_kept(journal) == ["there are orders that were never acknowledged"]

    def acknowledged(self, journal: Journal) -> None:
        customer = build.customer()
        build.lot(customer, hours=20, form_key=act_key("order:r1:0"))
        build.booking(customer, form_key=act_key("booking:w0"))
        Order.objects.update(state=Order.State.PAID)
        journal.write("order:r1:0", {})
        journal.write("booking:w0", {})


@pytest.mark.django_db
def test_cents_that_the_payment_service_does_not_know_are_named(starts):
    running = starts("stripe_server")
    stack = Stack()
    stack.url = lambda name="web": running.url  # type: ignore[method-assign]
    assert result._against_stripe(stack) == []

    StripeLine.objects.create(
        stripe_id="txn_1", kind="charge", source_id="ch_1", gross_cents=100, fee_cents=29, net_cents=71,
        entry_key="stripe:txn_1", created_on=build.NOON.date(),
    )  # fmt: skip

    assert result._against_stripe(stack) == [
        "the payment service has 0, mirrored are 71", "fees there 0, ours 29",
    ]  # fmt: skip


@pytest.mark.django_db
def test_bank_lines_that_no_rule_matched_are_named(monkeypatch):
    build_books.month()
    assert result._matched_by_rule(QUIET) == []

    build_books.statement([(-100, "somebody", "")], name="2")

    assert result._matched_by_rule(QUIET) == ["rules matched 4 of 5 bank lines"]


def test_a_fault_ends_the_run_with_1():
    outcome = result.Outcome([])
    assert outcome.exit_code == 0

    result.add(outcome, ["a cent is missing [somewhere]"], QUIET)

    assert outcome.exit_code == 1


WINDOWS = [[day * 1440 + 480, day * 1440 + 1200] for day in range(6)]
SICK = {
    "email": "w1@wijk.example", "visits": [], "from_at": "2026-11-10T05:00+01:00", "until_at": "2026-11-12T01:00+01:00",
}  # fmt: skip
MISSING = {
    "row": "x", "ref": "v", "booking": "b2", "email": "w2@wijk.example", "start_at": "2026-11-12T10:00+01:00",
}  # fmt: skip
THURSDAY = 3 * 1440


def week() -> drawn.Json:
    """Two people who can do everything; a job on Monday, on Tuesday and on Thursday."""
    workers = [
        {
            "id": f"p{n}", "x": 0, "y": 0, "mode": "bike", "contract": 2400, "wanted": 600, "availability": WINDOWS,
            "languages": ["nl"], "skills": {"cleaning": "qualified"}, "certificates": {}, "excluded_clients": [],
            "likes_late": True, "previous_end": -2880,
        }
        for n in "ab"
    ]  # fmt: skip
    jobs = [
        {
            "id": f"j{n}", "client": "c", "x": 0, "y": 0, "skill": "cleaning", "team": 1, "minutes": 120,
            "starts": [day * 1440 + 600], "certificates": [], "regulars": [], "series": None,
        }
        for n, day in enumerate((0, 1, 3))
    ]  # fmt: skip
    clients = [
        {"id": "c", "kind": "home", "x": 0, "y": 0, "languages": [], "excluded_workers": []},
    ]
    return {
        "format": "week/1", "name": "small", "workers": workers, "clients": clients, "jobs": jobs, "rules": drawn.RULES,
        "weights": drawn.WEIGHTS,
    }  # fmt: skip


ONE, TWO = ["w1@wijk.example"], ["w2@wijk.example"]
KEPT = {
    "published": [["b0", 600, ONE], ["b1", 2040, ONE], ["b2", THURSDAY + 600, TWO]],
    "after_sick": [["b0", 600, ONE], ["b1", 2040, TWO], ["b2", THURSDAY + 600, TWO]],
    "before_no_show": [["b0", 600, ONE], ["b1", 2040, TWO], ["b2", THURSDAY + 600, TWO]],
    "after_no_show": [["b0", 600, ONE], ["b1", 2040, TWO], ["b2", THURSDAY + 675, ONE]],
}


@pytest.mark.skipif(not CHECKER.exists(), reason="the shared folder with the checker is not here")
class TestJudge:
    def judged(self, folder: Path, journal: Journal, **planted) -> list[str]:
        file = folder / "week.json"
        file.write_text(json.dumps(week()))
        for number in range(3):
            journal.write(f"booking:j{number}", {"ref": f"b{number}"})
        journal.write("sick call", SICK)
        journal.write("no show", MISSING)
        for moment, rows in (KEPT | planted).items():
            (folder / f"{moment}.json").write_text(json.dumps(rows))
        return Judge(file, journal, folder, CHECKER).judge()

    def test_good_plans_have_no_fault_and_each_has_its_line(self, tmp_path, journal, capsys):
        assert self.judged(tmp_path, journal) == []

        said = capsys.readouterr().out.splitlines()
        assert [line.split(" by the")[0] for line in said] == [
            "published plan", "plan after the sick call", "plan after the no-show",
        ]  # fmt: skip
        assert all(": 0 violations, 0 of 360 minutes unserved" in line for line in said)
        assert [line.rpartition(", ")[2] for line in said[1:]] == ["1 changes", "2 changes"]

    def test_a_published_plan_that_breaks_a_rule(self, tmp_path, journal):
        faults = self.judged(tmp_path, journal, published=[["b0", 601, ONE], *KEPT["published"][1:]])

        assert faults[0] == "1 violations in the published plan: start"

    def test_a_published_plan_that_leaves_too_much(self, tmp_path, journal):
        faults = self.judged(
            tmp_path, journal, published=KEPT["published"][:2], after_sick=KEPT["after_sick"][:2]
        )

        assert "33.3% unserved, 6% is the most" in faults

    def test_somebody_who_is_sick_and_still_expected(self, tmp_path, journal):
        faults = self.judged(tmp_path, journal, after_sick=KEPT["published"])

        assert faults == ["1 violations in the plan after the sick call: availability"]

    def test_somebody_who_did_not_come_and_is_sent_again(self, tmp_path, journal):
        again = [*KEPT["after_sick"][:2], ["b2", THURSDAY + 675, TWO]]

        assert self.judged(tmp_path, journal, after_no_show=again) == [
            "1 violations in the plan after the no-show: availability"
        ]

    def test_somebody_sent_to_a_start_that_is_over(self, tmp_path, journal):
        late = [*KEPT["after_sick"][:2], ["b2", THURSDAY + 600, ONE]]

        assert self.judged(tmp_path, journal, after_no_show=late) == [
            "3 violations in the plan after the no-show: notice, past, start"
        ]

    def test_a_crew_that_is_not_whole_is_no_visit(self, tmp_path, journal, capsys):
        assert (
            self.judged(
                tmp_path, journal, after_no_show=[*KEPT["after_sick"][:2], ["b2", THURSDAY + 600, []]]
            )
            == []
        )

        assert "120 of 360 minutes unserved" in capsys.readouterr().out.splitlines()[-1]


class TestFileOfTheWeek:
    """`WEEK=` names something else than a week: one sentence and 2, before anything starts."""

    @pytest.fixture(autouse=True)
    def nothing_starts(self, monkeypatch):
        monkeypatch.setattr(embedded, "ensure", lambda: pytest.fail("it was not read first"))

    def ended(self, monkeypatch, file: Path, content: str | None, capsys) -> str:
        if content is not None:
            file.write_text(content)
        monkeypatch.setenv("WEEK", str(file))
        assert demo.main() == 2
        said = str(capsys.readouterr().err)
        assert said.count("\n") == 1
        return said

    def test_is_not_there(self, tmp_path, monkeypatch, capsys):
        said = self.ended(monkeypatch, tmp_path / "no.json", None, capsys)
        assert said == "no.json cannot be read as a week: No such file or directory.\n"

    def test_is_not_json(self, tmp_path, monkeypatch, capsys):
        assert "week.json is not JSON" in self.ended(
            monkeypatch, tmp_path / "week.json", "Dear all,\n", capsys
        )

    def test_misses_a_field(self, tmp_path, monkeypatch, capsys):
        odd = week()
        del odd["workers"][1]["contract"]
        said = self.ended(monkeypatch, tmp_path / "week.json", json.dumps(odd), capsys)
        assert "'pb' has no field 'contract'." in said

    def test_asks_for_a_skill_that_nobody_knows(self, tmp_path, monkeypatch, capsys):
        odd = week()
        odd["jobs"][0]["skill"] = "juggling"
        said = self.ended(monkeypatch, tmp_path / "week.json", json.dumps(odd), capsys)
        assert "Job 'j0' asks for an unknown skill, 'juggling': known are cleaning, guard." in said

    def test_asks_for_what_the_catalogue_does_not_offer(self, tmp_path, monkeypatch, capsys):
        odd = week()
        odd["jobs"][0]["skill"] = "juggling"
        odd["workers"][0]["skills"]["juggling"] = "qualified"
        said = self.ended(monkeypatch, tmp_path / "week.json", json.dumps(odd), capsys)
        assert "'juggling', for which the catalogue has no service" in said

    def test_has_nobody(self, tmp_path, monkeypatch, capsys):
        said = self.ended(monkeypatch, tmp_path / "week.json", json.dumps({**week(), "workers": []}), capsys)
        assert said == "week.json has no workers: there is no week to run.\n"


def test_the_addresses_to_sign_in_with_are_of_people_who_are_there():
    askers = [
        Asker("c0001", "c0001@week.example", "Klant", "resident", "5000ZA", "1"),
        Asker("c0002", "c0002@week.example", "Klant", "resident", "5000ZB", "1"),
    ]
    cast = Cast(askers, [], {"q": "coordinator1@wijk.example"})

    found = demo.sign_ins(cast)

    assert found[:3] == ["c0001@week.example", "w1@wijk.example", "coordinator1@wijk.example"]
    assert not [email for email in found if email.startswith(("r1@", "f1@"))]
    firm = Asker("f1", "f1@bouw.example", "Bouw", "firm", "5000ZC", "1")
    assert "f1@bouw.example" in demo.sign_ins(Cast([*askers, firm], [], cast.quarters))


@pytest.mark.django_db
def test_money_in_and_out_by_kind_adds_up_to_what_is_there():
    build_books.month()

    found = money_table.flows(money_table.moved())

    assert found.came == {
        "cheques paid by iDEAL, Wero or card": 200_00, "subsidy claims received": balance_of("claim"),
    }  # fmt: skip
    assert found.went == {"fees of the payment service": build_books.FEE, "net wages paid": balance_of("net")}
    assert found.internal == {"Stripe balance to Bank": 200_00 - build_books.FEE}
    assert found.left == balance(Account.BANK) + balance(Account.STRIPE)


def balance_of(kind: str) -> int:
    """What the bank's own lines say of a kind."""
    lines = (
        Line.objects.filter(cents__gt=0, remittance__startswith="LKS")
        if kind == "claim"
        else Line.objects.filter(cents__lt=0)
    )
    return abs(sum(line.cents for line in lines))


def test_other_income_is_a_line_of_the_coverage_and_public_money_is_not_our_own():
    moved = {
        ("wages", "wages_due"): 1000, ("holiday_cost", "holiday_reserve"): 80, ("cheques", "revenue"): 500,
        ("revenue", "vat"): 41, ("cheques", "breakage"): 30, ("subsidies_due", "subsidy_income"): 300,
        ("subsidies_due", "public_income"): 70,
    }  # fmt: skip

    found = money_table.coverage(moved)

    assert found == money_table.Coverage(cost=1080, cheques=459, subsidy=300, other_own=30, other_public=70)
    assert found.own == 489


def test_what_is_still_in_transit_is_named():
    assert result._underway(0) == []
    assert result._underway(-1000) == ["-1000 cents are still in transit between us and the payment service"]
