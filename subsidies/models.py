"""Wage subsidies: what was awarded, what is claimed for it, what came in."""

from django.db import models

from identity.models import Municipality, User
from kernel.refs import new_ref
from payroll.models import PaidPiece
from workers_pool.models import Worker


class Award(models.Model):
    """A decision of a municipality to subsidise one worker's wage (loonkostensubsidie)."""

    class Route(models.TextChoices):
        MEASURED = "measured", "gemeten loonwaarde"
        FORFAIT = "forfait", "forfait 50%"

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
        DRAFT = "draft", "Concept"
        SENT = "sent", "Ingediend"
        SETTLED = "settled", "Ontvangen"

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
        CLAIMED = "claimed", "Gevraagd"
        REFUSED = "refused", "Geweigerd"
        RECEIVED = "received", "Ontvangen"

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


class Grant(models.Model):
    """Public money that is not a wage subsidy: reintegration fees, a project grant."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=120)
    month = models.DateField()
    cents = models.PositiveIntegerField()
    letter = models.CharField(max_length=40)
