"""What we agree with firms that buy on account, and what we invoice them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Customer, CustomerMember, User
from kernel.refs import new_ref


class FirmAccount(models.Model):
    """What is agreed with a firm. Every change is an event; invoices keep what held when they were made."""

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="+")
    credit_limit_cents = models.PositiveIntegerField(help_text="invoices open together, VAT included")
    payment_days = models.PositiveSmallIntegerField()
    contract_number = models.CharField(max_length=40, blank=True)
    contract_price_cents = models.PositiveIntegerField(
        null=True, help_text="per hour, without VAT; null: buys cheques as residents do"
    )
    reverse_charge = models.BooleanField(default=False, help_text="hiring-out for building or cleaning")
    g_iban = models.CharField(max_length=34, blank=True, help_text="our blocked account, when it is used")
    below_floor_reason = models.TextField(blank=True)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reverse_charge=False) | models.Q(contract_price_cents__isnull=False),
                name="reverse_charge_has_a_price",
            )
        ]


class SpendingLimit(models.Model):
    """How much somebody of a firm may order alone; no row: a booker nothing, owners and approvers anything."""

    member = models.OneToOneField(CustomerMember, models.CASCADE, related_name="+")
    per_order_cents = models.PositiveIntegerField(null=True, help_text="null: no limit")
    per_month_cents = models.PositiveIntegerField(null=True, help_text="null: no limit")


class Invoice(models.Model):
    """An invoice or a credit note. Never changed; the database numbers them without a gap in a year."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Factuur")
        CREDIT = "credit", _("Creditnota")

    class Vat(models.TextChoices):
        """Categories of EN 16931."""

        STANDARD = "S", _("btw")
        REVERSED = "AE", _("btw verlegd")
        OUTSIDE = "O", _("geen btw: waardebon voor meer dan een doel")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    kind = models.CharField(max_length=7, choices=Kind)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(default=0, help_text="given by the database")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    order = models.ForeignKey("Order", models.PROTECT, related_name="invoices")
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_notes")
    issued_on = models.DateField()
    due_on = models.DateField()
    reference = models.CharField(max_length=25, unique=True, help_text="ISO 11649, 'RF..'")
    purchase_order = models.CharField(max_length=40)
    contract_number = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="of a credit note")
    minutes = models.PositiveIntegerField()
    unit_cents = models.PositiveIntegerField(help_text="per hour, without VAT unless it lies outside VAT")
    net_cents = models.PositiveIntegerField()
    vat_category = models.CharField(max_length=2, choices=Vat)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    vat_cents = models.PositiveIntegerField()
    total_cents = models.PositiveIntegerField()
    g_cents = models.PositiveIntegerField(default=0, help_text="of the total, to the blocked account")
    g_iban = models.CharField(max_length=34, blank=True)
    seller = models.JSONField(help_text="who we were when it was made")
    buyer = models.JSONField(help_text="who they were when it was made")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(kind="invoice"), name="order_invoiced_once"
            ),
            models.CheckConstraint(
                condition=models.Q(total_cents=models.F("net_cents") + models.F("vat_cents"))
                & models.Q(net_cents__gt=0)
                & models.Q(g_cents__lte=models.F("total_cents")),
                name="invoice_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="invoice", credits=None)
                | models.Q(kind="credit", credits__isnull=False),
                name="credit_note_credits_something",
            ),
        ]

    @property
    def full_number(self) -> str:
        """The number as people write it: 2026-0001."""
        return f"{self.year}-{self.number:04d}"


class Reminder(models.Model):
    """The first, second or third time that somebody was asked to pay an invoice."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    open_cents = models.PositiveIntegerField()
    sent_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "step"], name="reminded_once")]
