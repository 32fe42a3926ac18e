"""What was said about the end of a lot, and that it was put off."""

from django.db import models

from cheques.models import Lot
from identity.models import User


class ExpiryNotice(models.Model):
    """A warning that hours expire: one for a lot, a last day and a step."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="expiry_notices")
    expires_at = models.DateTimeField(help_text="as it stood then: an extended lot is warned about anew")
    days = models.PositiveSmallIntegerField(help_text="the step: 60, 30 or 7 days ahead")
    minutes = models.PositiveIntegerField(help_text="free then")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "expires_at", "days"], name="expiry_notice_once")
        ]


class Extension(models.Model):
    """The end of a lot was put off, once."""

    lot = models.OneToOneField(Lot, models.PROTECT, related_name="extension")
    before = models.DateTimeField(help_text="when it expired first")
    after = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
