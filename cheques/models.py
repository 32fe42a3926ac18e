"""Hours bought and not yet used: orders, lots, holds, and every minute that moved between them.

A lot's figures are never written by the application: each `Movement` moves minutes from one figure to
another, a trigger keeps the sums, and a check refuses what does not add up (migration 0003).
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Address, Customer, Household, User
from kernel.refs import new_ref


class VatKind(models.TextChoices):
    """When and at which rate VAT on a lot falls due."""

    MULTI = "mpv", "multi-purpose: at use, by service"
    SINGLE_LOW = "spv9", "single-purpose, low rate: at sale"
    SINGLE_HIGH = "spv21", "single-purpose, high rate: at sale"
    CONTRACT = "exvat", "contract, priced without VAT: on the invoice"


class Wallet(models.Model):
    """Where a customer's lots lie. The row is the lock for all that changes them."""

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="+")


class Purpose(models.Model):
    """What hours that somebody paid for others may be used for. An empty list sets no limit of its kind.

    Never changed once made (migration 0004): people can be added, nothing is taken away from under a gift.
    """

    class Kind(models.TextChoices):
        SPONSORED = "sponsored", _("Gesponsord")
        GIFT = "gift", _("Cadeau")
        STARTER = "starter", _("Startersvoucher")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=60, help_text="what the receiver reads: 'Hulp voor mantelzorgers'")
    sponsor = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    services = ArrayField(models.CharField(max_length=20), default=list, blank=True, help_text="codes")
    addresses = models.ManyToManyField(Address, related_name="+", blank=True)
    people = models.ManyToManyField(Customer, related_name="+", blank=True)
    from_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")
    public_money = models.BooleanField(help_text="what nobody used goes back to who paid")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gt=models.F("from_on")), name="purpose_has_a_period"
            ),
        ]


class Order(models.Model):
    """Cheques asked for and perhaps paid."""

    class State(models.TextChoices):
        OPEN = "open", _("Wacht op betaling")
        PAID = "paid", _("Betaald")
        CANCELLED = "cancelled", _("Afgebroken")

    class Way(models.TextChoices):
        CHECKOUT = "checkout", _("iDEAL, Wero of kaart")
        TRANSFER = "transfer", _("Overschrijving")
        CASH = "cash", _("Contant aan de balie")
        OPENING = "opening", _("Beginstand")
        ACCOUNT = "account", _("Op rekening")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="+", help_text="of the buyer on that day; see caps"
    )
    hours = models.PositiveIntegerField()
    price_cents = models.PositiveIntegerField(help_text="per hour, VAT included, a multiple of 4")
    total_cents = models.PositiveIntegerField()
    vat_kind = models.CharField(max_length=5, choices=VatKind, default=VatKind.MULTI)
    purpose = models.ForeignKey(Purpose, models.PROTECT, null=True, related_name="orders")
    way = models.CharField(max_length=8, choices=Way)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    form_key = models.UUIDField(
        unique=True, default=uuid.uuid4, help_text="one a form: a double click is one order"
    )
    stripe_key = models.UUIDField(
        default=uuid.uuid4, help_text="idempotency key, stored before the first call"
    )
    session_id = models.CharField(max_length=120, blank=True, db_index=True)
    session_url = models.TextField(blank=True)
    payment_intent_id = models.CharField(max_length=120, blank=True, db_index=True)
    transfer_reference = models.CharField(max_length=25, blank=True, help_text="ISO 11649, 'RF..'")
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    purchase_order = models.CharField(max_length=40, blank=True, help_text="the firm's own number")
    approved_at = models.DateTimeField(null=True, help_text="by somebody else of the firm")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(total_cents=models.F("hours") * models.F("price_cents"))
                | models.Q(way="opening", total_cents__lt=models.F("hours") * models.F("price_cents")),
                name="order_adds_up",  # hours that were taken over may end in the middle of one
            ),
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="order_asks_something"),
            models.UniqueConstraint(
                fields=["transfer_reference"],
                condition=~models.Q(transfer_reference=""),
                name="order_reference_once",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("placed_by")),
                name="order_approved_by_another",
            ),
        ]


class Lot(models.Model):
    """Hours bought together: one price, one VAT kind, one expiry, one funder."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="lots")
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="lot")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", help_text="handed on from"
    )
    purpose = models.ForeignKey(Purpose, models.PROTECT, null=True, related_name="lots")
    minutes = models.PositiveIntegerField(help_text="sold")
    price_cents = models.PositiveIntegerField(help_text="per hour, VAT included")
    vat_kind = models.CharField(max_length=5, choices=VatKind)
    funder = models.CharField(max_length=60, blank=True, help_text="empty: the customer paid")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="exclusive; tested at the start of a visit")
    free_minutes = models.IntegerField(default=0, editable=False)
    held_minutes = models.IntegerField(default=0, editable=False)
    frozen_minutes = models.IntegerField(default=0, editable=False)
    used_minutes = models.IntegerField(default=0, editable=False)
    refunded_minutes = models.IntegerField(default=0, editable=False)
    expired_minutes = models.IntegerField(default=0, editable=False)
    returned_minutes = models.IntegerField(default=0, editable=False, help_text="to who handed them on")
    handed_minutes = models.IntegerField(
        default=0, db_default=0, editable=False, help_text="to another wallet"
    )

    class Meta:
        indexes = [models.Index(fields=["wallet", "expires_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(order=None) ^ models.Q(parent=None), name="lot_has_one_origin"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0)
                & models.Q(free_minutes__gte=0)
                & models.Q(held_minutes__gte=0)
                & models.Q(frozen_minutes__gte=0)
                & models.Q(used_minutes__gte=0)
                & models.Q(refunded_minutes__gte=0)
                & models.Q(expired_minutes__gte=0)
                & models.Q(returned_minutes__gte=0)
                & models.Q(handed_minutes__gte=0),
                name="lot_never_below_zero",
            ),
        ]

    @property
    def origin(self) -> Order:
        """The order that paid these hours: the lot's own, or that of the lot they were handed on from."""
        order = self.order or (self.parent.order if self.parent else None)
        assert order is not None, "a lot has one origin, see `lot_has_one_origin`"
        return order


class Hold(models.Model):
    """Minutes kept aside for one booking. Its figures are the sums of its movements."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    key = models.CharField(max_length=60, unique=True, help_text="'booking:41'")
    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField(help_text="placed")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    placed_at = models.DateTimeField()
    service = models.CharField(max_length=20, blank=True, help_text="for what; cheques with a purpose ask it")
    address = models.ForeignKey(Address, models.PROTECT, null=True, related_name="+")
    start_on = models.DateField(null=True)


class Movement(models.Model):
    """Minutes of a lot that went from one figure to another. Never changed, never removed."""

    class Figure(models.TextChoices):
        NEW = "new", _("nieuw")
        FREE = "free", _("vrij")
        HELD = "held", _("gereserveerd")
        FROZEN = "frozen", _("even vastgezet")
        USED = "used", _("gebruikt")
        REFUNDED = "refunded", _("geld terug")
        EXPIRED = "expired", _("verlopen")
        RETURNED = "returned", _("terug bij de gever")
        HANDED = "handed", _("doorgegeven")

    key = models.CharField(max_length=120, unique=True, help_text="names the fact: 'redeem:visit:41:lot:7'")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements")
    hold = models.ForeignKey(Hold, models.PROTECT, null=True, related_name="movements")
    source = models.CharField(max_length=8, choices=Figure)
    target = models.CharField(max_length=8, choices=Figure)
    minutes = models.PositiveIntegerField()
    at = models.DateTimeField(help_text="business time")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0) & ~models.Q(source=models.F("target")),
                name="movement_moves",
            ),
        ]
        indexes = [models.Index(fields=["lot", "at"])]


class Redemption(models.Model):
    """Minutes of a lot that paid for confirmed minutes of a visit; below zero when that was taken back. VAT follows the service."""

    movement = models.OneToOneField(Movement, models.PROTECT, related_name="redemption")
    key = models.CharField(max_length=60, db_index=True, help_text="'visit:41'")
    minutes = models.IntegerField()
    cents = models.IntegerField()
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    used_on = models.DateField(help_text="day of the visit; decides the VAT period")
    entry_key = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0, cents__gte=0) | models.Q(minutes__lt=0, cents__lte=0),
                name="redemption_goes_one_way",
            )
        ]


class Outstanding(models.Model):
    """Confirmed minutes that no cheque paid yet; the next order pays them first."""

    key = models.CharField(max_length=60, unique=True, help_text="'visit:41'")
    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="outstanding")
    minutes = models.PositiveIntegerField()
    settled_minutes = models.PositiveIntegerField(default=0)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    used_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_minutes__lte=models.F("minutes")), name="outstanding_settled_once"
            )
        ]


class VatPeriod(models.Model):
    """VAT of a month at one rate, split off the revenue when the month closes."""

    month = models.DateField(help_text="its first day")
    rate = models.DecimalField(max_digits=4, decimal_places=2)
    gross_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    entry_key = models.CharField(max_length=120, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "rate"], name="vat_period_once")]


class Refund(models.Model):
    """Unused minutes of a lot that go back to who paid them."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Aangevraagd")
        PENDING = "pending", _("Onderweg")
        SUCCEEDED = "succeeded", _("Terugbetaald")
        FAILED = "failed", _("Mislukt")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="refunds")
    minutes = models.PositiveIntegerField()
    cents = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    stripe_key = models.UUIDField(unique=True, default=uuid.uuid4)
    stripe_id = models.CharField(max_length=120, blank=True, db_index=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)


class Chargeback(models.Model):
    """A payment that the customer's bank takes back. What is unspent is frozen until it is won or lost."""

    class State(models.TextChoices):
        OPEN = "open", _("Loopt")
        WON = "won", _("Gewonnen")
        LOST = "lost", _("Verloren")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    stripe_id = models.CharField(max_length=120, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="chargebacks")
    reason = models.CharField(max_length=60, blank=True)
    cents = models.PositiveIntegerField(help_text="what the bank took back, without its fee")
    receivable_cents = models.PositiveIntegerField(default=0, help_text="of hours used already: owed again")
    cancelled_cents = models.PositiveIntegerField(default=0, help_text="of frozen hours, once it is lost")
    written_off_cents = models.PositiveIntegerField(default=0, help_text="of the receivable, given up")
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cents__gte=models.F("receivable_cents") + models.F("cancelled_cents"))
                & models.Q(receivable_cents__gte=models.F("written_off_cents")),
                name="chargeback_within_what_was_taken",
            )
        ]


class Advance(models.Model):
    """Money a customer paid too much (above zero), and what of it paid a later order (below zero)."""

    key = models.CharField(max_length=120, unique=True, help_text="'line:7' or 'order:41'")
    wallet = models.ForeignKey(Wallet, models.PROTECT, related_name="advances")
    cents = models.BigIntegerField()
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="advances")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cents__gt=0, order=None) | models.Q(cents__lt=0, order__isnull=False),
                name="advance_is_in_or_used",
            )
        ]


class Notice(models.Model):
    """A Stripe event as it came in: stored once, read from here."""

    event_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120)
    livemode = models.BooleanField()
    body = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")


class StripeLine(models.Model):
    """A balance transaction at Stripe and the entry that mirrors it."""

    stripe_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40, help_text="'charge', 'refund', 'payout', 'adjustment'")
    source_id = models.CharField(max_length=120)
    gross_cents = models.BigIntegerField()
    fee_cents = models.BigIntegerField()
    net_cents = models.BigIntegerField()
    payment_intent_id = models.CharField(
        max_length=120, blank=True, default="", db_index=True, help_text="of a payment: whose order it is"
    )
    entry_key = models.CharField(max_length=120, unique=True)
    created_on = models.DateField()


class PayoutPart(models.Model):
    """A line of the balance at Stripe that went to the bank in a payout."""

    line = models.OneToOneField(StripeLine, models.PROTECT, related_name="payout_part")
    payout_id = models.CharField(max_length=120, db_index=True)


import cheques.cap_models  # noqa: E402 - the tables of the caps, of the counter and of firms belong here too
import cheques.chargeback_models  # noqa: E402
import cheques.counter_models  # noqa: E402
import cheques.expiry_models  # noqa: E402 - and those of warnings and extensions
import cheques.firm_models  # noqa: E402 - and those of firms
import cheques.refund_models  # noqa: E402
import cheques.usage_models  # noqa: E402, F401
