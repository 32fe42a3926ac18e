"""Who may open which page. What is not yours does not exist: 404, never a hint."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from identity import acting, clock, permissions
from identity.models import Customer, User
from kernel.errors import Refused
from web import menus
from workers_pool.models import Worker

P = ParamSpec("P")
ACTS_FOR = "acts_for"  # in the session: the ref of the customer somebody chose to act for
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def user_of(request: HttpRequest) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User), "the page asks for a sign-in first"
    return request.user


def customer_of(request: HttpRequest) -> Customer:
    """Return the customer the user acts for: the one they chose, else their own; 404 for who acts for nobody."""
    rows = acting.acted_for(user_of(request))
    if not rows:
        raise Http404
    chosen = request.session.get(ACTS_FOR)
    return next((customer for customer in rows if customer.ref == chosen), rows[0])


def worker_of(request: HttpRequest) -> Worker:
    """Return the user's own place in the pool; 404 for others."""
    worker = Worker.objects.filter(user=user_of(request), left_on=None).first()
    if worker is None:
        raise Http404
    return worker


def today() -> Any:
    """Return the business day in Europe/Amsterdam."""
    return timezone.localdate(clock.now())


def neighbourhoods_of(request: HttpRequest, role: str) -> list[int]:
    """Return where the user holds a role today."""
    return list(permissions.neighbourhoods(user_of(request), role, on=today()).values_list("pk", flat=True))


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether a member of staff signs in with a second factor; nobody else needs one."""
    user = user_of(request)
    if not settings.REQUIRE_STAFF_MFA or not permissions.roles(user, on=today()) & permissions.STAFF:
        return True
    return bool(is_mfa_enabled(user))


def for_roles(*roles: str) -> Callable[[View[P]], View[P]]:
    """Let a page be opened by these roles only; others get 404."""

    def decorate(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not permissions.roles(user_of(request), on=today()) & set(roles):
                raise Http404
            return _with_second_factor(view, request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def for_all(view: View[P]) -> View[P]:
    """Let a page be opened by everybody who signed in; staff with their second factor, for they see more on it."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return _with_second_factor(view, request, *args, **kwargs)

    return cast("View[P]", guarded)


def _with_second_factor(
    view: View[P], request: HttpRequest, *args: P.args, **kwargs: P.kwargs
) -> HttpResponse:
    if has_second_factor(request):
        return view(request, *args, **kwargs)
    messages.warning(request, _("Voor dit werk hebt u een tweede stap bij het inloggen nodig."))
    return redirect("mfa_activate_totp")


def act(request: HttpRequest, do: Callable[[], object], *, done: str, back: str) -> HttpResponse:
    """Do an act and say in one sentence what happened, or why it was refused; then go back."""
    try:
        do()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(back)


def page(request: HttpRequest, template: str, facts: dict[str, Any]) -> HttpResponse:
    """Show a page with the menu of its area."""
    held = permissions.roles(user_of(request), on=today())
    return render(request, template, {**menus.of(request, held), **facts})
