"""Give unused hours back to who paid them, at the price they were bought for."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bank.matching import allocate, mentions
from bank.models import Line
from cheques import converging, lots, refund_accounts, stripe_gateway
from cheques.models import Lot, Movement, Order, Refund
from cheques.redemption import worth
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import local_day
from lawbook.cheques import REFUND_ALONE_CENTS
from ledger.models import Account


class NothingToRefund(Refused):
    """Fewer minutes are free than are asked back."""


class OnAnInvoice(Refused):
    """What was bought on account is credited on its invoice (`invoicing.credit`), paid or not."""


class SecondPersonNeeded(Refused):
    """The amount needs the approval of someone who did not ask."""


@transaction.atomic(durable=True)
def request(
    lot_id: int, *, minutes: int, by: User, at: datetime, account: refund_accounts.Account | None = None
) -> Refund:
    """Take free minutes out of a lot, to be paid back.

    :param account: where the money goes, when no payment of ours tells it; left out otherwise.
    :raises refund_accounts.AccountNeeded: no payment tells it, and neither does the customer.
    :raises NothingToRefund: the lot has fewer free minutes, or none that are still valid.
    """
    lot = Lot.objects.select_related("wallet", "order").get(pk=lot_id)
    lots.locked_wallet(lot.wallet.customer_id)
    lot.refresh_from_db()
    if lot.order is None:
        raise NothingToRefund(_("Iemand anders betaalde deze cheques. Het geld gaat niet naar u terug."))
    if lot.order.way == Order.Way.ACCOUNT:
        raise OnAnInvoice(_("Deze cheques staan op een factuur. Vraag ons om een creditnota."))
    if not 0 < minutes <= lot.free_minutes or minutes % 15 or lot.expires_at <= at:
        raise NothingToRefund(_("Zoveel uren zijn er niet vrij om terug te geven."))
    where = None
    if refund_accounts.has_no_way_back(lot):
        where = refund_accounts.checked(account or refund_accounts.Account("", ""))
    refund = take_out(lot, minutes, by=by, at=at)
    if where:
        refund_accounts.keep(refund, where, by=by, at=at)
    return refund


def take_out(lot: Lot, minutes: int, *, by: User, at: datetime) -> Refund:
    """Take free minutes out of a lot, to be paid back. Step: the wallet is locked and the lot read anew."""
    refund = Refund.objects.create(
        lot=lot, minutes=minutes, cents=worth(minutes, lot.price_cents), requested_at=at, requested_by=by
    )
    lots.move(
        lot.pk, Movement.Figure.FREE, Movement.Figure.REFUNDED, minutes, key=f"refund:{refund.pk}", at=at
    )
    record("refund.requested", refund, by_id=by.pk, at=at, minutes=minutes, cents=refund.cents)
    return refund


@transaction.atomic(durable=True)
def approve(refund_id: int, *, by: User, at: datetime) -> Refund:
    """Approve a refund above the limit, or the account it goes to, as the second person.

    :raises SecondPersonNeeded: who asked, or wrote the account down, cannot approve.
    :raises refund_accounts.AccountNeeded: nobody knows where the money goes.
    """
    refund = (
        Refund.objects.select_for_update(no_key=True, of=("self",))
        .select_related("lot__order")
        .get(pk=refund_id)
    )
    named = refund_accounts.of(refund)
    if by.pk in {refund.requested_by_id, named.given_by_id if named else None}:
        raise SecondPersonNeeded(_("Iemand anders moet deze terugbetaling goedkeuren."))
    refund_accounts.check(refund, by=by, at=at)
    refund.approved_by = by
    refund.save(update_fields=["approved_by"])
    record("refund.approved", refund, by_id=by.pk, at=at)
    return refund


def waits_for_second_person(refund: Refund) -> bool:
    """Tell whether nobody else looked yet at a refund above what one person may pay back, or at the account it goes to."""
    if refund.state != Refund.State.REQUESTED:
        return False
    limit = REFUND_ALONE_CENTS.on(local_day(refund.requested_at))
    if refund.cents > limit and refund.approved_by_id is None:
        return True
    named = refund_accounts.of(refund)
    return named.checked_by_id is None if named else refund_accounts.has_no_way_back(refund.lot)


def send(refund_id: int, *, at: datetime) -> Refund:
    """Ask Stripe to pay back; the hours return when it cannot. What was not paid by Stripe goes back by bank.

    :raises SecondPersonNeeded: above the limit nobody approved yet.
    :raises stripe_gateway.Unreachable: try again later; the key stays the same.
    """
    refund = Refund.objects.select_related("lot__order").get(pk=refund_id)
    assert refund.lot.order is not None, "hours that were handed on are not refunded"
    if refund.state != Refund.State.REQUESTED:
        return converging.converge_refund(refund_id, at=at)
    if waits_for_second_person(refund):
        raise SecondPersonNeeded(_("Iemand anders moet deze terugbetaling goedkeuren."))
    if not refund.lot.order.payment_intent_id:
        return _by_bank(refund_id, at=at)
    found = stripe_gateway.refund(
        key=str(refund.stripe_key), payment_intent=refund.lot.order.payment_intent_id, cents=refund.cents,
        refund_ref=refund.ref,
    )  # fmt: skip
    return converging.settle_refund(refund_id, found, at=at)


@transaction.atomic(durable=True)
def _by_bank(refund_id: int, *, at: datetime) -> Refund:
    """Wait for the bank line that pays back: somebody transfers it, with the refund's own name."""
    refund = Refund.objects.select_for_update(no_key=True).get(pk=refund_id)
    if refund.state == Refund.State.REQUESTED:
        refund.state = Refund.State.PENDING
        refund.save(update_fields=["state"])
        record("refund.pending", refund, by_id=None, at=at, cents=refund.cents)
    return refund


def match_bank_line(line: Line, *, at: datetime) -> bool:
    """Settle the refund that a line out of the bank names and pays to the cent. Step: the caller locked the queue."""
    for refund in Refund.objects.filter(state=Refund.State.PENDING, stripe_id="").select_related("lot"):
        if mentions(line, refund.ref) and line.cents == -refund.cents:
            allocate(
                line, cents=line.cents, target=f"refund:{refund.pk}", against=Account.CHEQUES, at=at,
                party=f"wallet:{refund.lot.wallet_id}",
            )  # fmt: skip
            refund.state, refund.settled_at = Refund.State.SUCCEEDED, at
            refund.save(update_fields=["state", "settled_at"])
            record("refund.succeeded", refund, by_id=None, at=at, cents=refund.cents)
            return True
    return False
