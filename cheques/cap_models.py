"""More cheques in a year than the caps allow, for somebody who needs them."""

from django.db import models

from identity.models import Customer, Household, User
from kernel.refs import new_ref


class CapException(models.Model):
    """Hours above the caps of a year, asked with a reason and agreed by a second person."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    hours = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
                name="cap_exception_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(hours__gt=0) & ~models.Q(reason=""), name="cap_exception_has_a_reason"
            ),
        ]
