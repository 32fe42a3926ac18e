"""Warn a worker that somebody asked to pay their wage to another account: before it happens, and once."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from events.models import Event
from identity.models import Organisation
from notifications.models import Message
from payroll.models import AccountAsked


def tell(asked_id: int, *, event_id: int, at: datetime) -> Message:
    """Write the warning, and mail it when that was not done yet. It shows the last three signs of the account."""
    message = _written(asked_id, event_id, at)
    if message.sent_at is None:
        send_mail(message.subject, message.text, settings.DEFAULT_FROM_EMAIL, [message.user.email])
        Message.objects.filter(pk=message.pk).update(sent_at=at)
    return message


@transaction.atomic
def _written(asked_id: int, event_id: int, at: datetime) -> Message:
    asked = AccountAsked.objects.select_related("worker__user").get(pk=asked_id)
    user, organisation = asked.worker.user, Organisation.objects.filter(pk=1).first()
    with translation.override(user.language):
        text = _(
            "Dag %(name)s,\n\nWij kregen de vraag om uw loon voortaan op een andere rekening te betalen. "
            "Die rekening eindigt op %(end)s.\n\nKlopt dat? Dan hoeft u niets te doen.\n"
            "Klopt dat niet? Bel ons dan meteen: %(phone)s.\n"
        ) % {"name": user.name, "end": asked.iban[-3:], "phone": organisation.phone if organisation else ""}
        subject = _("Uw loon gaat naar een andere rekening")
    message, _made = Message.objects.get_or_create(
        event=Event.objects.get(pk=event_id), user=user, channel=Message.Channel.MAIL,
        defaults={"subject": subject, "text": text, "made_at": at},
    )  # fmt: skip
    return message
