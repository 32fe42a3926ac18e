"""What a customer speaks."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from identity import clock, speaking
from web.access import customer_of, page, user_of
from web.filling import fill
from web.languages import SpeakForm


@login_required
def languages(request: HttpRequest) -> HttpResponse:
    """Ask which languages, so that somebody comes who speaks one of them."""
    customer = customer_of(request)
    sent = request.POST if request.method == "POST" else None  # nothing ticked is an answer too
    form = SpeakForm(sent, initial={"languages": customer.languages})
    saved = fill(
        request, form, lambda: speaking.speak(customer.pk, by=user_of(request), at=clock.now(), **form.facts()),
        done=_("Het staat erin."), back="resident:home",
    )  # fmt: skip
    return saved or page(request, "resident/languages.html", {"form": form})
