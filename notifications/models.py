"""What was told to whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models import Event
from identity.models import User


class Channel(models.TextChoices):
    """How somebody wants to hear from us."""

    MAIL = "mail", _("E-mail")
    SMS = "sms", _("Sms")
    LETTER = "letter", _("Brief")


class Preference(models.Model):
    """How somebody wants to hear from us; who never said gets e-mail."""

    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.MAIL)


class Message(models.Model):
    """One message to one person about one event. `key` names what it says, so that it is said once."""

    Channel = Channel

    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel)
    key = models.CharField(max_length=120, blank=True, default="", help_text="'confirm:visit:41:7'")
    subject = models.CharField(max_length=120)
    text = models.TextField()
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, help_text="when somebody began to send it")
    sent_at = models.DateTimeField(null=True, help_text="of a letter: when it was printed")
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user", "channel"], condition=models.Q(key=""), name="told_once"
            ),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="said_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="message_waits", condition=models.Q(sent_at=None)),
        ]
