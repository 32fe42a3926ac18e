"""What was there before the first day: written on a sheet by one person, posted once by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import User
from kernel.refs import new_ref


class Sheet(models.Model):
    """Opening balances of one day. As a draft it has moved nothing."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Wacht op de tweede persoon")
        POSTED = "posted", _("Geboekt")
        WITHDRAWN = "withdrawn", _("Ingetrokken")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    day = models.DateField(help_text="the day to which the balances belong")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(posted_by__isnull=True) | ~models.Q(posted_by=models.F("made_by")),
                name="opening_needs_a_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="posted")
                | models.Q(posted_by__isnull=False, posted_at__isnull=False),
                name="opening_posted_by_somebody",
            ),
        ]


class Balance(models.Model):
    """One balance of a sheet. `key` names whose: a balance is taken over once, unless its sheet was withdrawn."""

    class Kind(models.TextChoices):
        BANK = "bank", _("Bank")
        CHEQUES = "cheques", _("Cheques")
        WORKER = "worker", _("Verlof en vakantiegeld")
        AWARD = "award", _("Beschikking")

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="balances")
    kind = models.CharField(max_length=7, choices=Kind)
    key = models.CharField(max_length=400)
    live = models.BooleanField(default=True, help_text="false when its sheet was withdrawn")
    cents = models.BigIntegerField(default=0)
    minutes = models.IntegerField(default=0)
    facts = models.JSONField(default=dict, help_text="the fields of its line, as they were read")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(live=True), name="opening_taken_over_once"
            )
        ]
