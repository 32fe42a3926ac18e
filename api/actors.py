"""Who is asking, and in which capacity. What is not theirs does not exist for them."""

from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request

from identity import acting, clock, permissions
from identity.models import Customer, Neighbourhood, User
from workers_pool.models import Worker


def user_of(request: Request) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User), "the permission class lets nobody else in"
    return request.user


def customer_of(request: Request) -> Customer:
    """Return the customer the user acts for, their own first; 404 for others."""
    rows = acting.acted_for(user_of(request))
    if not rows:
        raise Http404
    return rows[0]


def buyer_of(request: Request) -> Customer:
    """Return the customer for whom the user may buy, and so give back; 404 for who may only book."""
    customer = customer_of(request)
    if not permissions.may_act_for(user_of(request), customer, *permissions.MAY_BUY):
        raise Http404
    return customer


def worker_of(request: Request) -> Worker:
    """Return the user's own place in the pool; 404 for others."""
    worker = Worker.objects.filter(user=user_of(request), left_on=None).first()
    if worker is None:
        raise Http404
    return worker


def needs(request: Request, *roles: str) -> User:
    """Return the user when they hold one of the roles today.

    :raises PermissionDenied: they hold none of them.
    """
    user = user_of(request)
    if not permissions.roles(user, on=timezone.localdate(clock.now())) & set(roles):
        raise PermissionDenied
    _second_factor(user)
    return user


def _second_factor(user: User) -> None:
    if settings.REQUIRE_STAFF_MFA and not is_mfa_enabled(user):
        raise PermissionDenied("Staff signs in with a second factor.")


def neighbourhoods_of(request: Request, *roles: str) -> list[int]:
    """Return where the user holds one of the roles today; 404 rather than a hint elsewhere."""
    user, today = user_of(request), timezone.localdate(clock.now())
    found: set[int] = set()
    for role in roles:
        found |= set(permissions.neighbourhoods(user, role, on=today).values_list("pk", flat=True))
    if not found:
        raise Http404
    _second_factor(user)
    return sorted(found)


def neighbourhood_of(request: Request, ref: str, *roles: str) -> Neighbourhood:
    """Return a neighbourhood in which the user holds one of the roles; 404 for others."""
    found = Neighbourhood.objects.filter(ref=ref, pk__in=neighbourhoods_of(request, *roles)).first()
    if found is None:
        raise Http404
    return found


def idempotency_key(request: Request) -> UUID:
    """Return the key under which this act is done once.

    :raises ValidationError: the header is missing or no UUID.
    """
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError as error:
        raise ValidationError({"Idempotency-Key": "Send a UUID: the same key is the same act."}) from error
