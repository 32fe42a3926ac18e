"""Who has which role: invite somebody, agree as the second person, let a role end."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from identity import clock, inviting, permissions
from identity.models import Municipality, Neighbourhood, Role, RoleAsked
from web.access import act, for_roles, page, today, user_of
from web.filling import Named, cleaned, fill

HERE = "office:set-up-staff"


class InviteForm(forms.Form):
    """Who, what and where."""

    name = forms.CharField(label=gettext_lazy("Naam"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mailadres"))
    role = forms.ChoiceField(
        label=gettext_lazy("Rol"), choices=[(role.value, role.label) for role in inviting.GIVEN],
        help_text=gettext_lazy("Wie de lonen doet en wie ze goedkeurt, zijn twee mensen."),
    )  # fmt: skip
    neighbourhood = Named(
        label=gettext_lazy("Buurt"), queryset=Neighbourhood.objects.order_by("name"), required=False,
        empty_label=gettext_lazy("alle buurten"),
        help_text=gettext_lazy("Alleen voor coördinator, balie en kwaliteit."),
    )  # fmt: skip
    municipality = Named(
        label=gettext_lazy("Gemeente"), queryset=Municipality.objects.order_by("name"), required=False,
        empty_label=gettext_lazy("geen"), help_text=gettext_lazy("Alleen voor iemand van de gemeente."),
    )  # fmt: skip


@for_roles(Role.ADMIN, Role.TREASURER)
def staff(request: HttpRequest) -> HttpResponse:
    """Show who has which role and what waits for a second person; an administrator invites."""
    by, at = user_of(request), clock.now()
    admin = Role.ADMIN in permissions.roles(by, on=today())
    form = InviteForm((request.POST or None) if admin else None)
    saved = fill(
        request, form, lambda: inviting.invite(by=by, at=at, **cleaned(form)),
        done=_("Gedaan. Deze persoon krijgt bericht zodra de rol er is."), back=HERE,
    )  # fmt: skip
    asked = RoleAsked.objects.filter(answered_at=None).select_related("user", "asked_by").order_by("pk")
    facts = {
        "form": form, "admin": admin, "asked": asked, "me": by,
        "rows": inviting.memberships(at=at).order_by("user__name", "role"),
        "back_url": reverse("office:set-up") if admin else "",
    }  # fmt: skip
    return saved or page(request, "office/set_up_staff.html", facts)


@for_roles(Role.ADMIN, Role.TREASURER)
@require_POST
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Agree to a role that was asked, or say no."""
    asked, by, at = get_object_or_404(RoleAsked, ref=ref), user_of(request), clock.now()
    if request.POST.get("akkoord") == "ja":
        return act(
            request,
            lambda: inviting.agree(asked.pk, by=by, at=at),
            done=_("Akkoord. De rol is er."),
            back=HERE,
        )
    return act(
        request, lambda: inviting.decline(asked.pk, by=by, at=at), done=_("Het gaat niet door."), back=HERE
    )


@for_roles(Role.ADMIN)
@require_POST
def end(request: HttpRequest, ref: str, role: str) -> HttpResponse:
    """Let somebody's role end."""
    row = inviting.memberships(at=clock.now()).filter(user__ref=ref, role=role).order_by("pk").first()
    if row is None:
        raise Http404
    membership = row.pk
    return act(
        request, lambda: inviting.end(membership, by=user_of(request), at=clock.now()),
        done=_("De rol is voorbij."), back=HERE,
    )  # fmt: skip
