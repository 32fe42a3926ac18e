"""Wages of accepted minutes: pay runs, wage lines, payslips, and the files that pay them."""

from django.db import models

from bank.models import Line
from events.sealing import SealedText
from identity.models import User
from kernel.refs import new_ref
from scheduling.models import Assignment, Travel
from workers_pool.models import Worker


class WorkerFile(models.Model):
    """What payroll must know of a worker and nobody else may."""

    worker = models.OneToOneField(Worker, models.PROTECT, related_name="+")
    birth_on = models.DateField()
    bsn = SealedText()
    bsn_hash = models.CharField(max_length=64, unique=True)
    iban = SealedText()
    account_name = models.CharField(max_length=70)


class LeaveEntry(models.Model):
    """Minutes of leave that were earned, taken or brought along, on a day. The balance is their sum."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    minutes = models.IntegerField(help_text="below zero: taken")
    on = models.DateField()
    why = models.CharField(max_length=80)
    key = models.CharField(max_length=80, unique=True, help_text="'opening:worker:7'")


class PayRun(models.Model):
    """One month's wages."""

    class State(models.TextChoices):
        DRAFT = "draft", "Proef"
        FIXED = "fixed", "Vastgesteld"
        SENT = "sent", "Bij het loonbureau"
        NETTED = "netted", "Netto bekend"
        PAID = "paid", "Betaald"

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    month = models.DateField(unique=True, help_text="its first day")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    bureau_id = models.CharField(max_length=80, blank=True)
    export_digest = models.CharField(max_length=64, blank=True)


class WageLine(models.Model):
    """Minutes of one worker at one rate, of one kind, in one period."""

    class Kind(models.TextChoices):
        VISIT = "visit", "Gewerkt"
        TRAVEL = "travel", "Reistijd"
        TOP_UP = "top_up", "Aanvulling tot het minimum per oproep"

    run = models.ForeignKey(PayRun, models.PROTECT, related_name="lines")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    rate_cents = models.PositiveIntegerField(help_text="gross per hour")
    from_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")
    minutes = models.PositiveIntegerField()
    cents = models.PositiveIntegerField()
    rule = models.CharField(max_length=120, help_text="why this rate: the row of the lawbook")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "worker", "kind", "rate_cents", "from_on"], name="wage_line_once"
            )
        ]


class PaidPiece(models.Model):
    """Accepted minutes in the wage line that pays them: each piece of work in one line."""

    line = models.ForeignKey(WageLine, models.PROTECT, related_name="pieces")
    assignment = models.OneToOneField(Assignment, models.PROTECT, null=True, related_name="+")
    travel = models.OneToOneField(Travel, models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField()
    cents = models.PositiveIntegerField(help_text="share of the line, by largest remainder")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(assignment__isnull=False, travel__isnull=True)
                | models.Q(assignment__isnull=True, travel__isnull=False),
                name="piece_is_one_thing",
            )
        ]


class Payslip(models.Model):
    """One worker's month: gross, and after the bureau answered, net and withheld."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    run = models.ForeignKey(PayRun, models.PROTECT, related_name="payslips")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    gross_cents = models.PositiveIntegerField(help_text="sum of the wage lines")
    holiday_cents = models.PositiveIntegerField(help_text="holiday allowance earned, not paid now")
    premium_cents = models.PositiveIntegerField(default=0, help_text="of the employer, on top")
    withheld_cents = models.PositiveIntegerField(null=True)
    net_cents = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "worker"], name="payslip_once"),
            models.CheckConstraint(
                condition=models.Q(net_cents__isnull=True, withheld_cents__isnull=True)
                | models.Q(gross_cents=models.F("net_cents") + models.F("withheld_cents")),
                name="gross_is_net_and_withheld",
            ),
        ]


class PaymentFile(models.Model):
    """A SEPA file (pain.001) with the same bytes for ever, approved by someone who did not make it."""

    class State(models.TextChoices):
        DRAFT = "draft", "Wacht op goedkeuring"
        APPROVED = "approved", "Goedgekeurd"
        SENT = "sent", "Bij de bank"
        ANSWERED = "answered", "Antwoord van de bank"

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    run = models.ForeignKey(PayRun, models.PROTECT, related_name="files")
    message_id = models.CharField(max_length=35, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    body = SealedText()
    digest = models.CharField(max_length=64)
    total_cents = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("made_by")),
                name="file_needs_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(approved_by__isnull=False),
                name="file_is_approved_before_it_goes",
            ),
        ]


class Payment(models.Model):
    """A net wage in a file; a payslip stands in at most one that was not rejected."""

    class State(models.TextChoices):
        WAITING = "waiting", "In het bestand"
        ACCEPTED = "accepted", "Aangenomen door de bank"
        REJECTED = "rejected", "Geweigerd"
        BOOKED = "booked", "Afgeschreven"

    file = models.ForeignKey(PaymentFile, models.PROTECT, related_name="payments")
    payslip = models.ForeignKey(Payslip, models.PROTECT, related_name="payments")
    end_to_end_id = models.CharField(max_length=35, unique=True)
    cents = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=80, blank=True, help_text="the bank's, when rejected")
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payslip"], condition=~models.Q(state="rejected"), name="one_live_payment_per_payslip"
            )
        ]
