"""Starter vouchers: hours of coaching for a neighbour who starts a business.

The organisation buys the coaching, the voucher pays the organisation, the certified coach invoices it. A voucher is a
purpose like any other (`cheques.sponsoring`), for the service `coaching`; each hour goes hold, confirmed by the starter,
redeemed, invoiced: once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import holds, redemption
from cheques.lots import Use
from cheques.models import Movement, Purpose
from events.recording import record
from identity.models import Customer, User
from kernel.errors import Refused
from kernel.minutes import is_quarter
from lawbook.vat import HIGH_RATE
from ledger.models import Account
from ledger.posting import Move, post
from marketplace.models import Coach, CoachingHour, CoachInvoice

CODE = "coaching"


class NotCertified(Refused):
    """The coach's certificate is not valid on that day."""


class NoVoucher(Refused):
    """The starter has no voucher with that many hours."""


class NotInQuarters(Refused):
    """Nothing, or not a whole number of quarters."""


class NotYours(Refused):
    """Only the starter says that the hours were given."""


class ConfirmedBefore(Refused):
    """Confirmed once is enough."""


class NotToInvoice(Refused):
    """Not confirmed, of another coach, or invoiced before."""


class AnotherAmount(Refused):
    """The invoice asks something else than was agreed."""


@transaction.atomic(durable=True)
def certify(
    name: str, *, certificate: str, certified_until: date, rate_cents: int, by: User, at: datetime
) -> Coach:
    """Write down a coach: the certificate, until when (exclusive), and the price per hour agreed, without VAT."""
    coach = Coach.objects.create(
        name=name.strip(),
        certificate=certificate.strip(),
        certified_until=certified_until,
        rate_cents=rate_cents,
    )
    record("coach.certified", coach, by_id=by.pk, at=at, until_on=certified_until.isoformat())
    return coach


@transaction.atomic(durable=True)
def note(
    customer_id: int,
    *,
    coach_id: int,
    minutes: int,
    start_at: datetime,
    form_key: UUID,
    by: User,
    at: datetime,
) -> CoachingHour:
    """Write down coaching that was given or is agreed, and hold it on the starter's voucher. Once per form.

    :raises NotInQuarters: not a whole number of quarters.
    :raises NotCertified: the certificate is not valid that day.
    :raises NoVoucher: the starter has fewer hours of coaching; own cheques do not pay it.
    """
    known = CoachingHour.objects.filter(form_key=form_key).first()
    if known:
        return known
    coach = Coach.objects.get(pk=coach_id)
    if minutes <= 0 or not is_quarter(minutes):
        raise NotInQuarters(_("Kies een tijd in hele kwartieren."))
    day = timezone.localdate(start_at)
    if coach.certified_until <= day:
        raise NotCertified(_("Het certificaat van deze coach geldt niet op die dag."))
    starter = Customer.objects.get(pk=customer_id)
    try:
        hold = holds.place(
            customer_id, minutes=minutes, start_at=start_at, key=f"coaching:{form_key}", at=at,
            use=Use(CODE, starter.address_id, day, day),
        )  # fmt: skip
    except holds.NotEnoughCheques:
        raise NoVoucher(_("Zoveel uren coaching staan er niet op de startersvoucher.")) from None
    if Movement.objects.filter(hold=hold).exclude(lot__purpose__kind=Purpose.Kind.STARTER).exists():
        raise NoVoucher(_("Zoveel uren coaching staan er niet op de startersvoucher."))
    hour = CoachingHour.objects.create(
        customer=starter, coach=coach, minutes=minutes, start_at=start_at, hold=hold, form_key=form_key
    )
    record("coaching.noted", hour, by_id=by.pk, at=at, minutes=minutes)
    return hour


@transaction.atomic(durable=True)
def confirm(hour_id: int, *, by: User, at: datetime) -> CoachingHour:
    """Say that the coaching was given: the voucher pays the organisation.

    :raises NotYours: only the starter says so, never the coach or the office.
    :raises ConfirmedBefore: it was said before.
    """
    hour = CoachingHour.objects.select_for_update(of=("self",)).get(pk=hour_id)
    if not hour.customer.members.filter(user=by).exists():
        raise NotYours(_("Alleen wie de coaching kreeg, kan ja zeggen."))
    if hour.confirmed_at:
        raise ConfirmedBefore(_("U hebt al ja gezegd."))
    day = timezone.localdate(hour.start_at)
    redemption.redeem(
        hour.hold_id, minutes=hour.minutes, key=f"coaching:{hour.pk}", vat_rate=HIGH_RATE.on(day), used_on=day,
        start_at=hour.start_at, at=at,
    )  # fmt: skip
    hour.confirmed_at = at
    hour.save(update_fields=["confirmed_at"])
    record("coaching.confirmed", hour, by_id=by.pk, at=at, minutes=hour.minutes)
    return hour


@transaction.atomic(durable=True)
def take_invoice(
    coach_id: int,
    *,
    number: str,
    hour_ids: Sequence[int],
    net_cents: int,
    vat_cents: int,
    by: User,
    at: datetime,
) -> CoachInvoice:
    """Take in a coach's invoice for hours that were confirmed, each once, at the price agreed.

    Booked: coaching (net) and VAT to reclaim against suppliers; a bank line pays it.

    :raises NotToInvoice: an hour that is not confirmed, is another coach's, or was invoiced before.
    :raises AnotherAmount: not the hours times the price agreed.
    """
    coach = Coach.objects.select_for_update(no_key=True).get(pk=coach_id)
    rows = list(CoachingHour.objects.select_for_update(of=("self",)).filter(pk__in=hour_ids).order_by("pk"))
    ready = [row for row in rows if row.confirmed_at and row.invoice_id is None and row.coach_id == coach.pk]
    if not rows or len(ready) != len(set(hour_ids)):
        raise NotToInvoice(
            _("Deze uren kunnen niet op een rekening: niet bevestigd, van een ander, of al betaald.")
        )
    agreed = sum(row.minutes for row in rows) * coach.rate_cents // 60
    if net_cents != agreed or vat_cents < 0:
        raise AnotherAmount(
            _("Afgesproken is %(agreed)s euro zonder btw.")
            % {"agreed": f"{agreed // 100},{agreed % 100:02d}"}
        )
    invoice = CoachInvoice.objects.create(
        coach=coach,
        number=number.strip(),
        net_cents=net_cents,
        vat_cents=vat_cents,
        received_at=at,
        taken_by=by,
    )
    CoachingHour.objects.filter(pk__in=[row.pk for row in rows]).update(invoice=invoice)
    post(
        f"coachinvoice:{invoice.pk}", timezone.localdate(at),
        Move(Account.COACHING, Account.SUPPLIERS, net_cents, f"coach:{coach.pk}"),
        Move(Account.VAT, Account.SUPPLIERS, vat_cents, f"coach:{coach.pk}"),
    )  # fmt: skip
    record("coaching.invoiced", invoice, by_id=by.pk, at=at, net_cents=net_cents)
    return invoice
