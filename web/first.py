"""The first day: the link that makes the first administrator."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity import clock, first_start
from kernel.errors import Refused


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
