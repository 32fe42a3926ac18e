"""What customers say is not right: hours that are judged by two people, and complaints that get an answer."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity import clock, permissions
from identity.models import Role
from quality import complaints, disputes
from quality.models import Complaint, Dispute
from web.access import act, for_roles, neighbourhoods_of, page, today, user_of
from web.complaint_forms import AnswerForm
from web.filling import fill

SECOND, HERE = Role.TREASURER, "office:quality"
SHOWN = 100


def _disputes(request: HttpRequest) -> QuerySet[Dispute]:
    """Return what somebody may judge: QA in their neighbourhoods, the second person everywhere."""
    rows = Dispute.objects.select_related("visit__booking__service", "visit__booking__customer")
    if SECOND in permissions.roles(user_of(request), on=today()):
        return rows
    return rows.filter(visit__neighbourhood__in=neighbourhoods_of(request, Role.QA))


def _complaints(request: HttpRequest) -> QuerySet[Complaint]:
    """Return the complaints somebody answers: those of their neighbourhoods."""
    rows = Complaint.objects.select_related("customer", "visit__booking__service", "opened_by", "closed_by")
    return rows.filter(neighbourhood__in=neighbourhoods_of(request, Role.QA))


@for_roles(Role.QA, SECOND)
def quality(request: HttpRequest) -> HttpResponse:
    """Show complaints that wait for an answer, and disputes: QA proposes, the treasurer decides."""
    mine = _complaints(request)
    return page(request, "office/quality.html", {
        "roles": permissions.roles(user_of(request), on=today()),
        "rows": _disputes(request).order_by("decided_at", "opened_at")[:SHOWN],
        "open": mine.filter(closed_at=None).order_by("opened_at", "pk"),
        "answered": mine.exclude(closed_at=None).order_by("-closed_at", "-pk")[:SHOWN],
    })  # fmt: skip


@for_roles(Role.QA, SECOND)
@require_POST
def judge(request: HttpRequest, ref: str) -> HttpResponse:
    """Propose, or decide."""
    by, at = user_of(request), clock.now()
    row = get_object_or_404(_disputes(request), ref=ref)
    if "beslis" in request.POST and SECOND in permissions.roles(by, on=today()):
        return act(request, lambda: disputes.decide(row.pk, by=by, at=at), done=_("Besloten."), back=HERE)
    asked = request.POST.get("minuten", "")
    minutes = int(asked) if asked.isdigit() else -1  # refused with its own sentence
    grounds = request.POST.get("reden", "")
    return act(
        request, lambda: disputes.propose(row.pk, minutes=minutes, grounds=grounds, by=by, at=at),
        done=_("Voorgesteld. De penningmeester beslist."), back=HERE,
    )  # fmt: skip


@for_roles(Role.QA)
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Answer a complaint; the customer is told."""
    row = get_object_or_404(_complaints(request), ref=ref)
    form = AnswerForm(request.POST or None)
    saved = fill(
        request, form, lambda: complaints.answer(row.pk, words=form.cleaned_data["words"], by=user_of(request), at=clock.now()),
        done=_("Beantwoord. De klacht is klaar."), back=HERE,
    )  # fmt: skip
    facts = {"form": form, "row": row, "back_url": reverse(HERE)}
    return saved or page(request, "office/complaint.html", facts)
