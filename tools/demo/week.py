"""The week itself, phase by phase, each act through the front door and written in the journal when acknowledged."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from random import Random
from typing import Any

import requests
from rich.progress import Progress

from tools.demo.client import Person, Refusal, pay
from tools.demo.journal import Journal, act_key
from tools.demo.neighbourhood import MONDAY, TAX_NUMBER, Asker, Cast, email_of
from tools.site import SANDBOX_IBAN, Stack

HANDS = 6  # people who act at the same time
PLAN_SECONDS = 8
BUYING = datetime(2026, 10, 26, 8, tzinfo=UTC)
PLANNING = datetime(2026, 11, 4, 11, tzinfo=UTC)
SICK = datetime(2026, 11, 9, 19, tzinfo=UTC)
CLOSING = datetime(2026, 11, 16, 8, tzinfo=UTC)
SILENT = datetime(2026, 11, 22, 8, tzinfo=UTC)
PAYDAY = datetime(2026, 12, 1, 8, tzinfo=UTC)
SETTLED = datetime(2026, 12, 21, 9, tzinfo=UTC)
MONTH = "2026-11-01"


class Week:
    """Runs the phases; `at` moves business time, `tick` does what the beat would do in the hours that are skipped."""

    def __init__(self, stack: Stack, cast: Cast, journal: Journal, progress: Progress, *, seed: int) -> None:
        self.stack, self.cast, self.journal, self.progress = stack, cast, journal, progress
        self.random = Random(seed)
        self.people: dict[str, Person] = {}
        self.lock = threading.Lock()

    def run(self) -> None:
        """Run what is not done yet."""
        self.at(BUYING)
        self.everyone("sign up", self.cast.askers, self._sign_up)
        orders = [(asker, n) for asker in self.cast.askers for n in range(len(asker.hours))]
        self.everyone("buy", orders, lambda pair: self._buy(*pair))
        self.once("paid orders arrive", self._await_cheques)
        self.at(BUYING + timedelta(days=1))
        self.everyone("book", self.cast.wishes, self._book)
        self.at(PLANNING)
        self.everyone("plan", list(self.cast.quarters), self._plan)
        self.everyone("publish", list(self.cast.quarters), self._publish)
        self._work()
        self.at(CLOSING)
        self.everyone("confirm or dispute", self._own_visits(), self._react)
        self.once("refund", self._refund)
        self.everyone("close the week", list(self.cast.quarters), self._close)
        self.once("disputes decided", self._decide)
        self.at(SILENT)
        self.once("silence confirms", self._silence)
        self.at(PAYDAY)
        for name, act in (
            ("VAT", self._vat),
            ("payout", self._payout),
            ("wages", self._wages),
            ("claims", self._claims),
        ):
            self.once(name, act)
        self.at(SETTLED)
        self.once("bank statements", self._statements)

    # --- the clockwork of the runner

    def at(self, moment: datetime) -> None:
        """Move business time forward to a moment; it never goes back."""
        from identity import clock

        if clock.now() < moment or (clock.now() - moment > timedelta(minutes=5) and moment < PLANNING):
            clock.shift_to(moment)

    def once(self, name: str, act: Callable[[], object]) -> None:
        """Run one act with a line of progress, unless it was acknowledged before."""
        bar = self.progress.add_task(name, total=1)
        if f"phase:{name}" not in self.journal:
            act()
            self.journal.write(f"phase:{name}")
        self.progress.update(bar, completed=1)

    def everyone(self, name: str, things: Iterable[Any], act: Callable[[Any], object]) -> None:
        """Run an act for many, a few at a time, with a bar."""
        things = list(things)
        bar = self.progress.add_task(name, total=len(things))
        with ThreadPoolExecutor(HANDS) as hands:
            for _done in hands.map(act, things):
                self.progress.advance(bar)

    def person(self, email: str) -> Person:
        """Return somebody who is signed in."""
        if email not in self.people:
            someone = Person(self.stack.url(), self.stack.url("inbox"), email)
            someone.sign_in()
            self.people[email] = someone
        return self.people[email]

    def _asker(self, key: str) -> Asker:
        return next(asker for asker in self.cast.askers if asker.key == key)

    # --- buying and booking

    def _sign_up(self, asker: Asker) -> None:
        if f"signed up:{asker.key}" in self.journal:
            return
        someone = Person(self.stack.url(), self.stack.url("inbox"), asker.email)
        try:
            someone.sign_up()
        except (StopIteration, RuntimeError):  # the account was made just before a kill: its owner signs in
            someone.sign_in()
        facts = {
            "kind": asker.kind, "name": asker.name, "phone": "076 555 01 00", "postcode": asker.postcode,
            "house_number": asker.house_number,
        }  # fmt: skip
        try:
            someone.post("register", facts)
        except Refusal as refused:
            if refused.code != "AlreadyRegistered":
                raise
        self.people[asker.email] = someone
        self.journal.write(f"signed up:{asker.key}")

    def _buy(self, asker: Asker, number: int) -> None:
        key = f"order:{asker.key}:{number}"
        if key in self.journal:
            return
        order = self.person(asker.email).post("orders", {"hours": asker.hours[number]}, key=act_key(key))
        if order["state"] == "open":
            pay(order["pay_url"], method=("ideal", "wero", "card")[number % 3])
        self.journal.write(key, {"ref": order["ref"], "hours": order["hours"], "cents": order["total_cents"]})

    def _await_cheques(self) -> None:
        """Wait for the webhooks; whoever waits too long opens the success page, as a person would."""
        from cheques.models import Order

        until = time.monotonic() + 60
        while Order.objects.filter(state=Order.State.OPEN).exists() and time.monotonic() < until:
            time.sleep(0.2)
        for asker in self.cast.askers:
            for number in range(len(asker.hours)):
                ref = self.journal[f"order:{asker.key}:{number}"]["ref"]
                if Order.objects.filter(ref=ref, state=Order.State.OPEN).exists():
                    self.person(asker.email).get(f"orders/{ref}")

    def _book(self, wish: Any) -> None:
        key = f"booking:{wish.key}"
        if key in self.journal:
            return
        facts = {
            "service": wish.service, "starts": [start.isoformat() for start in wish.starts], "minutes": wish.minutes,
            "crew": wish.crew, "series": wish.series,
        }  # fmt: skip
        asker = self._asker(wish.customer)
        booking = self.person(asker.email).post("bookings", facts, key=act_key(key))
        self.journal.write(key, {"ref": booking["ref"]})

    # --- planning

    def _plan(self, quarter: str) -> None:
        key = f"plan:{quarter}"
        if key in self.journal:
            return
        coordinator = self.person(self.cast.quarters[quarter])
        plan = coordinator.post(
            "plans",
            {"neighbourhood": quarter, "monday": MONDAY.isoformat(), "seconds": PLAN_SECONDS, "seed": 1},
        )
        until = time.monotonic() + 240
        while plan["state"] == "asked":
            if time.monotonic() > until:
                raise RuntimeError("a plan was asked and not made: see the worker's log")
            time.sleep(0.3)
            plan = coordinator.get(f"plans/{plan['ref']}")
        self.journal.write(key, {"ref": plan["ref"], **plan["figures"]})

    def _publish(self, quarter: str) -> None:
        key = f"publish:{quarter}"
        if key in self.journal:
            return
        coordinator = self.person(self.cast.quarters[quarter])
        try:
            made = coordinator.post(f"plans/{self.journal[f'plan:{quarter}']['ref']}/publish")
        except Refusal as refused:
            if refused.code != "NotADraft":
                raise
            made = {"visits": 0}
        self.journal.write(key, made)

    # --- working

    def _visits(self) -> list[dict[str, Any]]:
        return [
            visit
            for quarter in self.cast.quarters
            for visit in self.person(self.cast.quarters[quarter]).get(f"weeks/{MONDAY}")
        ]

    def _work(self) -> None:
        """Let the week pass: every worker checks in and out at their own time, one is sick, one does not come."""
        bar = self.progress.add_task("work", total=6 * 24)
        for hour in range(6 * 24):
            moment = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC) + timedelta(hours=hour)
            if moment >= SICK and "phase:sick call" not in self.journal:
                self.at(SICK)
                self.once("sick call", self._sick_call)
            if f"hour:{hour}" not in self.journal:
                self._pass_hour(moment)
                self.journal.write(f"hour:{hour}")
            self.progress.update(bar, completed=hour + 1)
        self.once("nobody could come", self._drop)

    def _pass_hour(self, since: datetime) -> None:
        acts = []
        for visit in self._visits():
            start, end = _moment(visit["start_at"]), _moment(visit["end_at"])
            for row in visit["assignments"]:
                if row["state"] not in {"assigned", "worked", "offered"}:
                    continue
                late, longer = _habit(row["ref"])
                acts += [
                    (start + timedelta(minutes=late), "in", row, visit),
                    (end + timedelta(minutes=longer), "out", row, visit),
                ]
        due = sorted(
            (
                act
                for act in acts
                if act[0] < since + timedelta(hours=1) and f"{act[1]}:{act[2]['ref']}" not in self.journal
            ),
            key=lambda act: (act[0], act[1], act[2]["ref"]),
        )
        for moment, group in groupby(due, key=lambda act: act[0]):
            self.at(moment)
            with ThreadPoolExecutor(HANDS) as hands:
                list(hands.map(self._clock, group))

    def _clock(self, act: tuple[datetime, str, dict[str, Any], dict[str, Any]]) -> None:
        _when, way, row, visit = act
        key = f"{way}:{row['ref']}"
        if key in self.journal or f"no show:{row['ref']}" in self.journal:
            return
        if way == "in" and self._stays_away(row, visit):
            self._no_show(row, visit)
            return
        if way == "out" and f"in:{row['ref']}" not in self.journal:
            return
        worker = self.person(row["email"])
        try:
            if row["state"] == "offered":
                worker.post(f"assignments/{row['ref']}/answer", {"takes": True})
            worker.post(f"assignments/{row['ref']}/check-{way}")
        except Refusal as refused:
            if refused.code not in {"AlreadyCheckedIn", "AlreadyCheckedOut", "NotAnOffer"}:
                raise
        self.journal.write(key)

    def _coordinator_of(self, visit_ref: str) -> Person:
        from scheduling.models import Visit

        return self.person(
            self.cast.quarters[
                Visit.objects.select_related("neighbourhood").get(ref=visit_ref).neighbourhood.ref
            ]
        )

    def _replace(self, visit_ref: str) -> bool:
        """Send the best candidate; return whether there was one."""
        coordinator = self._coordinator_of(visit_ref)
        found = coordinator.get(f"visits/{visit_ref}/candidates")
        if not found:
            return False
        coordinator.post(f"visits/{visit_ref}/replace", {"worker": found[0]["worker"]})
        return True

    def _sick_call(self) -> None:
        """Whoever has most work on the next two days calls in sick in the evening."""
        from_at, until_at = SICK + timedelta(hours=9), SICK + timedelta(hours=53)
        load: dict[str, int] = {}
        for visit in self._visits():
            for row in visit["assignments"]:
                if row["state"] == "assigned" and from_at <= _moment(visit["start_at"]) < until_at:
                    load[row["email"]] = load.get(row["email"], 0) + 1
        worker = self.person(max(sorted(load), key=lambda email: load[email]))
        lost = worker.post("work/sick", {"from_at": from_at.isoformat(), "until_at": until_at.isoformat()})[
            "visits"
        ]
        again = sum(self._replace(ref) for ref in lost)
        self.journal.write("sick", {"lost": len(lost), "again": again})

    def _stays_away(self, row: dict[str, Any], visit: dict[str, Any]) -> bool:
        """One worker does not come: the first who is expected on Thursday."""
        with self.lock:
            if "no show" not in self.journal and _moment(visit["start_at"]).date() == date(2026, 11, 12):
                self.journal.write("no show", row["ref"])
        return "no show" in self.journal and self.journal["no show"] == row["ref"]

    def _no_show(self, row: dict[str, Any], visit: dict[str, Any]) -> None:
        self.at(_moment(visit["start_at"]) + timedelta(minutes=15))
        try:
            self._coordinator_of(visit["ref"]).post(f"assignments/{row['ref']}/no-show")
            self._replace(visit["ref"])
        except Refusal as refused:
            if refused.code not in {"NotExpected", "NotReplaceable"}:  # noted just before a kill
                raise
        self.journal.write(f"no show:{row['ref']}")

    def _drop(self) -> None:
        """Take back visits to which nobody could be sent."""
        for visit in self._visits():
            came = [row for row in visit["assignments"] if row["state"] in {"assigned", "offered", "worked"}]
            if visit["state"] == "published" and not came:
                self._coordinator_of(visit["ref"]).post(f"visits/{visit['ref']}/drop")

    # --- afterwards

    def _own_visits(self) -> list[tuple[str, str, int]]:
        from scheduling.models import Visit

        rows = Visit.objects.filter(state="finished").order_by("pk").values_list(
            "ref", "booking__customer__members__user__email"
        )  # fmt: skip
        return [(ref, email, number) for number, (ref, email) in enumerate(rows)]

    def _react(self, visit: tuple[str, str, int]) -> None:
        """Most say nothing; some confirm, a few say that it is not right."""
        ref, email, number = visit
        key = f"reacted:{ref}"
        if key in self.journal or number % 10 > 1:
            return
        way, body = (
            ("confirm", {}) if number % 50 else ("dispute", {"what": "not_done", "words": "De keuken niet."})
        )
        try:
            self.person(email).post(f"visits/{ref}/{way}", body)
        except Refusal as refused:
            if refused.code not in {"AlreadyConfirmed", "CannotDispute", "InDispute"}:
                raise
        self.journal.write(key, way)

    def _refund(self) -> None:
        """Somebody with two free hours in their first order asks them back."""
        from cheques.models import Lot, Refund

        if Refund.objects.exists():
            return
        lot = (
            Lot.objects.filter(free_minutes__gte=120)
            .select_related("order", "wallet__customer")
            .order_by("pk")[0]
        )
        email = lot.wallet.customer.members.get().user.email
        self.journal.write(
            "refund", self.person(email).post(f"orders/{lot.order.ref}/refund", {"minutes": 120})
        )

    def _close(self, quarter: str) -> None:
        if f"closed:{quarter}" in self.journal:
            return
        try:
            self.person(self.cast.quarters[quarter]).post(
                "weeks/close", {"neighbourhood": quarter, "monday": MONDAY.isoformat()}
            )
        except Refusal as refused:
            if refused.code != "AlreadyClosed":
                raise
        self.journal.write(f"closed:{quarter}")

    def _decide(self) -> None:
        from quality.models import Dispute

        for dispute in Dispute.objects.filter(decided_at=None).order_by("pk"):
            if dispute.proposed_minutes is None:
                self.person(email_of("qa")).post(
                    f"disputes/{dispute.ref}/propose", {"minutes": 60, "grounds": "Eén uur was goed."}
                )
            self.person(email_of("treasurer")).post(f"disputes/{dispute.ref}/decide")

    def _silence(self) -> None:
        """Do what the beat does every quarter of an hour, and wait until the worker has done it."""
        from scheduling import confirming

        self._send("scheduling.tasks.confirm_silent")
        from identity import clock

        until = time.monotonic() + 120
        while confirming.waiting_for_silence(at=clock.now()):
            if time.monotonic() > until:
                raise RuntimeError("silence confirmed nothing: see the worker's log")
            time.sleep(0.3)

    def _send(self, task: str) -> None:
        from config.celery import app

        app.send_task(task)

    # --- money

    def _officer(self) -> Person:
        return self.person(email_of("payroll"))

    def _vat(self) -> None:
        self._officer().post("months/vat", {"month": MONTH})

    def _payout(self) -> None:
        stripe = self.stack.url("stripe")
        day = PAYDAY.date().isoformat()
        answer = requests.post(
            f"{stripe}/_sandbox/payout", json={"date": day, "everything": True}, timeout=60
        )
        if not answer.ok and answer.status_code != requests.codes.conflict:
            answer.raise_for_status()
        self._officer().post("stripe/mirror")

    def _wages(self) -> None:
        officer, treasurer = self._officer(), self.person(email_of("treasurer"))
        run = self.journal.entries.get("run")
        if run is None:
            run = self.journal.write("run", officer.post("pay-runs", {"month": MONTH})["ref"])
        for step in ("fix", "bureau"):
            self._step(
                f"wages:{step}", partial(officer.post, f"pay-runs/{run}/{step}"), {"NotADraft", "NotFixed"}
            )
        if "file" not in self.journal:
            self.journal.write("file", self._file(officer, run))
        file = self.journal["file"]
        self._step("wages:approve", lambda: treasurer.post(f"payment-files/{file}/approve"), {"NotApproved"})
        officer.post(f"payment-files/{file}/send")

    def _file(self, officer: Person, run: str) -> str:
        from payroll.models import PaymentFile

        made = PaymentFile.objects.filter(run__ref=run).order_by("-pk").first()
        return made.ref if made else str(officer.post(f"pay-runs/{run}/files")["ref"])

    def _step(self, key: str, act: Callable[[], object], known: set[str]) -> None:
        if key in self.journal:
            return
        try:
            act()
        except Refusal as refused:
            if refused.code not in known:
                raise
        self.journal.write(key)

    def _claims(self) -> None:
        from identity.models import Municipality
        from subsidies.models import Claim

        officer = self._officer()
        for town in Municipality.objects.order_by("pk"):
            claim = Claim.objects.filter(municipality=town).order_by("-pk").first()
            if claim is None:
                officer.post("claims", {"month": MONTH, "municipality": town.ref})
                claim = Claim.objects.get(municipality=town)
            self._step(f"claim:{claim.ref}", partial(officer.post, f"claims/{claim.ref}/send"), {"NotADraft"})

    def _statements(self) -> None:
        """The town pays, the tax office is paid, and the bank sends its statements."""
        from ledger.balances import balance
        from ledger.models import Account
        from subsidies.claims import total_cents
        from subsidies.models import Claim

        bank = self.stack.url("bank")
        for claim in Claim.objects.filter(state="sent"):
            self._book_at_bank(
                "credit", total_cents(claim), "Gemeente Breda", f"LKS {claim.ref}", f"town-{claim.ref}"
            )
        due = -balance(Account.TAX_DUE)
        if due:
            self._book_at_bank("debit", due, "Belastingdienst", f"{TAX_NUMBER} 2026-11", "tax-2026-11")
        days = {"iban": SANDBOX_IBAN, "from": "2026-10-01", "to": SETTLED.date().isoformat()}
        answer = requests.get(f"{bank}/ebics/camt053", params=days, timeout=60)
        answer.raise_for_status()
        came = self._officer().post("bank/statements", xml=answer.content)
        self.journal.write("bank", came)

    def _book_at_bank(self, way: str, cents: int, name: str, remittance: str, reference: str) -> None:
        requests.post(
            f"{self.stack.url('bank')}/_sandbox/{way}", timeout=60,
            json={
                "iban": SANDBOX_IBAN, "amount_cents": cents, "name": name, "remittance": remittance,
                "date": SETTLED.date().isoformat(), "reference": reference,
            },
        ).raise_for_status()  # fmt: skip


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _habit(ref: str) -> tuple[int, int]:
    """Return how late somebody comes and how much longer they stay: the same each time it is asked."""
    draw = Random(ref)
    return draw.choice((-4, -2, 0, 0, 1, 3)), draw.choice((-5, -1, 0, 0, 2, 4, 9))
