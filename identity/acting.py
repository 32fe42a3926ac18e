"""Who may act for a customer besides its owner: housemates and a helper of a home, bookers and approvers of a firm."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.recording import record
from identity import permissions
from identity.models import Customer, CustomerMember, User
from kernel.errors import Refused

Part = CustomerMember.Part
PARTS = {
    Customer.Kind.RESIDENT: (Part.MEMBER, Part.HELPER), Customer.Kind.FIRM: (Part.BOOKER, Part.APPROVER, Part.OWNER),
}  # fmt: skip


class OnlyTheOwner(Refused):
    """Only the owner lets others act for them."""


class WrongPart(Refused):
    """A home has no booker, a firm no housemate."""


class ActsAlready(Refused):
    """This person acts for this customer already."""


class WorksForUs(Refused):
    """Who does the work or plans it does not act for the customer."""


class OwnerStays(Refused):
    """The last owner stays."""


@transaction.atomic(durable=True)
def let_act(customer_id: int, *, email: str, name: str, part: str, by: User, at: datetime) -> CustomerMember:
    """Let somebody act for a customer; who has no account gets one, and signs in with a code.

    :raises OnlyTheOwner: `by` does not own it.
    :raises WrongPart: the part does not belong to this kind of customer.
    :raises WorksForUs: a worker, a coordinator or the desk.
    :raises ActsAlready: they do already.
    """
    customer = _owned(customer_id, by)
    if part not in PARTS[Customer.Kind(customer.kind)]:
        raise WrongPart(_("Kies wat deze persoon mag."))
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email.strip(), name=name.strip())
    if permissions.roles(user, on=timezone.localdate(at)) & set(permissions.NEVER_HELPS):
        raise WorksForUs(
            _("Wie het werk doet of plant, kan niet voor een klant handelen. Kies iemand anders.")
        )
    if customer.members.filter(user=user).exists():
        raise ActsAlready(_("Deze persoon kan dit al."))
    member = CustomerMember.objects.create(customer=customer, user=user, part=part)
    record("customer.member_added", member, by_id=by.pk, at=at, part=part)
    return member


@transaction.atomic(durable=True)
def stop_acting(customer_id: int, *, user_id: int, by: User, at: datetime) -> None:
    """Let somebody act no more; what they did stays. Who acts for another may also stop of their own accord.

    :raises OnlyTheOwner: somebody else than the owner or the person.
    :raises OwnerStays: the last owner.
    """
    customer = Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer_id)
    if by.pk != user_id:
        _owned(customer_id, by)
    member = CustomerMember.objects.get(customer=customer, user_id=user_id)
    others = customer.members.filter(part=Part.OWNER).exclude(pk=member.pk)
    if member.part == Part.OWNER and not others.exists():
        raise OwnerStays(_("Dit is de enige eigenaar. Die kan niet weg."))
    record("customer.member_gone", member, by_id=by.pk, at=at, part=member.part)
    member.delete()


def acted_for(user: User) -> list[Customer]:
    """Return the customers somebody acts for: their own first."""
    own = set(CustomerMember.objects.filter(user=user, part=Part.OWNER).values_list("customer", flat=True))
    return sorted(permissions.customers_of(user), key=lambda customer: (customer.pk not in own, customer.pk))


def _owned(customer_id: int, by: User) -> Customer:
    customer = Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer_id)
    if not permissions.may_act_for(by, customer, Part.OWNER):
        raise OnlyTheOwner(_("Alleen de eigenaar kan dit."))
    return customer
