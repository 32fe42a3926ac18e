"""After the week: customers answer, hours are accepted, wages and subsidies follow, the bank tells."""

import time
from functools import partial

import requests

from tools.demo.client import Person, Refusal
from tools.demo.journal import act_key
from tools.demo.neighbourhood import MONDAY, TAX_NUMBER, email_of
from tools.demo.runner import MONTH, PAYDAY, SETTLED
from tools.demo.working import Working
from tools.site import SANDBOX_IBAN


class Aftermath(Working):
    """Brings the hours of the week to the bank lines that paid for them."""

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
        asked = self.person(email).post(
            f"orders/{lot.origin.ref}/refund", {"minutes": 120}, key=act_key(f"refund:{lot.origin.ref}")
        )
        self.journal.write("refund", asked)

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
        for step, who in (("fix", treasurer), ("bureau", officer)):
            self.step(f"wages:{step}", partial(who.post, f"pay-runs/{run}/{step}"), {"NotADraft", "NotFixed"})
        if "file" not in self.journal:
            self.journal.write("file", self._file(officer, run))
        file = self.journal["file"]
        self.step("wages:approve", lambda: treasurer.post(f"payment-files/{file}/approve"), {"NotApproved"})
        officer.post(f"payment-files/{file}/send")

    def _file(self, officer: Person, run: str) -> str:
        from payroll.models import PaymentFile

        made = PaymentFile.objects.filter(run__ref=run).order_by("-pk").first()
        return made.ref if made else str(officer.post(f"pay-runs/{run}/files")["ref"])

    def _claims(self) -> None:
        from identity.models import Municipality
        from subsidies.models import Claim

        officer = self._officer()
        for town in Municipality.objects.order_by("pk"):
            claim = Claim.objects.filter(municipality=town).order_by("-pk").first()
            if claim is None:
                officer.post("claims", {"month": MONTH, "municipality": town.ref})
                claim = Claim.objects.get(municipality=town)
            self.step(f"claim:{claim.ref}", partial(officer.post, f"claims/{claim.ref}/send"), {"NotADraft"})

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
