"""What was told to whom."""

from django.db import models

from events.models import Event
from identity.models import User


class Message(models.Model):
    """One message to one person about one event."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        SMS = "sms"

    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=4, choices=Channel)
    subject = models.CharField(max_length=120)
    text = models.TextField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "user", "channel"], name="told_once")]
