"""Give people a role in the organisation, and take it back. Who may move money is agreed by a second person."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity import permissions
from identity.models import Membership, Municipality, Neighbourhood, Role, RoleAsked, User
from kernel.errors import Refused

WITH_MONEY = frozenset({Role.PAYROLL, Role.TREASURER, Role.ADMIN})
KEPT_APART = frozenset({Role.PAYROLL, Role.TREASURER})
GIVEN = tuple(role for role in Role if role != Role.WORKER)


class NotGivenHere(Refused):
    """A worker is hired; the role follows."""


class TownMissing(Refused):
    """A reader of results reads for a town."""


class AlreadyHeld(Refused):
    """The person has this role, or it was asked for them."""


class OnePersonTwice(Refused):
    """Who makes the payments and who approves them are two people."""


class SecondPersonNeeded(Refused):
    """Who asked for a role, or would get it, cannot agree to it."""


class AlreadyAnswered(Refused):
    """The question was answered before."""


class LastOne(Refused):
    """The last administrator stays: nobody could give roles any more."""


def memberships(*, at: datetime) -> "QuerySet[Membership]":
    """Return who holds which role in the organisation now, workers left out."""
    day = timezone.localdate(at)
    held = Membership.objects.filter(from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gt=day))
    return held.exclude(role=Role.WORKER).select_related("user", "neighbourhood", "municipality")


@transaction.atomic(durable=True)
def invite(
    *, email: str, name: str, role: str, neighbourhood: Neighbourhood | None, municipality: Municipality | None,
    by: User, at: datetime,
) -> Membership | RoleAsked:  # fmt: skip
    """Give somebody a role, and tell them by e-mail. Returns what waits when a second person must agree first.

    :raises NotGivenHere: a worker is hired.
    :raises TownMissing: a reader for the town without a town.
    :raises AlreadyHeld: they have it, everywhere or in this neighbourhood.
    :raises OnePersonTwice: they make payments and would approve them, or the other way round.
    """
    if role not in GIVEN:
        raise NotGivenHere(_("Een medewerker neemt u aan bij Medewerkers."))
    where = neighbourhood if role in {Role.COORDINATOR, Role.DESK, Role.QA} else None
    town = municipality if role == Role.MUNICIPALITY else None
    if role == Role.MUNICIPALITY and town is None:
        raise TownMissing(_("Kies de gemeente waarvoor deze persoon leest."))
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email.strip(), name=name.strip())
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _check(user, role, where, town, at)
    if role in WITH_MONEY and _second_person(by, user, at):
        asked = RoleAsked.objects.create(
            user=user, role=role, neighbourhood=where, municipality=town, asked_by=by, asked_at=at
        )
        record("role.asked", asked, by_id=by.pk, at=at, role=role)
        return asked
    return _give(user, role, where, town, by, at)


@transaction.atomic(durable=True)
def agree(asked_id: int, *, by: User, at: datetime) -> Membership:
    """Agree to a role that was asked for somebody, as the second person.

    :raises SecondPersonNeeded: who asked, or who would get it.
    :raises AlreadyAnswered: it was agreed to, or taken back.
    :raises AlreadyHeld: they got it meanwhile.
    :raises OnePersonTwice: they got its counterpart meanwhile.
    """
    asked = _open(asked_id)
    if by.pk in {asked.asked_by_id, asked.user_id}:
        raise SecondPersonNeeded(_("Iemand anders moet hiermee akkoord gaan."))
    asked.answered_by, asked.answered_at, asked.agreed = by, at, True
    asked.save(update_fields=["answered_by", "answered_at", "agreed"])
    user = User.objects.select_for_update(no_key=True).get(pk=asked.user_id)
    _check(user, asked.role, asked.neighbourhood, asked.municipality, at)
    return _give(user, asked.role, asked.neighbourhood, asked.municipality, by, at)


@transaction.atomic(durable=True)
def decline(asked_id: int, *, by: User, at: datetime) -> RoleAsked:
    """Take a question back, or say no to it.

    :raises AlreadyAnswered: it was answered before.
    """
    asked = _open(asked_id)
    asked.answered_by, asked.answered_at, asked.agreed = by, at, False
    asked.save(update_fields=["answered_by", "answered_at", "agreed"])
    record("role.declined", asked, by_id=by.pk, at=at, role=asked.role)
    return asked


@transaction.atomic(durable=True)
def end(membership_id: int, *, by: User, at: datetime) -> Membership:
    """Let somebody's role end today. What they did under it stays theirs.

    :raises LastOne: nobody could give roles any more.
    """
    row = Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=membership_id)
    if row.role == Role.ADMIN and not memberships(at=at).filter(role=Role.ADMIN).exclude(pk=row.pk).exists():
        raise LastOne(_("Dit is de laatste beheerder. Geef eerst iemand anders deze rol."))
    row.until_on = timezone.localdate(at)
    row.save(update_fields=["until_on"])
    if row.role == Role.ADMIN:
        User.objects.filter(pk=row.user_id).update(is_superuser=False, is_staff=False)
    record("role.ended", row, by_id=by.pk, at=at, role=row.role)
    return row


def _open(asked_id: int) -> RoleAsked:
    asked = RoleAsked.objects.select_for_update(no_key=True, of=("self",)).get(pk=asked_id)
    if asked.answered_at is not None:
        raise AlreadyAnswered(_("Deze vraag is al beantwoord."))
    return asked


def _check(
    user: User, role: str, where: Neighbourhood | None, town: Municipality | None, at: datetime
) -> None:
    held = permissions.memberships(user, on=timezone.localdate(at))
    same = held.filter(role=role).filter(Q(neighbourhood=where) | Q(neighbourhood=None), municipality=town)
    if same.exists() or RoleAsked.objects.filter(user=user, role=role, answered_at=None).exists():
        raise AlreadyHeld(_("Deze persoon heeft deze rol al, of hij is al gevraagd."))
    if role in KEPT_APART and held.filter(role__in=KEPT_APART - {role}).exists():
        raise OnePersonTwice(_("Wie de lonen doet, kan ze niet ook goedkeuren. Kies een tweede persoon."))


def _second_person(by: User, user: User, at: datetime) -> bool:
    """Tell whether there is somebody who can agree: on the first day the administrator is alone."""
    others = memberships(at=at).filter(role__in=[Role.TREASURER, Role.ADMIN])
    return others.exclude(user__in=[by, user]).exists()


def _give(  # noqa: PLR0917 - private, called twice above
    user: User, role: str, where: Neighbourhood | None, town: Municipality | None, by: User, at: datetime
) -> Membership:
    row, _made = Membership.objects.update_or_create(
        user=user, role=role, neighbourhood=where, municipality=town,
        defaults={"from_on": timezone.localdate(at), "until_on": None},
    )  # fmt: skip
    if role == Role.ADMIN:
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    record("role.given", row, by_id=by.pk, at=at, role=role)
    return row
