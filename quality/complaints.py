"""Something about us that is not about the minutes of one hour: asked, and answered by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Customer, Neighbourhood, User
from kernel.errors import Refused
from quality.models import Complaint
from scheduling.models import Visit


class NothingSaid(Refused):
    """A complaint and its answer have words in them."""


class NotTheirVisit(Refused):
    """The visit belongs to another customer."""


class AlreadyAnswered(Refused):
    """Somebody answered it before."""


@transaction.atomic(durable=True)
def open_complaint(
    *, neighbourhood_id: int, words: str, by: User, at: datetime, customer_id: int | None = None,
    visit_id: int | None = None,
) -> Complaint:  # fmt: skip
    """Note a complaint, of a customer or of anybody, about a visit or about something else.

    :raises NothingSaid: there are no words.
    :raises NotTheirVisit: the visit is not the customer's.
    """
    if not words.strip():
        raise NothingSaid(_("Schrijf in een paar woorden wat er is."))
    visit = Visit.objects.select_related("booking").get(pk=visit_id) if visit_id else None
    if visit and customer_id and visit.booking.customer_id != customer_id:
        raise NotTheirVisit(_("Dit bezoek hoort bij iemand anders."))
    complaint = Complaint.objects.create(
        customer=Customer.objects.get(pk=customer_id) if customer_id else None,
        neighbourhood=Neighbourhood.objects.get(pk=neighbourhood_id),
        visit=visit, words=words.strip(), opened_at=at, opened_by=by,
    )  # fmt: skip
    record("complaint.opened", complaint, by_id=by.pk, at=at)
    return complaint


@transaction.atomic(durable=True)
def answer(complaint_id: int, *, words: str, by: User, at: datetime) -> Complaint:
    """Answer a complaint and close it.

    :raises NothingSaid: there are no words.
    :raises AlreadyAnswered: it is closed.
    """
    complaint = Complaint.objects.select_for_update(no_key=True).get(pk=complaint_id)
    if complaint.closed_at:
        raise AlreadyAnswered(_("Deze klacht is al beantwoord."))
    if not words.strip():
        raise NothingSaid(_("Schrijf een antwoord."))
    complaint.answer, complaint.closed_at, complaint.closed_by = words.strip(), at, by
    complaint.save(update_fields=["answer", "closed_at", "closed_by"])
    record("complaint.answered", complaint, by_id=by.pk, at=at)
    return complaint
