"""The books: what moved, from where, to where, and because of which fact.

An entry groups transfers; a transfer debits one account and credits another, so an unbalanced entry cannot
be written down. Nothing is ever changed or removed: a mistake is mended by an entry that reverses it. The
rules stand in the database (migration 0002), not in this file.
"""

from django.db import models
from django.db.models.functions import Now


class Account(models.TextChoices):
    """The chart of accounts. A, L, I, C, M = asset, liability, income, cost, memo (outside the result)."""

    BANK = "bank", "A Bank"
    STRIPE = "stripe", "A Stripe balance"
    CASH = "cash", "A Cash drawer"
    CUSTOMERS = "customers", "A Owed by customers"
    SUBSIDIES_DUE = "subsidies_due", "A Subsidies claimed and not received"
    SUSPENSE = "suspense", "A Bank lines that wait for a name"
    CHEQUES = "cheques", "L Cheques sold and not used"
    HANDED = "handed", "L Cheques on their way to another wallet, always nothing left"
    VAT = "vat", "L VAT to pay"
    WAGES_DUE = "wages_due", "L Gross wages run and not split into net and tax"
    NET_DUE = "net_due", "L Net wages to pay"
    TAX_DUE = "tax_due", "L Wage tax and premiums to pay"
    HOLIDAY_RESERVE = "holiday_reserve", "L Holiday allowance earned and not paid"
    SUPPLIERS = "suppliers", "L Invoices of suppliers to pay"
    OPENING = "opening", "L Opening balances"
    REVENUE = "revenue", "I Cheques used, VAT included until the period closes"
    BREAKAGE = "breakage", "I Cheques expired"
    SUBSIDY_INCOME = "subsidy_income", "I Wage subsidies"
    PUBLIC_INCOME = "public_income", "I Reintegration money and grants"
    WAGES = "wages", "C Gross wages"
    HOLIDAY_COST = "holiday_cost", "C Holiday allowance"
    PREMIUMS = "premiums", "C Employer premiums"
    FEES = "fees", "C Payment fees"
    LOSSES = "losses", "C Chargebacks and write-offs"
    COACHING = "coaching", "C Coaching bought for those who start a business"
    CASH_DIFFERENCE = "cash_difference", "C Drawer counted short, or over"
    ROUNDING = "rounding", "C Rounding"
    BORNE = "borne", "M Hours the organisation bears"
    BORNE_COVER = "borne_cover", "M Counterpart of hours borne"


class Entry(models.Model):
    """One business fact in the books. `key` names the fact, so that it is booked once."""

    key = models.CharField(max_length=120, unique=True)
    day = models.DateField(help_text="the day the fact belongs to, in Europe/Amsterdam")
    fingerprint = models.CharField(max_length=64, help_text="sha256 of the transfers: same key, same body")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="+")
    xid = models.BigIntegerField(editable=False, db_default=0, help_text="the transaction that wrote it")
    booked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["day"])]


class Transfer(models.Model):
    """Cents that left one account for another. `party` names whose: 'wallet:12', 'worker:7', or nothing."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="transfers")
    debit = models.CharField(max_length=20, choices=Account)
    credit = models.CharField(max_length=20, choices=Account)
    cents = models.BigIntegerField()
    party = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="transfer_cents_above_zero"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="transfer_moves"),
            models.CheckConstraint(
                condition=models.Q(debit__in=Account.values) & models.Q(credit__in=Account.values),
                name="transfer_accounts_exist",
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "party"]),
            models.Index(fields=["credit", "party"]),
        ]


class ClosedMonth(models.Model):
    """A month that takes no more entries. `month` is its first day."""

    month = models.DateField(unique=True)
    closed_at = models.DateTimeField()
    closed_by_id = models.BigIntegerField(help_text="the user who closed it")


class ClosedDay(models.Model):
    """A day that takes no more entries."""

    day = models.DateField(unique=True)
    closed_at = models.DateTimeField()
    closed_by_id = models.BigIntegerField(help_text="the user who closed it")


class ClosedYear(models.Model):
    """A year whose months are closed, with its result: income less cost."""

    year = models.PositiveSmallIntegerField(unique=True)
    result_cents = models.BigIntegerField()
    closed_at = models.DateTimeField()
    closed_by_id = models.BigIntegerField(help_text="the user who closed it")
