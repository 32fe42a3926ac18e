"""Who has a benefit beside the wage: encrypted, for payroll and for the worker alone."""

from django.db import models

from events.sealing import SealedText
from identity.models import User
from workers_pool.models import Worker


class Benefit(models.Model):
    """What decides how much of a wage stays beside the benefit; the latest row of a worker holds."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    facts = SealedText(
        help_text="household, first month with a wage, and circumstances; empty: no benefit any more"
    )
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["worker", "-noted_at"])]
