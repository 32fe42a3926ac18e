"""Invoice what a firm bought on account, and credit it again. An invoice is never changed: a credit note mends it.

Hours of a contract are priced without VAT, which is due with the invoice. The cheque that residents buy too may be used
at any rate, so its sale lies outside VAT (a voucher for more than one purpose) and VAT follows at use.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from bank.references import new_reference
from cheques import lots, payables, transfers
from cheques.firm_models import FirmAccount, Invoice
from cheques.models import Movement, Order, VatKind, Wallet
from cheques.redemption import worth
from events.recording import record
from identity.models import Customer, Organisation, User
from kernel.errors import Refused
from kernel.minutes import QUARTER
from kernel.money import half_up, vat_on_top
from lawbook.invoicing import G_SHARE, G_SHARE_REVERSED
from lawbook.vat import HIGH_RATE
from ledger.models import Account
from ledger.posting import Move, post

NOTHING = Decimal(0)
FREE, REFUNDED = Movement.Figure.FREE, Movement.Figure.REFUNDED


class NotYetOurselves(Refused):
    """An invoice must name us, and something of us is not filled in."""


class NothingToCredit(Refused):
    """Fewer hours of this invoice are free than are credited."""


class NoReason(Refused):
    """A credit note says why."""


@dataclass(frozen=True)
class Amounts:
    """What is charged for minutes: without VAT, the VAT, and what of the total goes to the blocked account."""

    net_cents: int
    category: str
    rate: Decimal
    vat_cents: int
    g_cents: int = 0

    @property
    def total_cents(self) -> int:
        """What is to be paid."""
        return self.net_cents + self.vat_cents


def amounts(net_cents: int, account: FirmAccount, vat_kind: str, *, on: date) -> Amounts:
    """Return what a firm pays for hours that cost so much; VAT once, on the total (rule C4)."""
    if vat_kind != VatKind.CONTRACT:
        category, rate = Invoice.Vat.OUTSIDE, NOTHING
    elif account.reverse_charge:
        category, rate = Invoice.Vat.REVERSED, NOTHING
    else:
        category, rate = Invoice.Vat.STANDARD, HIGH_RATE.on(on)
    vat = vat_on_top(net_cents, rate)
    share = (G_SHARE_REVERSED if account.reverse_charge else G_SHARE).on(on) if account.g_iban else NOTHING
    return Amounts(net_cents, category, rate, vat, half_up((net_cents + vat) * share))


def invoice(order: Order, account: FirmAccount, *, at: datetime) -> Invoice:
    """Make the invoice of an order whose hours were given. Step: the caller owns the transaction.

    :raises NotYetOurselves: our name, address, KvK number or bank account is not filled in.
    """
    today = timezone.localdate(at)
    sums = amounts(order.total_cents, account, order.vat_kind, on=today)
    made = Invoice.objects.create(
        kind=Invoice.Kind.INVOICE, year=today.year, customer=order.customer, order=order, issued_on=today,
        due_on=today + timedelta(days=account.payment_days), reference=new_reference(payables.INVOICE_FIRST),
        purchase_order=order.purchase_order, contract_number=account.contract_number, minutes=order.hours * 60,
        unit_cents=order.price_cents, net_cents=sums.net_cents, vat_category=sums.category, vat_rate=sums.rate,
        vat_cents=sums.vat_cents, total_cents=sums.total_cents, g_cents=sums.g_cents, g_iban=account.g_iban,
        seller=seller(), buyer=buyer(order.customer), made_at=at, made_by=order.placed_by,
    )  # fmt: skip
    made.refresh_from_db(fields=["number"])
    wallet = lots.wallet_of(order.customer_id)
    if made.vat_cents:
        move = Move(Account.CUSTOMERS, Account.VAT, made.vat_cents, f"wallet:{wallet.pk}")
        post(f"invoice:{made.pk}", today, move)
    record("invoice.made", made, by_id=order.placed_by_id, at=at, total_cents=made.total_cents)
    return made


def seller() -> dict[str, str]:
    """Return who we are, as an invoice names us.

    :raises NotYetOurselves: something that an invoice must name is not filled in.
    """
    us = Organisation.objects.get(pk=1)
    found = {name: getattr(us, name) for name in (
        "name", "street", "house_number", "postcode", "town", "kvk", "vat_id", "iban", "bic", "phone", "email",
    )}  # fmt: skip
    missing = [
        name for name in ("name", "street", "postcode", "town", "kvk", "vat_id", "iban") if not found[name]
    ]
    if missing:
        raise NotYetOurselves(
            _("Er kan nog geen factuur worden gemaakt: van onszelf is nog niet alles ingevuld. Bel ons.")
        )
    return found


def buyer(customer: Customer) -> dict[str, str]:
    """Return who buys, as an invoice names them."""
    door = customer.address
    return {
        "name": customer.name, "street": door.street, "house_number": door.house_number, "postcode": door.postcode,
        "town": door.town, "kvk": customer.kvk, "vat_id": customer.vat_id,
    }  # fmt: skip


@transaction.atomic(durable=True)
def credit(invoice_id: int, *, minutes: int, reason: str, by: User, at: datetime) -> Invoice:
    """Credit hours of an invoice that are still free, at its price and rate; they cannot be used any more.

    The note that empties an invoice takes the rest of its VAT. What was paid too much then is kept for the firm.

    :raises NothingToCredit: fewer hours are free.
    :raises NoReason: nobody said why.
    """
    if not reason.strip():
        raise NoReason(_("Schrijf op waarom u crediteert."))
    row = Invoice.objects.select_for_update(no_key=True).get(pk=invoice_id, kind=Invoice.Kind.INVOICE)
    wallet = lots.locked_wallet(row.customer_id)
    lot = row.order.lot
    lot.refresh_from_db()
    if not 0 < minutes <= lot.free_minutes or minutes % QUARTER:
        raise NothingToCredit(_("Zoveel uren van deze factuur zijn er niet meer vrij."))
    note = _note(row, minutes, reason.strip(), by, at)
    lots.move(lot.pk, FREE, REFUNDED, minutes, key=f"credit:{note.pk}", at=at)
    party = f"wallet:{wallet.pk}"
    post(
        f"credit:{note.pk}", note.issued_on, Move(Account.CHEQUES, Account.CUSTOMERS, note.net_cents, party),
        Move(Account.VAT, Account.CUSTOMERS, note.vat_cents, party),
    )  # fmt: skip
    _keep_what_is_too_much(row, note, wallet, at=at)
    record("invoice.credited", note, by_id=by.pk, at=at, total_cents=note.total_cents)
    return note


def _note(row: Invoice, minutes: int, reason: str, by: User, at: datetime) -> Invoice:
    earlier = row.credit_notes.aggregate(minutes=Sum("minutes"), net=Sum("net_cents"), vat=Sum("vat_cents"))
    last = minutes == row.minutes - (earlier["minutes"] or 0)
    net = worth(minutes, row.unit_cents)
    vat = row.vat_cents - (earlier["vat"] or 0) if last else vat_on_top(net, row.vat_rate)
    today = timezone.localdate(at)
    same: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("customer", "order", "purchase_order", "contract_number", "unit_cents", "vat_category",
                     "vat_rate", "seller", "buyer")
    }  # fmt: skip
    note = Invoice.objects.create(
        kind=Invoice.Kind.CREDIT, credits=row, year=today.year, issued_on=today, due_on=today, reason=reason,
        reference=new_reference(payables.INVOICE_FIRST), minutes=minutes, net_cents=net, vat_cents=vat,
        total_cents=net + vat, made_at=at, made_by=by, **same,
    )  # fmt: skip
    note.refresh_from_db(fields=["number"])
    return note


def _keep_what_is_too_much(row: Invoice, note: Invoice, wallet: Wallet, *, at: datetime) -> None:
    over = -payables.open_cents(row) - payables.kept_cents(row)
    if over > 0:
        transfers.keep_advance(wallet, over, key=f"credit:{note.pk}", at=at)
