"""Somebody tells us what is wrong, when it is not about the minutes of an hour, and reads our answer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from identity import clock
from quality import complaints
from quality.models import Complaint
from web.access import customer_of, page, user_of
from web.complaint_forms import ComplaintForm
from web.filling import fill

HERE = "resident:complain"


@login_required
def complain(request: HttpRequest) -> HttpResponse:
    """Ask what is wrong, and show what was said before with our answers."""
    customer, at = customer_of(request), clock.now()
    form = ComplaintForm(
        request.POST or None, customer=customer, at=at, initial={"visit": request.GET.get("bezoek")}
    )
    saved = fill(
        request, form, lambda: complaints.open_complaint(
            neighbourhood_id=customer.neighbourhood_id, customer_id=customer.pk, by=user_of(request), at=at, **form.facts()
        ),
        done=_("Dank u wel. Wij geven u antwoord."), back=HERE,
    )  # fmt: skip
    mine = Complaint.objects.filter(customer=customer).select_related("visit__booking__service")
    facts = {"form": form, "mine": mine.order_by("-opened_at", "-pk")[:20]}
    return saved or page(request, "resident/complain.html", facts)
