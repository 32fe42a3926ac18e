"""To which account the money of unused cheques goes, when no payment of ours tells it."""

from django.db import models

from cheques.models import Refund
from events.sealing import SealedText
from identity.models import User


class RefundAccount(models.Model):
    """The account that a customer named for a refund: one person writes it down, another checks it."""

    refund = models.OneToOneField(Refund, models.PROTECT, related_name="account")
    name = models.CharField(max_length=70, help_text="of the holder")
    iban = SealedText()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(checked_by=None) | ~models.Q(checked_by=models.F("given_by")),
                name="refund_account_by_two",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="refund_account_has_a_holder"),
        ]
