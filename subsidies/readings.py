"""Who looked at wage values and the groups people belong to: each reading is written down."""

from datetime import datetime

from django.db import transaction

from events.recording import record
from identity.models import Organisation, User


@transaction.atomic(durable=True)
def note(what: str, *, by: User, at: datetime) -> None:
    """Write down that somebody read what is kept about people: which list, or which paper."""
    subject = Organisation.objects.get_or_create(pk=1)[0]
    record("wagevalue.read", subject, by_id=by.pk, at=at, what=what)
