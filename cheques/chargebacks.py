"""A bank takes a payment back: what is unspent freezes, what is spent is owed again, the worker keeps the wage.

The loss itself is the line at Stripe (`stripe_mirror`): LOSSES -> STRIPE. Here the loss is made smaller by what
can still be had: used hours become a receivable at once, frozen hours are cancelled when the dispute is lost.
Hours kept aside for a visit freeze too: the visit goes on, and what it costs becomes outstanding.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import lots, stripe_gateway
from cheques.chargeback_models import WriteOff
from cheques.models import Chargeback, Lot, Movement, Order, Redemption
from cheques.redemption import worth
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.minutes import QUARTER
from ledger.models import Account, Entry
from ledger.posting import Move, post, reverse

FREE, HELD, FROZEN = Movement.Figure.FREE, Movement.Figure.HELD, Movement.Figure.FROZEN
State = Chargeback.State


class NotLost(Refused):
    """Only what a lost dispute leaves owed can be given up."""


class NoReason(Refused):
    """Who gives money up says why."""


class SecondPersonNeeded(Refused):
    """Who asked it does not agree to it."""


def converge(stripe_id: str, *, at: datetime) -> Chargeback | None:
    """Bring a dispute to its state at Stripe.

    :raises stripe_gateway.Unreachable: Stripe does not answer.
    """
    return settle(stripe_gateway.dispute(stripe_id), at=at)


def converge_all(*, at: datetime) -> int:
    """Ask after every dispute that has not ended in our books; return how many there were."""
    ended = set(Chargeback.objects.exclude(state=State.OPEN).values_list("stripe_id", flat=True))
    found = [dispute for dispute in stripe_gateway.disputes() if dispute.id not in ended]
    for dispute in found:
        settle(dispute, at=at)
    return len(found)


@transaction.atomic(durable=True)
def settle(found: stripe_gateway.Dispute, *, at: datetime) -> Chargeback | None:
    """Write what Stripe says of a dispute; None when it touches no paid order, or no money has moved."""
    order = Order.objects.filter(payment_intent_id=found.payment_intent, state=Order.State.PAID).first()
    if not found.payment_intent or found.state == "asked" or order is None:
        return None
    lots.locked_wallets(lot.wallet.customer_id for lot in _lots(order))
    row = Chargeback.objects.select_for_update(no_key=True).filter(stripe_id=found.id).first()
    row = row or _open(order, found, at=at)
    if row.state == State.OPEN and found.state in {"won", "lost"}:
        row.state, row.closed_at = State(found.state), at
        if found.state == "won":
            _win(row, at=at)
        else:
            _cancel(row, at=at)
        row.save()
        record(f"chargeback.{found.state}", row, by_id=None, at=at, cents=row.cents)
    return row


def keep_frozen(lot_id: int, *, at: datetime) -> None:
    """Freeze hours that came back to a lot whose payment is or was taken back. Step: wallet is locked."""
    mine = Q(order__lot=lot_id) | Q(order__lot__children=lot_id)
    for row in Chargeback.objects.filter(mine, state__in=[State.OPEN, State.LOST]):
        _freeze(row, at=at)
        if row.state == State.LOST:
            _cancel(row, at=at)
            row.save(update_fields=["cancelled_cents"])


@transaction.atomic(durable=True)
def ask_write_off(chargeback_id: int, *, reason: str, by: User, at: datetime) -> WriteOff:
    """Ask to give up what a customer still owes after a lost dispute.

    :raises NotLost: the dispute runs or was won, nothing is owed any more, or it was asked before.
    :raises NoReason: nobody said why.
    """
    row = Chargeback.objects.select_for_update(no_key=True).get(pk=chargeback_id)
    left = row.receivable_cents - row.written_off_cents
    if row.state != State.LOST or not left or WriteOff.objects.filter(chargeback=row).exists():
        raise NotLost(_("Hier is niets meer af te schrijven."))
    if not reason.strip():
        raise NoReason(_("Schrijf op waarom."))
    asked = WriteOff.objects.create(
        chargeback=row, cents=left, reason=reason.strip(), asked_at=at, asked_by=by
    )
    record("write_off.asked", row, by_id=by.pk, at=at, cents=left)
    return asked


@transaction.atomic(durable=True)
def write_off(chargeback_id: int, *, by: User, at: datetime) -> Chargeback:
    """Give up what was asked, as the second person.

    :raises NotLost: nobody asked it, or it was done before.
    :raises SecondPersonNeeded: who asked agrees.
    """
    row = Chargeback.objects.select_for_update(no_key=True).get(pk=chargeback_id)
    asked = WriteOff.objects.filter(chargeback=row, approved_by=None).first()
    if asked is None:
        raise NotLost(_("Hier is niets meer af te schrijven."))
    if asked.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders moet dit goedkeuren."))
    party = f"wallet:{row.order.lot.wallet_id}"
    post(
        f"chargeback:{row.pk}:writeoff",
        timezone.localdate(at),
        Move(Account.LOSSES, Account.CUSTOMERS, asked.cents, party),
    )
    row.written_off_cents += asked.cents
    row.save(update_fields=["written_off_cents"])
    asked.approved_by, asked.approved_at = by, at
    asked.save(update_fields=["approved_by", "approved_at"])
    record("chargeback.written_off", row, by_id=by.pk, at=at, cents=asked.cents)
    return row


def _open(order: Order, found: stripe_gateway.Dispute, *, at: datetime) -> Chargeback:
    row = Chargeback.objects.create(
        stripe_id=found.id, order=order, reason=found.reason[:60], cents=found.cents, opened_at=at
    )
    unspent = _freeze(row, at=at)
    paid = Redemption.objects.filter(movement__lot__in=_lots(order))
    used = paid.aggregate(total=Sum("cents"))["total"] or 0
    row.receivable_cents = max(0, min(used, found.cents - unspent))
    row.save(update_fields=["receivable_cents"])
    if row.receivable_cents:
        party = f"wallet:{order.lot.wallet_id}"
        post(
            f"chargeback:{row.pk}", timezone.localdate(at),
            Move(Account.CUSTOMERS, Account.LOSSES, row.receivable_cents, party),
        )  # fmt: skip
    record("chargeback.opened", row, by_id=None, at=at, cents=row.cents, owed_cents=row.receivable_cents)
    return row


def _lots(order: Order) -> list[Lot]:
    """Return the lot of an order and those that were handed on from it, read anew."""
    return list(
        Lot.objects.filter(Q(order=order) | Q(parent__order=order)).select_related("wallet").order_by("pk")
    )


def _freeze(row: Chargeback, *, at: datetime) -> int:
    """Freeze what is free or kept aside; return what all that is frozen is worth, in cents."""
    for lot in _lots(row.order):
        name = f"chargeback:{row.pk}:freeze:{lot.pk}:{lot.movements.count()}"
        if lot.free_minutes:
            lots.move(lot.pk, FREE, FROZEN, lot.free_minutes, key=name, at=at)
        for hold, minutes in lots.held_of(lot.pk):
            lots.move(lot.pk, HELD, FROZEN, minutes, key=f"{name}:hold:{hold.pk}", at=at, hold=hold)
    return sum(worth(lot.frozen_minutes, lot.price_cents) for lot in _lots(row.order))


def _win(row: Chargeback, *, at: datetime) -> None:
    """Give the frozen hours back, and forget what was owed: the bank paid after all."""
    for lot in _lots(row.order):
        if lot.frozen_minutes:
            key = f"chargeback:{row.pk}:won:{lot.pk}"
            lots.move(lot.pk, FROZEN, FREE, lot.frozen_minutes, key=key, at=at)
    owed = Entry.objects.filter(key=f"chargeback:{row.pk}").first()
    if owed:
        reverse(f"chargeback:{row.pk}:won", timezone.localdate(at), owed)


def _cancel(row: Chargeback, *, at: datetime) -> None:
    """Take away frozen hours worth what the bank took, less what is owed for used ones; free the others."""
    for lot in _lots(row.order):
        name = f"chargeback:{row.pk}:lost:{lot.pk}:{lot.movements.count()}"
        left = row.cents - row.receivable_cents - row.cancelled_cents
        gone = min(lot.frozen_minutes, left * 60 // lot.price_cents // QUARTER * QUARTER)
        if gone:
            cents = worth(gone, lot.price_cents)
            lots.move(lot.pk, FROZEN, Movement.Figure.REFUNDED, gone, key=name, at=at)
            party = f"wallet:{lot.wallet_id}"
            post(name, timezone.localdate(at), Move(Account.CHEQUES, Account.LOSSES, cents, party))
            row.cancelled_cents += cents
        if lot.frozen_minutes > gone:
            lots.move(lot.pk, FROZEN, FREE, lot.frozen_minutes - gone, key=f"{name}:rest", at=at)
