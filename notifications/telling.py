"""Tell people what happened: each thing once, in their own language, the way they want to hear it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import translation

from events.models import Event
from identity.models import User
from notifications import posting, wording
from notifications.models import Channel, Message, Preference
from notifications.phrases import Note


def tell(event_id: int, *, at: datetime) -> list[Message]:
    """Write the messages of an event, and send those that were not sent yet. May run twice: each is sent once.

    :raises posting.NotSent: a message could not be sent; the others were.
    """
    event = Event.objects.get(pk=event_id)
    notes = wording.NOTES[event.kind](event) if event.kind in wording.NOTES else ()
    messages = _write(event, notes, at=at)
    posting.send_all(messages, at=at)
    return messages


def prefer(*, by: User, channel: str) -> Preference:
    """Keep how somebody wants to hear from us."""
    return Preference.objects.update_or_create(user=by, defaults={"channel": Channel(channel)})[0]


def channel_of(user: User) -> Channel:
    """Return how somebody wants to hear from us; e-mail when what they chose cannot be done here."""
    chosen = Preference.objects.filter(user=user).values_list("channel", flat=True).first()
    found = Channel(chosen) if chosen else Channel.MAIL
    no_text = found == Channel.SMS and not (posting.texts_can_be_sent() and user.phone)
    return Channel.MAIL if no_text else found


@transaction.atomic
def _write(event: Event, notes: Iterable[Note], *, at: datetime) -> list[Message]:
    return [_write_one(event, note, at=at) for note in notes if note.user.is_active]


def _write_one(event: Event, note: Note, *, at: datetime) -> Message:
    key = f"{note.key}:{note.user.pk}"
    known = Message.objects.filter(key=key).first()
    if known:
        return known
    with translation.override(note.user.language):
        subject, text = note.say()
    message, _new = Message.objects.get_or_create(
        key=key,
        defaults={
            "event": event, "user": note.user, "channel": channel_of(note.user), "subject": subject[:120], "text": text,
            "made_at": at,
        },
    )  # fmt: skip
    return message
