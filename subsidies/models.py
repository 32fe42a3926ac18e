"""Wage subsidies: what was awarded, what is claimed for it, what came in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Customer, Municipality, User
from kernel.refs import new_ref
from payroll.models import PaidPiece
from workers_pool.models import Worker


class Award(models.Model):
    """A decision of a municipality to subsidise one worker's wage (loonkostensubsidie)."""

    class Route(models.TextChoices):
        MEASURED = "measured", _("gemeten loonwaarde")
        FORFAIT = "forfait", _("forfait 50%")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    route = models.CharField(max_length=8, choices=Route)
    wage_value = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, help_text="percent, measured only"
    )
    week_minutes = models.PositiveIntegerField(help_text="contract hours the award counts, in minutes a week")
    base_on = models.DateField(help_text="whose reference wage holds until the next 1 January")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="exclusive")
    letter = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(route="forfait", wage_value__isnull=True)
                | models.Q(route="measured", wage_value__gte=0, wage_value__lte=100),
                name="award_knows_its_route",
            ),
            models.UniqueConstraint(fields=["worker", "from_on"], name="award_starts_once"),
        ]


class Claim(models.Model):
    """A month's claim on one municipality: the same bytes each time it is made."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Concept")
        SENT = "sent", _("Ingediend")
        SETTLED = "settled", _("Ontvangen")
        REFUSED = "refused", _("Geweigerd")
        DROPPED = "dropped", _("Ingetrokken")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    month = models.DateField(help_text="its first day")
    number = models.PositiveSmallIntegerField(default=1, help_text="a later one claims what was refused")
    state = models.CharField(max_length=7, choices=State, default=State.DRAFT)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "month", "number"], name="claim_numbered_once")
        ]


class ClaimLine(models.Model):
    """One award, one month, one segment of it (a part without change)."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("Gevraagd")
        REFUSED = "refused", _("Geweigerd")
        RECEIVED = "received", _("Ontvangen")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    award = models.ForeignKey(Award, models.PROTECT, related_name="+")
    month = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")
    subsidy_cents = models.PositiveIntegerField()
    compensation_cents = models.PositiveIntegerField(help_text="employer charges")
    rule = models.CharField(max_length=160, help_text="the figures of the lawbook it rests on")
    state = models.CharField(max_length=8, choices=State, default=State.CLAIMED)
    reason = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award", "from_on"], condition=~models.Q(state="refused"), name="claimed_once"
            )
        ]


class PieceShare(models.Model):
    """The part of a claim line that belongs to one piece of paid work; parts add up to the line."""

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="shares")
    piece = models.ForeignKey(PaidPiece, models.PROTECT, related_name="+")
    cents = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "piece"], name="piece_share_once")]


class TownRule(models.Model):
    """How a municipality counts the hours of a worker whose hours vary, from a day on."""

    class Hours(models.TextChoices):
        AGREED = "agreed", _("de uren van de beschikking")
        PAID = "paid", _("de betaalde uren van de maand")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    hours = models.CharField(max_length=6, choices=Hours)
    from_on = models.DateField()
    letter = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "from_on"], name="town_rule_once")]


class WageBenefit(models.Model):
    """A right to loonkostenvoordeel (LKV) for one worker, in one category."""

    class Group(models.TextChoices):
        DISABLED = "disabled", _("arbeidsgehandicapt")
        JOBS_AGREEMENT = "jobs_agreement", _("banenafspraak")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    group = models.CharField(max_length=14, choices=Group)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="exclusive")
    statement = models.CharField(
        max_length=40, blank=True, help_text="the target group statement, where one is needed"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "group", "from_on"], name="wage_benefit_once")
        ]


class LocalScheme(models.Model):
    """Money of one town that is not a wage subsidy of the state: `kind` is a module of subsidies.schemes."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    terms = models.JSONField(help_text="the figures of the scheme: cents, minutes, months")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="exclusive")
    letter = models.CharField(max_length=40)


class Track(models.Model):
    """A worker's path under a local scheme, from its start to its end."""

    class Purpose(models.TextChoices):
        COACHING = "coaching", _("begeleiding")
        TRAINING = "training", _("opleiding")
        WAGE = "wage", _("loon")

    class Outcome(models.TextChoices):
        RUNNING = "", _("loopt")
        WORK = "work", _("werk gevonden")
        STOPPED = "stopped", _("gestopt")

    scheme = models.ForeignKey(LocalScheme, models.PROTECT, related_name="tracks")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose)
    category = models.CharField(max_length=30, blank=True, help_text="a row of the scheme's value table")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="exclusive")
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.RUNNING, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "worker", "from_on"], name="track_once")]


class Grant(models.Model):
    """Public money that is not a wage subsidy: what a local scheme owes, once per `key` unless it was refused."""

    class State(models.TextChoices):
        ASKED = "asked", _("Gevraagd")
        REFUSED = "refused", _("Geweigerd")
        RECEIVED = "received", _("Ontvangen")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    scheme = models.ForeignKey(LocalScheme, models.PROTECT, null=True, related_name="grants")
    worker = models.ForeignKey(Worker, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=120)
    month = models.DateField()
    cents = models.PositiveIntegerField()
    letter = models.CharField(max_length=40)
    key = models.CharField(max_length=60, default=new_ref, help_text="what it is for: 'start:41', '2026-11'")
    rule = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "key"], condition=~models.Q(state="refused"), name="granted_once"
            ),
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="grant_is_something"),
        ]


class Advance(models.Model):
    """Money that a town pays before claims are made; claims use it up, what is left goes back."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    cents = models.PositiveIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")
    letter = models.CharField(max_length=40)


class AdvanceUse(models.Model):
    """The part of an advance that pays (a part of) a claim."""

    advance = models.ForeignKey(Advance, models.PROTECT, related_name="uses")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="advance_uses")
    cents = models.PositiveIntegerField()
    used_at = models.DateTimeField()
    used_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="advance_use_is_something"),
            models.UniqueConstraint(fields=["advance", "claim"], name="advance_used_once_per_claim"),
        ]


class Clawback(models.Model):
    """Subsidy that a town takes back after it was paid."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="clawbacks")
    cents = models.PositiveIntegerField()
    reason = models.CharField(max_length=160)
    letter = models.CharField(max_length=40)
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(cents__gt=0), name="clawback_is_something"),
            models.UniqueConstraint(fields=["line", "letter"], name="clawback_once_per_letter"),
        ]


class Ceiling(models.Model):
    """The most that a town pays in a year from one source: 'lks', or the kind of a local scheme."""

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    source = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    cents = models.PositiveIntegerField()
    letter = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "source", "year"], name="ceiling_once")
        ]


class Expected(models.Model):
    """A contract that counts on wage subsidy before the town decided: the ceiling keeps room for it."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    week_minutes = models.PositiveIntegerField(help_text="of the whole contract")
    wage_value = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text="None: the forfait")
    from_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "from_on"], name="expected_once_a_day")]


class LadderStep(models.Model):
    """Where somebody stood on the participation ladder on a day, as was measured; else it follows from the work."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(
        help_text="1 alone at home ... 5 paid with support, 6 paid without"
    )
    measured_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "measured_on"], name="ladder_once_a_day"),
            models.CheckConstraint(condition=models.Q(step__gte=1, step__lte=6), name="ladder_has_six_steps"),
        ]


class Outflow(models.Model):
    """Where somebody went who left: counted as work by the definition of the Regeling schoonmaakdiensten (RSP)."""

    worker = models.OneToOneField(Worker, models.PROTECT, related_name="+")
    work_from_on = models.DateField(null=True, blank=True, help_text="first day of the other contract")
    work_months = models.PositiveSmallIntegerField(
        default=0, help_text="how long that contract lasts at least"
    )
    wage_not_lower = models.BooleanField(default=False)
    proof = models.CharField(max_length=80, blank=True)


class SocialContract(models.Model):
    """A contract of a firm with a social return duty: a part of its sum goes to people at a distance from work."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    number = models.CharField(
        max_length=40, unique=True, help_text="bookings carry it as their purchase order"
    )
    sum_cents = models.PositiveBigIntegerField(help_text="without VAT")
    duty_share = models.DecimalField(max_digits=4, decimal_places=3)
    from_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")


class SocialPlacement(models.Model):
    """Somebody who worked for a contract, and the hours that count for it: an hour counts for one duty."""

    contract = models.ForeignKey(SocialContract, models.PROTECT, related_name="placements")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    category = models.CharField(max_length=30)
    week_minutes = models.PositiveIntegerField()
    from_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")
    proof = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "worker", "from_on"], name="social_placement_once")
        ]


import subsidies.benefit_models  # noqa: E402 - benefits, and the evidence of fair competition, belong here too
import subsidies.fair_models  # noqa: E402, F401
