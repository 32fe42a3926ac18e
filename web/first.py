"""The first day: the link that makes the first administrator, and what is still to be filled in."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from books import setting_up
from identity import clock, first_start
from identity.models import Role
from kernel.errors import Refused
from web.access import for_roles, page, today


class FirstForm(forms.Form):
    """Who will run the installation."""

    name = forms.CharField(label=gettext_lazy("Hoe heet u?"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Uw e-mailadres"))


def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first administrator, once; a link that does not work (any more) is not there."""
    if not first_start.opens(token, at=clock.now()):
        raise Http404
    form = FirstForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            first_start.use(token, at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("U bent de beheerder. Log nu in met een code per e-mail."))
            return redirect("account_request_login_code")
    return render(request, "first.html", {"form": form})


@for_roles(Role.ADMIN)
def set_up(request: HttpRequest) -> HttpResponse:
    """Show what a new organisation must still fill in, and what each point blocks."""
    return page(request, "office/set_up.html", {"points": setting_up.open_points(today())})
