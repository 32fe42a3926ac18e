"""Letters for who wants paper: what the desk has to print, with the address it goes to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from identity.models import Address, Customer, User
from notifications import posting
from notifications.models import Message
from workers_pool.models import Worker


@dataclass(frozen=True)
class Letter:
    """A message on paper, and where it goes."""

    message: Message
    address: Address


def waiting(neighbourhoods: Collection[int]) -> list[Letter]:
    """Return the letters for people of these neighbourhoods that nobody printed yet, oldest first."""
    found = []
    for message in posting.waiting_letters():
        address = _address_of(message.user)
        if address is not None and address.neighbourhood_id in neighbourhoods:
            found.append(Letter(message, address))
    return found


def print_all(messages: Collection[int], *, neighbourhoods: Collection[int], by: User, at: datetime) -> int:
    """Note that these letters were printed; return how many nobody had noted before."""
    ours = {letter.message.pk for letter in waiting(neighbourhoods)}
    return sum(posting.printed(pk, by=by, at=at) for pk in sorted(ours & set(messages)))


def failed(neighbourhoods: Collection[int]) -> list[Message]:
    """Return the mails and texts for people of these neighbourhoods that could not be sent."""
    rows = []
    for message in posting.not_sent():
        address = _address_of(message.user)
        if address is None or address.neighbourhood_id in neighbourhoods:
            rows.append(message)
    return rows


def _address_of(user: User) -> Address | None:
    worker = Worker.objects.filter(user=user).select_related("home").first()
    if worker:
        return worker.home
    customer = Customer.objects.filter(members__user=user).select_related("address").order_by("pk").first()
    return customer.address if customer else None
