"""What the bank says: statements, their lines, and what each line was for."""

from django.db import models

from events.sealing import SealedText
from kernel.refs import new_ref


class Statement(models.Model):
    """One bank statement, imported once."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    digest = models.CharField(max_length=64, help_text="sha256 of the file it came in")
    iban = models.CharField(max_length=34, help_text="the organisation's own account")
    statement_id = models.CharField(max_length=70)
    opening_cents = models.BigIntegerField()
    closing_cents = models.BigIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(help_text="inclusive, as the bank writes it")
    imported_at = models.DateTimeField()
    imported_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["iban", "statement_id", "from_on"], name="statement_once")
        ]


class Line(models.Model):
    """One amount on a statement; positive came in, negative went out. A batch is one line a part."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    bank_ref = models.CharField(max_length=80, help_text="the bank's own reference, with the part's number")
    booked_on = models.DateField()
    cents = models.BigIntegerField()
    end_to_end_id = models.CharField(max_length=35, blank=True)
    counter_name = models.CharField(max_length=140, blank=True)
    counter_iban = SealedText(blank=True)
    remittance = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "bank_ref"], name="line_once"),
            models.CheckConstraint(condition=~models.Q(cents=0), name="line_moves"),
        ]


class Allocation(models.Model):
    """What (a part of) a bank line was for. The sum of a line's parts never passes the line (migration)."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="allocations")
    cents = models.BigIntegerField(help_text="same sign as the line")
    target = models.CharField(
        max_length=60, help_text="'order:41', 'payout:po_1', 'payment:9', 'claim:3', 'tax'"
    )
    entry_key = models.CharField(max_length=120, unique=True)
    allocated_at = models.DateTimeField()
    allocated_by_id = models.BigIntegerField(null=True, help_text="null when a rule matched it")


class Release(models.Model):
    """A part that was booked by hand and is open again: its entry was reversed, the line waits in the queue."""

    allocation = models.OneToOneField(Allocation, models.PROTECT, related_name="release")
    entry_key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
