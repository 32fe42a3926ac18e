"""Who acts for a customer: housemates, a helper, bookers and approvers; and for whom somebody acts now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cheques.firm_models import SpendingLimit
from identity import acting, clock, permissions
from identity.models import Customer
from web.access import ACTS_FOR, act, customer_of, page, user_of
from web.filling import cleaned, fill
from web.resident.forms import ActForm

HERE = "resident:people"


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Show who acts for this customer, for a firm with what each orders alone; its owner lets others act too."""
    customer, user = customer_of(request), user_of(request)
    owner = permissions.may_act_for(user, customer, "owner")
    form = ActForm((request.POST or None) if owner else None, kind=customer.kind)
    saved = fill(
        request, form, lambda: acting.let_act(customer.pk, by=user, at=clock.now(), **cleaned(form)),
        done=_("Gedaan. Deze persoon kan nu inloggen."), back=HERE,
    )  # fmt: skip
    limits = {limit.member_id: limit for limit in SpendingLimit.objects.filter(member__customer=customer)}
    members = customer.members.select_related("user").order_by("pk")
    facts = {
        "customer": customer, "owner": owner, "form": form, "me": user, "others": acting.acted_for(user),
        "rows": [(member, limits.get(member.pk)) for member in members], "firm": customer.kind == Customer.Kind.FIRM,
    }  # fmt: skip
    return saved or page(request, "resident/people.html", facts)


@login_required
@require_POST
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    """Let somebody act no more."""
    customer = customer_of(request)
    member = get_object_or_404(customer.members, user__ref=ref)
    return act(
        request, lambda: acting.stop_acting(customer.pk, user_id=member.user_id, by=user_of(request), at=clock.now()),
        done=_("Deze persoon kan dit niet meer."), back="inside",
    )  # fmt: skip


@login_required
@require_POST
def act_for(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose for whom to act from now on."""
    chosen = next((one for one in acting.acted_for(user_of(request)) if one.ref == ref), None)
    if chosen is None:
        raise Http404
    request.session[ACTS_FOR] = chosen.ref
    messages.success(request, _("U handelt nu voor %(name)s.") % {"name": chosen.name})
    return redirect("resident:home")
