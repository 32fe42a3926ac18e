"""What the books keep themselves: nothing but what was handed to an auditor."""

from django.db import models

from identity.models import User


class KeptPack(models.Model):
    """An auditor's pack as it was handed over; the rows are never changed or removed (migration)."""

    start_on = models.DateField()
    until_on = models.DateField(help_text="exclusive")
    number = models.PositiveSmallIntegerField(help_text="a later one was asked for because the books changed")
    digest = models.CharField(max_length=64, help_text="sha256 of the body")
    body = models.BinaryField()
    made_at = models.DateTimeField(help_text="what came later is not in it")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["start_on", "until_on", "number"], name="pack_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(start_on__lt=models.F("until_on")), name="pack_has_days"
            ),
        ]
