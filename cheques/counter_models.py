"""What the counter keeps: printed cheques and what lay in the drawer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Neighbourhood, User


class PaperCheque(models.Model):
    """One printed hour. Who holds the paper holds the hour; we keep a keyed hash of its code, never the code."""

    class State(models.TextChoices):
        PRINTED = "printed", _("Gedrukt")
        ACTIVE = "active", _("Verkocht")
        USED = "used", _("Ingeleverd")
        BLOCKED = "blocked", _("Geblokkeerd")

    serial = models.PositiveBigIntegerField(unique=True, help_text="printed beside the code; opens nothing")
    code_hash = models.CharField(max_length=64, unique=True)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.PRINTED)
    lot = models.ForeignKey(
        "Lot", models.PROTECT, null=True, related_name="papers", help_text="since its sale"
    )
    handed_to = models.OneToOneField(
        "Lot",
        models.PROTECT,
        null=True,
        related_name="paper",
        help_text="the lot it became when it was turned in",
    )
    printed_at = models.DateTimeField()
    sold_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="turned in or blocked")
    reason = models.CharField(max_length=120, blank=True, help_text="why it was blocked")

    class Meta:
        app_label = "cheques"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["printed", "blocked"]) | models.Q(lot__isnull=False),
                name="paper_sold_has_hours",
            ),
            models.CheckConstraint(
                condition=models.Q(state="used", handed_to__isnull=False)
                | (~models.Q(state="used") & models.Q(handed_to=None)),
                name="paper_used_became_a_lot",
            ),
        ]


class DrawerCount(models.Model):
    """What lay in a desk's cash drawer at the end of a day, beside what the books say."""

    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    day = models.DateField()
    expected_cents = models.BigIntegerField()
    counted_cents = models.BigIntegerField()
    banked_cents = models.BigIntegerField(default=0, help_text="taken out for the bank")
    words = models.CharField(max_length=200, blank=True, help_text="about a difference")
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        app_label = "cheques"
        constraints = [models.UniqueConstraint(fields=["neighbourhood", "day"], name="drawer_counted_once")]
