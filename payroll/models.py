"""Wages of accepted minutes: pay runs, wage lines, payslips, and the files that pay them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class AccountAsked(models.Model):
    """Another account for a worker's wage: it waits until a second person agrees, and the worker was told."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    iban = SealedText()
    account_name = models.CharField(max_length=70)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker"], condition=models.Q(answered_at__isnull=True), name="account_asked_once"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed=False)
                | models.Q(answered_by__isnull=False) & ~models.Q(answered_by=models.F("asked_by")),
                name="account_needs_a_second_person",
            ),
        ]


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
        DRAFT = "draft", _("Proef")
        FIXED = "fixed", _("Vastgesteld")
        SENT = "sent", _("Bij het loonbureau")
        NETTED = "netted", _("Netto bekend")
        PAID = "paid", _("Betaald")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    month = models.DateField(unique=True, help_text="its first day")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    worker_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        help_text="who is paid; a payslip each when the draft is ready",
    )
    ready_at = models.DateTimeField(
        null=True, help_text="when the draft was complete; empty while it is being made"
    )
    error = models.CharField(
        max_length=400, blank=True, help_text="why the draft could not be made, for people"
    )
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    bureau_id = models.CharField(max_length=80, blank=True)
    export_digest = models.CharField(max_length=64, blank=True)


class WageLine(models.Model):
    """Minutes of one worker at one rate, of one kind, in one period.

    A line of another month than that of its run is a correction: what that month should have paid, less what was
    paid for it. Such a line may be below zero.
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("Gewerkt")
        TRAVEL = "travel", _("Reistijd")
        UNWORKED = "unworked", _("Afgezegd, toch betaald")
        TOP_UP = "top_up", _("Aanvulling tot het minimum per oproep")
        TRAINING = "training", _("Scholing")
        LEAVE = "leave", _("Vrij, doorbetaald")
        SICK = "sick", _("Ziek")
        SUNDAY = "sunday", _("Toeslag zondag")
        NIGHT = "night", _("Toeslag nacht")
        HOLIDAY = "holiday", _("Vakantiegeld")
        LEAVE_LEFT = "left", _("Vrije uren uitbetaald")

    OF_WORK = (Kind.VISIT, Kind.TRAVEL)
    ON_TOP = (
        Kind.SUNDAY,
        Kind.NIGHT,
        Kind.HOLIDAY,
    )  # their minutes, if any, are paid in another line already

    run = models.ForeignKey(PayRun, models.PROTECT, related_name="lines")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    month = models.DateField(help_text="the month worked, by its first day")
    kind = models.CharField(max_length=8, choices=Kind)
    rate_cents = models.PositiveIntegerField(help_text="gross per hour")
    from_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")
    minutes = models.IntegerField()
    cents = models.IntegerField()
    rule = models.CharField(max_length=200, help_text="why this rate: the row of the lawbook")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "worker", "month", "kind", "rate_cents", "from_on"], name="wage_line_once"
            )
        ]
        indexes = [models.Index(fields=["worker", "month"])]

    @property
    def is_correction(self) -> bool:
        return self.month != self.run.month


class PaidTime(models.Model):
    """Minutes of a day that are paid without a visit: training, leave, sickness. Withdrawn, never changed."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("Scholing")
        LEAVE = "leave", _("Vrij, doorbetaald")
        SICK = "sick", _("Ziek")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    sick_since = models.DateField(null=True, help_text="the first day of this sickness")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "kind", "on"], condition=models.Q(withdrawn_at=None), name="paid_time_once"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0, minutes__lte=720), name="paid_time_is_a_working_day"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="sick", sick_since__isnull=False)
                | (~models.Q(kind="sick") & models.Q(sick_since__isnull=True)),
                name="sickness_has_a_first_day",
            ),
        ]


class PaidPiece(models.Model):
    """The part of a wage line that pays one piece of work or of paid time; the parts add up to the line."""

    line = models.ForeignKey(WageLine, models.PROTECT, related_name="pieces")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    travel = models.ForeignKey(Travel, models.PROTECT, null=True, related_name="+")
    time = models.ForeignKey(PaidTime, models.PROTECT, null=True, related_name="+")
    minutes = models.IntegerField()
    cents = models.IntegerField(help_text="share of the line, by largest remainder")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(assignment__isnull=False, travel__isnull=True, time__isnull=True)
                | models.Q(assignment__isnull=True, travel__isnull=False, time__isnull=True)
                | models.Q(assignment__isnull=True, travel__isnull=True, time__isnull=False),
                name="piece_is_of_one_thing",
            ),
            models.UniqueConstraint(fields=["line", "assignment"], name="piece_once_per_visit"),
            models.UniqueConstraint(fields=["line", "travel"], name="piece_once_per_way"),
            models.UniqueConstraint(fields=["line", "time"], name="piece_once_per_time"),
        ]


class Payslip(models.Model):
    """One worker's month: gross, and after the bureau answered, net and withheld."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    run = models.ForeignKey(PayRun, models.PROTECT, related_name="payslips")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    gross_cents = models.PositiveIntegerField(help_text="sum of the wage lines")
    holiday_cents = models.IntegerField(help_text="holiday allowance earned, not paid now")
    holiday_paid_cents = models.PositiveIntegerField(
        default=0, help_text="holiday allowance inside the gross"
    )
    holiday_released_cents = models.IntegerField(default=0, help_text="what was set aside for what is paid")
    leave_minutes = models.IntegerField(default=0, help_text="leave earned with the paid minutes")
    leave_out_minutes = models.IntegerField(default=0, help_text="leave taken, or paid when somebody left")
    basis = models.CharField(max_length=64, blank=True, help_text="sha256 of the facts it was computed from")
    premium_cents = models.PositiveIntegerField(default=0, help_text="of the employer, on top")
    bureau_premium_cents = models.PositiveIntegerField(null=True, help_text="the same, by the payroll bureau")
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

    @property
    def cost_cents(self) -> int:
        """What the month cost: allowance that is paid now was a cost when it was earned."""
        return self.gross_cents - self.holiday_paid_cents + self.holiday_cents + self.premium_cents


class PaymentFile(models.Model):
    """A SEPA file (pain.001) with the same bytes for ever, approved by someone who did not make it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Wacht op goedkeuring")
        APPROVED = "approved", _("Goedgekeurd")
        SENT = "sent", _("Bij de bank")
        ANSWERED = "answered", _("Antwoord van de bank")
        DROPPED = "dropped", _("Ingetrokken")

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
                condition=models.Q(state__in=["draft", "dropped"]) | models.Q(approved_by__isnull=False),
                name="file_is_approved_before_it_goes",
            ),
        ]


class Payment(models.Model):
    """A net wage in a file; a payslip stands in at most one that was not rejected."""

    class State(models.TextChoices):
        WAITING = "waiting", _("In het bestand")
        ACCEPTED = "accepted", _("Aangenomen door de bank")
        REJECTED = "rejected", _("Geweigerd")
        BOOKED = "booked", _("Afgeschreven")

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
