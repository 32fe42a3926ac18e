"""What a firm used of cheques for more than one purpose: VAT falls due at use, so it is invoiced then."""

from django.db import models

from cheques.models import Redemption
from identity.models import Customer
from kernel.refs import new_ref


class UsageInvoice(models.Model):
    """The VAT invoice of what a firm used in a month and paid before with cheques. Never changed; a series of its own."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    month = models.DateField(help_text="its first day")
    issued_on = models.DateField()
    rates = models.JSONField(
        help_text="of each rate: {rate, minutes, gross_cents, vat_cents}, on the total (rule C4)"
    )
    gross_cents = models.PositiveIntegerField(help_text="VAT included, paid with cheques")
    vat_cents = models.PositiveIntegerField()
    seller = models.JSONField(help_text="who we were when it was made")
    buyer = models.JSONField(help_text="who they were when it was made")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="usage_number_once"),
            models.UniqueConstraint(fields=["customer", "month"], name="usage_once_a_month"),
        ]

    @property
    def full_number(self) -> str:
        """The number as people write it: G2026-0001."""
        return f"G{self.year}-{self.number:04d}"


class UsageLine(models.Model):
    """A use that is on an invoice, once."""

    redemption = models.OneToOneField(Redemption, models.PROTECT, related_name="usage_line")
    invoice = models.ForeignKey(UsageInvoice, models.PROTECT, related_name="lines")
