"""What happened, in order, for those who must act on it and for those who must prove it."""

from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """One fact, written in the transaction that made it true. Never changed, never removed."""

    kind = models.CharField(max_length=60, help_text="'visit.confirmed': noun.participle")
    subject = models.CharField(max_length=40, help_text="'visit:41'")
    by_id = models.BigIntegerField(null=True, help_text="the user who did it; null when a rule did")
    at = models.DateTimeField(help_text="business time")
    payload = models.JSONField(default=dict, help_text="ids, dates, minutes, cents; no names")
    request_id = models.CharField(max_length=64, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["subject"]), models.Index(fields=["kind", "at"])]


class Delivery(models.Model):
    """An event on its way to one task: the outbox. The relay sends it until the task says it is done."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DONE = "done"
        DEAD = "dead"

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries")
    task = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "task"], name="delivery_once_per_task")]
        indexes = [
            models.Index(
                fields=["id"], name="delivery_open", condition=models.Q(state__in=["waiting", "sent"])
            )
        ]


class Seal(models.Model):
    """A link of the audit chain: each seal hashes its event and the seal before it."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="seal")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
