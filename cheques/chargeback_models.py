"""What a customer still owes after a lost dispute, given up by two people."""

from django.db import models

from cheques.models import Chargeback
from identity.models import User


class WriteOff(models.Model):
    """Asked by one person with a reason, agreed by another; booked only then."""

    chargeback = models.OneToOneField(Chargeback, models.PROTECT, related_name="write_off")
    cents = models.PositiveIntegerField(help_text="what was owed when it was asked")
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
                name="write_off_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(cents__gt=0) & ~models.Q(reason=""), name="write_off_has_a_reason"
            ),
        ]
