"""Ask the customer to which account a refund goes, when no payment of ours tells it; a second person checks it.

Hours that were taken over at the start and hours sold for cash never came in by a bank we read.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bank.models import Allocation
from cheques.models import Lot, Order, Refund
from cheques.refund_models import RefundAccount
from events.recording import record
from identity.models import User
from identity.organising import checked_iban
from kernel.errors import Refused

WITHOUT_A_WAY_BACK = (Order.Way.OPENING, Order.Way.CASH)


class AccountNeeded(Refused):
    """Nobody said to which account the money goes."""


class NoHolder(Refused):
    """An account has the name of who holds it."""


class TooLateToChange(Refused):
    """The money went already, or goes another way."""


@dataclass(frozen=True)
class Account:
    """Where money goes, as a customer says it."""

    name: str
    iban: str


def has_no_way_back(lot: Lot) -> bool:
    """Tell whether the customer must name an account before hours of a lot are paid back."""
    return lot.order is not None and lot.order.way in WITHOUT_A_WAY_BACK


def original(refund: Refund) -> Account | None:
    """Return the account that paid the order by bank; None when it was paid otherwise."""
    order_id = refund.lot.order_id
    paid = Allocation.objects.filter(target=f"order:{order_id}", cents__gt=0).select_related("line").first()
    return Account(paid.line.counter_name, paid.line.counter_iban) if paid else None


def of(refund: Refund) -> RefundAccount | None:
    """Return the account that the customer named, checked or not."""
    return RefundAccount.objects.filter(refund=refund).select_related("given_by").first()


def checked(account: Account) -> Account:
    """Return an account as it is kept.

    :raises identity.organising.NotAnIban: a digit is wrong.
    :raises AccountNeeded: there is no number.
    :raises NoHolder: there is no name.
    """
    iban, name = checked_iban(account.iban), " ".join(account.name.split())
    if not iban:
        raise AccountNeeded(_("Vul het rekeningnummer (IBAN) in waar het geld heen gaat."))
    if not name:
        raise NoHolder(_("Vul de naam in die bij de rekening hoort."))
    return Account(name[:70], iban)


@transaction.atomic(durable=True)
def give(refund_id: int, account: Account, *, by: User, at: datetime) -> RefundAccount:
    """Write down, or mend, to which account a refund goes; somebody else checks it afterwards.

    :raises TooLateToChange: the money went already, or goes through Stripe.
    """
    refund = (
        Refund.objects.select_for_update(no_key=True, of=("self",))
        .select_related("lot__order")
        .get(pk=refund_id)
    )
    asks = {Refund.State.REQUESTED, Refund.State.PENDING}
    if (
        refund.state not in asks
        or refund.stripe_id
        or (refund.lot.order and refund.lot.order.payment_intent_id)
    ):
        raise TooLateToChange(_("Bij deze terugbetaling hoort geen ander rekeningnummer meer."))
    return keep(refund, checked(account), by=by, at=at)


def keep(refund: Refund, account: Account, *, by: User, at: datetime) -> RefundAccount:
    """Write an account down that was looked at. Step: the caller owns the transaction."""
    row, _new = RefundAccount.objects.update_or_create(
        refund=refund,
        defaults={
            "name": account.name, "iban": account.iban, "given_by": by, "given_at": at, "checked_by": None, "checked_at": None,
        },
    )  # fmt: skip
    record("refund.account_given", refund, by_id=by.pk, at=at, ends_with=account.iban[-4:])
    return row


def check(refund: Refund, *, by: User, at: datetime) -> None:
    """Say that the account is right, as the second person. Step: the caller owns the transaction.

    :raises AccountNeeded: the money needs an account and there is none.
    """
    row = of(refund)
    if row is None:
        if has_no_way_back(refund.lot):
            raise AccountNeeded(_("Vraag de klant eerst om een rekeningnummer."))
        return
    if row.checked_by_id is None:
        row.checked_by, row.checked_at = by, at
        row.save(update_fields=["checked_by", "checked_at"])
        record("refund.account_checked", refund, by_id=by.pk, at=at)
