"""The week itself, phase by phase, each act through the front door and written in the journal when acknowledged."""

import time
from datetime import timedelta
from typing import Any

from tools.demo.aftermath import Aftermath
from tools.demo.client import Person, Refusal, pay
from tools.demo.journal import act_key
from tools.demo.neighbourhood import MONDAY, Asker
from tools.demo.runner import BUYING, CLOSING, PAYDAY, PLANNING, SETTLED, SILENT


class Week(Aftermath):
    """Runs the phases of a week and the month that it falls in."""

    def run(self) -> None:
        """Run what is not done yet."""
        self.at(BUYING)
        self.everyone("sign up", self.cast.askers, self._sign_up)
        if self.after_sign_up:
            self.once("pairs and languages", self.after_sign_up)
        orders = [(asker, n) for asker in self.cast.askers for n in range(len(asker.hours))]
        self.everyone("buy", orders, lambda pair: self._buy(*pair))
        self.once("paid orders arrive", self._await_cheques)
        self.at(BUYING + timedelta(days=1))
        self.everyone("book", self.cast.wishes, self._book)
        self.at(PLANNING)
        self.everyone("plan", list(self.cast.quarters), self._plan)
        self.everyone("publish", list(self.cast.quarters), self._publish)
        self.keep("published")
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

    def _plan(self, quarter: str) -> None:
        key = f"plan:{quarter}"
        if key in self.journal:
            return
        coordinator = self.person(self.cast.quarters[quarter])
        until = time.monotonic() + 240
        plan = self._ask_plan(coordinator, quarter, until)
        while plan["state"] in {"asked", "running"}:
            if time.monotonic() > until:
                raise RuntimeError("a plan was asked and not made: see the worker's log")
            time.sleep(0.3)
            plan = coordinator.get(f"plans/{plan['ref']}")
        self.journal.write(key, {"ref": plan["ref"], **plan["figures"]})

    def _ask_plan(self, coordinator: Person, quarter: str, until: float) -> dict[str, Any]:
        """Ask for a plan; one that was being made when everything was killed is over after a while."""
        facts = {"neighbourhood": quarter, "monday": MONDAY.isoformat(), "seconds": self.seconds, "seed": 1}
        while True:
            try:
                asked: dict[str, Any] = coordinator.post("plans", facts)
            except Refusal as refused:
                if refused.code != "IsBeingMade" or time.monotonic() > until:
                    raise
                time.sleep(1)
            else:
                return asked

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
