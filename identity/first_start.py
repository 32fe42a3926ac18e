"""The first administrator of a new installation: one link, that works once, while there is nobody yet."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import FirstStep, Membership, Organisation, Role, User
from kernel.errors import Refused

VALID_FOR = timedelta(hours=24)
LOCK = 7340214  # of this act: two browsers with the same link are served one after the other


class LinkDoesNotWork(Refused):
    """The link was used, is too old, was replaced by a newer one, or there is an administrator already."""


def is_needed() -> bool:
    """Tell whether this installation still waits for its first administrator."""
    admins = Q(is_superuser=True) | Q(pk__in=Membership.objects.filter(role=Role.ADMIN).values("user"))
    return not User.objects.filter(admins).exists()


@transaction.atomic(durable=True)
def make_link(*, at: datetime) -> str | None:
    """Return the token of a new link, or None when there is an administrator. Older links stop working.

    Only a hash is kept, so a copy of the database opens nothing.
    """
    _one_at_a_time()
    if not is_needed():
        return None
    FirstStep.objects.filter(used_at=None).update(used_at=at)
    token = secrets.token_urlsafe(32)
    FirstStep.objects.create(token_hash=_hash(token), made_at=at)
    return token


def opens(token: str, *, at: datetime) -> bool:
    """Tell whether a link works now; looking does not use it."""
    return is_needed() and _waiting(token, at).exists()


@transaction.atomic(durable=True)
def use(token: str, *, email: str, name: str, at: datetime) -> User:
    """Make the first administrator, and the organisation's row when there is none.

    :raises LinkDoesNotWork: see the class.
    """
    _one_at_a_time()
    if not is_needed() or not _waiting(token, at).update(used_at=at):
        raise LinkDoesNotWork(
            _("Deze link werkt niet meer. Start het programma opnieuw voor een nieuwe link.")
        )
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email.strip(), name=name.strip())
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    Membership.objects.create(user=user, role=Role.ADMIN, from_on=timezone.localdate(at))
    Organisation.objects.get_or_create(pk=1, defaults={"name": _("Nog geen naam")})
    record("administrator.first", user, by_id=user.pk, at=at)
    return user


def _waiting(token: str, at: datetime) -> "QuerySet[FirstStep]":
    return FirstStep.objects.filter(token_hash=_hash(token), used_at=None, made_at__gt=at - VALID_FOR)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
