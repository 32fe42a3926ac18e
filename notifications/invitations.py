"""Tell somebody that they have a role, and how to come in: once, however often the task runs."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from events.models import Event
from identity.models import Membership, Organisation
from notifications.models import Message


def tell(membership_id: int, *, event_id: int, at: datetime) -> Message:
    """Write the message of a role that was given, and mail it when that was not done yet.

    The mail holds no secret: who wants to come in types a code that is mailed to this address.
    """
    message = _written(membership_id, event_id, at)
    if message.sent_at is None:
        send_mail(message.subject, message.text, settings.DEFAULT_FROM_EMAIL, [message.user.email])
        Message.objects.filter(pk=message.pk).update(sent_at=at)
    return message


@transaction.atomic
def _written(membership_id: int, event_id: int, at: datetime) -> Message:
    row = Membership.objects.select_related("user", "neighbourhood").get(pk=membership_id)
    organisation = Organisation.objects.filter(pk=1).first()
    with translation.override(row.user.language):
        subject = _("U kunt nu inloggen bij %(name)s") % {
            "name": organisation.name if organisation else "Wijkcheque"
        }
        role = row.get_role_display()
        text = _(
            "Dag %(name)s,\n\nU hebt nu deze rol: %(role)s%(where)s.\n\nLog in met dit e-mailadres: %(address)s\n"
            "U krijgt dan een code per e-mail. U hebt geen wachtwoord nodig.\n"
        ) % {
            "name": row.user.name,
            "role": role,
            "where": f" ({row.neighbourhood.name})" if row.neighbourhood else "",
            "address": f"{settings.SITE_URL}/account/login/code/",
        }
    message, _made = Message.objects.get_or_create(
        event=Event.objects.get(pk=event_id), user=row.user, channel=Message.Channel.MAIL,
        defaults={"subject": subject[:120], "text": text, "made_at": at},
    )  # fmt: skip
    return message
