"""Agree with a firm on what it may buy on account, and with its people on how much each may spend."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from schwifty import IBAN

from cheques.firm_models import FirmAccount, SpendingLimit
from events.recording import record
from identity import permissions
from identity.models import Customer, CustomerMember, User
from kernel.errors import Refused
from kernel.money import euros
from lawbook.cheques import PRICE_STEP_CENTS
from lawbook.invoicing import LONGEST_PAYMENT_DAYS, PAYMENT_DAYS, PRICE_FLOOR_CENTS

PART = CustomerMember.Part


class NotAFirm(Refused):
    """Residents pay at once."""


class BelowThePriceFloor(Refused):
    """The price is under the lowest one, and nobody said why."""


class NotAPrice(Refused):
    """A price per hour must give whole cents for a quarter of an hour."""


class TermTooLong(Refused):
    """The law does not let firms take that long."""


class NotAnAccountNumber(Refused):
    """No bank has this account."""


class NotYourPeople(Refused):
    """Only an owner says what others may spend."""


@dataclass(frozen=True)
class Terms:
    """What is agreed. A price is per hour and without VAT; without one the firm buys cheques as residents do."""

    credit_limit_cents: int
    contract_price_cents: int | None = None
    payment_days: int | None = None
    contract_number: str = ""
    reverse_charge: bool = False
    g_iban: str = ""
    below_floor_reason: str = ""


@transaction.atomic(durable=True)
def agree(customer_id: int, terms: Terms, *, by: User, at: datetime) -> FirmAccount:
    """Write down what is agreed with a firm; it holds for orders from now on.

    :raises NotAFirm: the customer is a resident.
    :raises BelowThePriceFloor: the price needs a reason; with one it is kept.
    :raises NotAPrice, TermTooLong, NotAnAccountNumber: what was filled in is not right.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if customer.kind != Customer.Kind.FIRM:
        raise NotAFirm(_("Alleen een bedrijf koopt op rekening."))
    today = timezone.localdate(at)
    days = terms.payment_days or PAYMENT_DAYS.on(today)
    if days > LONGEST_PAYMENT_DAYS.on(today):
        raise TermTooLong(
            _("Een bedrijf betaalt binnen hoogstens %(days)s dagen.")
            % {"days": LONGEST_PAYMENT_DAYS.on(today)}
        )
    _check_price(terms, PRICE_FLOOR_CENTS.on(today), PRICE_STEP_CENTS.on(today))
    account, _made = FirmAccount.objects.update_or_create(
        customer=customer,
        defaults={
            "credit_limit_cents": terms.credit_limit_cents, "payment_days": days,
            "contract_number": terms.contract_number.strip(), "contract_price_cents": terms.contract_price_cents,
            "reverse_charge": terms.reverse_charge, "g_iban": _account_number(terms.g_iban),
            "below_floor_reason": terms.below_floor_reason.strip(), "agreed_at": at, "agreed_by": by,
        },
    )  # fmt: skip
    record(
        "account.agreed", account, by_id=by.pk, at=at, credit_limit_cents=terms.credit_limit_cents, payment_days=days,
        contract_price_cents=terms.contract_price_cents, reverse_charge=terms.reverse_charge,
        below_floor_reason=terms.below_floor_reason.strip(),
    )  # fmt: skip
    return account


def _check_price(terms: Terms, floor: int, step: int) -> None:
    price = terms.contract_price_cents
    if price is None:
        if terms.reverse_charge:
            raise NotAPrice(_("Vul een prijs per uur in: bij 'btw verlegd' koopt een bedrijf zonder btw."))
        return
    if price <= 0 or price % step:
        raise NotAPrice(_("Kies een prijs per uur die door %(step)s cent te delen is.") % {"step": step})
    if price < floor and not terms.below_floor_reason.strip():
        raise BelowThePriceFloor(
            _("Dit is minder dan %(floor)s euro per uur. Dat mag alleen met een reden. Vul die in.")
            % {"floor": f"{euros(floor)}".replace(".", ",")}
        )


def _account_number(text: str) -> str:
    if not text.strip():
        return ""
    number = IBAN(text, allow_invalid=True)
    if not number.is_valid:
        raise NotAnAccountNumber(_("Dit rekeningnummer klopt niet."))
    return str(number.compact)


@transaction.atomic(durable=True)
def set_limit(
    member_id: int,
    *,
    part: str,
    per_order_cents: int | None,
    per_month_cents: int | None,
    by: User,
    at: datetime,
) -> SpendingLimit:
    """Say what somebody of a firm does, and how much they may order alone.

    :raises NotYourPeople: who asks is no owner of that firm, or would take the last owner away.
    """
    member = (
        CustomerMember.objects.select_for_update(no_key=True).select_related("customer").get(pk=member_id)
    )
    if not permissions.may_act_for(by, member.customer, PART.OWNER):
        raise NotYourPeople(_("Alleen een eigenaar bepaalt wat anderen mogen bestellen."))
    owners = CustomerMember.objects.filter(customer=member.customer, part=PART.OWNER).exclude(pk=member.pk)
    if member.part == PART.OWNER and part != PART.OWNER and not owners.exists():
        raise NotYourPeople(_("Een bedrijf heeft altijd minstens één eigenaar."))
    member.part = PART(part)
    member.save(update_fields=["part"])
    limit, _made = SpendingLimit.objects.update_or_create(
        member=member, defaults={"per_order_cents": per_order_cents, "per_month_cents": per_month_cents}
    )
    record(
        "limit.set", limit, by_id=by.pk, at=at, part=part, per_order_cents=per_order_cents,
        per_month_cents=per_month_cents,
    )  # fmt: skip
    return limit
