"""How an account comes to be trusted: whoever typed a code that was mailed has that address."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse

from identity.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Lets people in whom the organisation wrote in itself, with one code and not two."""

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse | None:
        """Note that the address of a user is theirs, when this sign-in proved it by a code."""
        if how.get("email") == user.email and _came_by_code(request, user):
            EmailAddress.objects.get_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
        stopped: HttpResponse | None = super().pre_login(request, user, **how)
        return stopped


def _came_by_code(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return bool(records) and (records[-1].get("method"), records[-1].get("email")) == ("code", user.email)
