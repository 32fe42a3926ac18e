"""Send messages: by e-mail, as a text, or on paper. What fails stays, with the reason, and is tried again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import requests
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet

from identity.models import User
from notifications.models import Channel, Message

GIVEN_UP_AFTER = timedelta(minutes=5)


class NotSent(Exception):
    """Some messages could not be sent: they wait, and the task is tried again."""


def texts_can_be_sent() -> bool:
    """Tell whether texts reach anybody: only the inbox of the sandbox takes them so far."""
    return bool(settings.INBOX_URL)


def send_all(messages: Iterable[Message], *, at: datetime) -> None:
    """Send what waits; one that fails does not keep the others back.

    :raises NotSent: at least one failed.
    """
    failed = [message.pk for message in messages if not _send(message, at=at)]
    if failed:
        raise NotSent(f"{len(failed)} messages could not be sent, such as {failed[0]}")


def waiting_letters() -> "QuerySet[Message]":
    """Return the letters that nobody printed yet, oldest first."""
    rows = Message.objects.filter(channel=Channel.LETTER, sent_at=None)
    return rows.select_related("user").order_by("pk")


def not_sent() -> "QuerySet[Message]":
    """Return the messages that failed and still wait, oldest first."""
    rows = Message.objects.filter(sent_at=None).exclude(error="")
    return rows.select_related("user").order_by("pk")


def printed(message_id: int, *, by: User, at: datetime) -> bool:
    """Note that a letter was printed; False when somebody did before."""
    del by
    rows = Message.objects.filter(pk=message_id, channel=Channel.LETTER, sent_at=None)
    return bool(rows.update(sent_at=at))


def _send(message: Message, *, at: datetime) -> bool:
    """Send one message, unless it is a letter, was sent, or is being sent; return whether all is well."""
    if message.channel == Channel.LETTER or message.sent_at:
        return True
    free = Q(taken_at=None) | Q(taken_at__lt=at - GIVEN_UP_AFTER)
    taken = Message.objects.filter(free, pk=message.pk, sent_at=None).update(
        taken_at=at, tries=F("tries") + 1
    )
    if not taken:
        return True
    try:
        _text(message) if message.channel == Channel.SMS else _mail(message)
    except OSError as error:  # the faults of mail and of HTTP are OSErrors too
        Message.objects.filter(pk=message.pk).update(
            taken_at=None, error=f"{type(error).__name__}: {error}"[:500]
        )
        return False
    Message.objects.filter(pk=message.pk).update(sent_at=at, error="")
    return True


def _mail(message: Message) -> None:
    """Mail with an identity of its own, so that a second try is known as the same mail."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    EmailMessage(
        message.subject, message.text, settings.DEFAULT_FROM_EMAIL, [message.user.email],
        headers={"Message-ID": f"<{_identity(message)}@{domain}>"},
    ).send()  # fmt: skip


def _text(message: Message) -> None:
    answer = requests.post(
        f"{settings.INBOX_URL}/sms", timeout=10,
        json={"to": message.user.phone, "text": message.text, "subject": "", "html": "", "key": _identity(message)},
    )  # fmt: skip
    answer.raise_for_status()


def _identity(message: Message) -> str:
    """Return a name that this message alone has, also when the books were begun anew."""
    return f"message-{message.pk}-{int(message.event.recorded_at.timestamp())}"
