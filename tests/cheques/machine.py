"""Any order of buying, keeping, using, refunding, expiring and taking back, beside the plain model.

Every step is a real transaction of the product on PostgreSQL; after each one every figure of every lot and every
cent of the wallet must be the model's.
"""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cheques import chargebacks, converging, expiry, holds, lots, purchase, redemption, refunds
from cheques import models as stored
from cheques.stripe_gateway import Dispute, RefundState, Session
from kernel.periods import local_day
from tests import build
from tests.build import NOON
from tests.cheques import model

FIGURES = ("free", "held", "frozen", "used", "refunded", "expired", "returned")
quarters = st.integers(1, 24).map(lambda number: number * 15)
picks = st.integers(0, 10_000)
done: Counter[str] = Counter()
_number = count(1)


def said(order: stored.Order, *, paid: bool = True) -> Session:
    """What Stripe tells of the pay page of an order."""
    return Session(
        id=f"cs_{order.pk}", url="", order_ref=order.ref, is_paid=paid, is_over=not paid,
        paid_cents=order.total_cents if paid else 0, currency="eur", payment_intent=f"pi_{order.pk}" if paid else "",
    )  # fmt: skip


class Cheques(RuleBasedStateMachine):
    """One wallet, its model, and a clock that only goes forward."""

    @initialize()
    def begin(self) -> None:
        self.now: datetime = NOON + timedelta(minutes=next(_number) % 600)
        self.customer = build.customer(kind="firm")  # residents have a cap on what they buy in a year
        self.owner = build.owner_of(self.customer)
        self.wallet = lots.wallet_of(self.customer.pk)
        self.model = model.Wallet()
        self.orders: list[stored.Order] = []
        self.kept: dict[str, tuple[stored.Hold, datetime]] = {}
        self.spent: list[tuple[int, str]] = []
        self.refunds: list[stored.Refund] = []
        self.buy(8, dear=False)

    def teardown(self) -> None:
        done["histories"] += 1

    def lot(self, number: int) -> stored.Lot:
        return stored.Lot.objects.filter(wallet=self.wallet).order_by("pk")[number]

    # --- in
    @rule(hours=st.integers(1, 30), dear=st.booleans())
    def buy_more(self, hours: int, dear: bool) -> None:
        self.buy(hours, dear)

    def buy(self, hours: int, dear: bool) -> None:
        done["orders"] += 1
        done["orders that paid what was owed"] += any(row.minutes > row.settled for row in self.model.owed)
        if dear:
            order = build.order(self.customer, hours=hours, price_cents=10_40)
        else:
            order = purchase.place_order(
                self.customer.pk, hours=hours, form_key=uuid4(), by=self.owner, at=self.now
            )
        converging.settle_order(order.pk, said(order), at=self.now)
        self.orders.append(order)
        self.model.issue(hours, order.price_cents, self.now)

    @precondition(lambda self: self.orders)
    @rule(pick=picks, paid=st.booleans())
    def hear_of_a_payment_again(self, pick: int, paid: bool) -> None:
        done["payments heard again"] += 1
        order = self.orders[pick % len(self.orders)]
        converging.settle_order(order.pk, said(order, paid=paid), at=self.now)

    # --- wait
    @precondition(lambda self: any(lot.figures["free"] for lot in self.model.lots))
    @rule(minutes=quarters, days=st.integers(0, 500))
    def keep_at_any_time(self, minutes: int, days: int) -> None:
        self.keep(minutes, days)

    @precondition(lambda self: any(lot.figures["free"] for lot in self.model.lots))
    @rule(minutes=quarters, days=st.integers(1, 30))
    def keep_soon(self, minutes: int, days: int) -> None:
        self.keep(minutes, days)

    @precondition(lambda self: any(lot.figures["free"] for lot in self.model.lots))
    @rule(minutes=quarters, more=st.sampled_from([0, 15, 60, 600, 1_200]))
    def keep_and_use(self, minutes: int, more: int) -> None:
        if self.keep(minutes, 3):
            self.use(len(self.kept) - 1, minutes + more)

    def keep(self, minutes: int, days: int) -> bool:
        start, key = self.now + timedelta(days=days), f"booking:{next(_number)}"
        short = self.model.short(minutes, start)
        found = 0
        try:
            with transaction.atomic():
                hold = holds.place(self.customer.pk, minutes=minutes, start_at=start, key=key, at=self.now)
        except holds.NotEnoughCheques as refused:
            found = refused.short_minutes
        assert found == max(short, 0)
        if found:
            done["bookings refused"] += 1
            return False
        done["holds"] += 1
        self.kept[key] = (hold, start)
        self.model.hold(key, minutes, start)
        return True

    @precondition(lambda self: self.kept)
    @rule(pick=picks)
    def let_go(self, pick: int) -> None:
        done["releases"] += 1
        key = list(self.kept)[pick % len(self.kept)]
        hold, _ = self.kept.pop(key)
        with transaction.atomic():
            holds.release(hold.pk, key=f"cancel:{key}", at=self.now)
        self.model.release(key)

    @precondition(lambda self: self.kept)
    @rule(pick=picks, minutes=quarters)
    def use_kept(self, pick: int, minutes: int) -> None:
        self.use(pick, minutes)

    def use(self, pick: int, minutes: int) -> None:
        done["captures"] += 1
        key = list(self.kept)[pick % len(self.kept)]
        hold, start = self.kept.pop(key)
        owed = self.redeem(hold.pk, f"visit:{key}", minutes, start)
        self.spent.append((hold.pk, f"visit:{key}"))
        assert owed == self.model.redeem(key, minutes, start)
        done["visits left outstanding"] += owed > 0

    @precondition(lambda self: self.spent and any(lot.figures["free"] for lot in self.model.lots))
    @rule(pick=picks)
    def use_the_same_visit_again(self, pick: int) -> None:
        """A visit that was paid for is never paid again, also when free cheques could pay it."""
        done["captures tried again"] += 1
        hold_id, key = self.spent[pick % len(self.spent)]
        with pytest.raises(redemption.AlreadyRedeemed):
            self.redeem(hold_id, key, 15, self.now)

    def redeem(self, hold_id: int, key: str, minutes: int, start: datetime) -> int:
        with transaction.atomic():
            return redemption.redeem(
                hold_id, minutes=minutes, key=key, vat_rate=Decimal("0.09"), used_on=local_day(self.now),
                start_at=start, at=self.now,
            ).outstanding_minutes  # fmt: skip

    @rule(days=st.integers(1, 90))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: any(lot.expires <= self.now for lot in self.model.lots))
    @rule()
    def sweep(self) -> None:
        done["sweeps"] += 1
        expired = sum(
            expiry._expire(row.pk, at=self.now)
            for row in stored.Lot.objects.filter(wallet=self.wallet, expires_at__lte=self.now)
        )
        assert expired == self.model.expire(self.now)

    # --- out
    @precondition(lambda self: any(lot.figures["free"] for lot in self.model.lots))
    @rule(pick=picks, minutes=quarters)
    def ask_back(self, pick: int, minutes: int) -> None:
        lot = self.model.lots[pick % len(self.model.lots)]
        may = minutes <= lot.figures["free"] and lot.expires > self.now
        try:
            made = refunds.request(
                self.lot(lot.number).pk, minutes=minutes, form_key=uuid4(), by=self.owner, at=self.now
            )
        except refunds.NothingToRefund:
            done["refunds refused"] += 1
            assert not may
            return
        done["refunds"] += 1
        assert may
        self.refunds.append(made)
        asked = self.model.refund(lot, minutes)
        assert refunds.waits_for_second_person(made) == (asked.cents > model.ALONE_CENTS)

    @precondition(lambda self: self.refunds)
    @rule(pick=picks, answer=st.sampled_from(["pending", "succeeded", "failed", "refused"]))
    def hear_of_a_refund(self, pick: int, answer: str) -> None:
        done["answers to refunds"] += 1
        spot = pick % len(self.refunds)
        asked = self.model.refunds[spot]
        if answer == "refused" and asked.state != "requested":
            return
        found = RefundState("", "failed") if answer == "refused" else RefundState(f"re_{spot}", answer)
        after = converging.settle_refund(self.refunds[spot].pk, found, at=self.now)
        self.model.answer(asked, answer)
        assert after.state == asked.state

    # --- lost
    @precondition(lambda self: len(self.model.lots) > len(self.model.chargebacks))
    @rule(pick=picks, share=st.integers(1, 4))
    def take_back(self, pick: int, share: int) -> None:
        taken = {found.lot.number for found in self.model.chargebacks}
        left = [lot for lot in self.model.lots if lot.number not in taken]
        lot = left[pick % len(left)]
        gone = sum(
            row.cents
            for row in self.model.refunds
            if row.lot is lot and row.state in {"pending", "succeeded"}
        )
        cents = (self.orders[lot.number].total_cents - gone) * share // 4
        if cents <= 0:
            return
        done["chargebacks"] += 1
        chargebacks.settle(self.dispute(lot, cents, "open"), at=self.now)
        self.model.chargeback(lot, cents)

    @precondition(lambda self: any(found.state == "open" for found in self.model.chargebacks))
    @rule(pick=picks, outcome=st.sampled_from(["won", "lost"]))
    def decide(self, pick: int, outcome: str) -> None:
        done["disputes decided"] += 1
        running = [found for found in self.model.chargebacks if found.state == "open"]
        found = running[pick % len(running)]
        chargebacks.settle(self.dispute(found.lot, found.cents, outcome), at=self.now)
        self.model.decide(found, outcome)

    def dispute(self, lot: model.Lot, cents: int, state: str) -> Dispute:
        order = self.orders[lot.number]
        return Dispute(f"du_{order.pk}", f"pi_{order.pk}", cents, state, "fraudulent")

    # --- and after every step
    @invariant()
    def every_lot_is_as_the_model_has_it(self) -> None:
        done["steps"] += 1
        rows = stored.Lot.objects.filter(wallet=self.wallet).order_by("pk")
        found = [tuple(getattr(row, f"{name}_minutes") for name in FIGURES) for row in rows]
        assert found == [tuple(lot.figures[name] for name in FIGURES) for lot in self.model.lots]
        kept = {
            key: sum(minutes for _, minutes in holds.held_parts(hold)) for key, (hold, _) in self.kept.items()
        }
        assert kept == {key: sum(parts.values()) for key, parts in self.model.holds.items()}
        assert [row.expires_at for row in rows] == [lot.expires for lot in self.model.lots]

    @invariant()
    def every_cent_is_where_the_model_has_it(self) -> None:
        assert self.booked() == {account: cents for account, cents in self.model.money.items() if cents}
        owed = stored.Outstanding.objects.filter(wallet=self.wallet).order_by("at", "pk")
        assert [(row.minutes, row.settled_minutes) for row in owed] == [
            (row.minutes, row.settled) for row in self.model.owed
        ]

    def booked(self) -> dict[str, Any]:
        """Return debit less credit of each account, of this wallet alone."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT account, sum(cents)::bigint FROM ("
                " SELECT debit AS account, cents FROM ledger_transfer WHERE party = %s"
                " UNION ALL SELECT credit, -cents FROM ledger_transfer WHERE party = %s) moved"
                " GROUP BY account HAVING sum(cents) <> 0",
                [f"wallet:{self.wallet.pk}"] * 2,
            )
            return dict(cursor.fetchall())
