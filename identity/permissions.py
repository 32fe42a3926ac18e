"""Who may act as what, on a day. Everything that is shown is a queryset narrowed here."""

from datetime import date

from django.db.models import Q, QuerySet

from identity.models import Customer, CustomerMember, Membership, Neighbourhood, Role, User

STAFF = frozenset(set(Role.values) - {Role.WORKER})
MAY_BUY = ("owner", "approver", "member", "helper")
MAY_BOOK = (*MAY_BUY, "booker")


def memberships(user: User, *, on: date) -> "QuerySet[Membership]":
    """Return the roles a user holds on a day."""
    return Membership.objects.filter(user=user, from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gt=on))


def roles(user: User, *, on: date) -> frozenset[str]:
    """Return the names of the roles a user holds on a day; 'resident' and 'firm' count as such."""
    if not user.is_authenticated:
        return frozenset()
    held = set(memberships(user, on=on).values_list("role", flat=True))
    held |= set(customers_of(user).values_list("kind", flat=True))
    if user.is_superuser:
        held.add(Role.ADMIN)
    return frozenset(held)


def has(user: User, role: str, *, on: date, neighbourhood: Neighbourhood | None = None) -> bool:
    """Tell whether a user holds a role, everywhere or in this neighbourhood."""
    held = memberships(user, on=on).filter(role=role)
    if neighbourhood is not None:
        held = held.filter(Q(neighbourhood=None) | Q(neighbourhood=neighbourhood))
    return held.exists()


def neighbourhoods(user: User, role: str, *, on: date) -> "QuerySet[Neighbourhood]":
    """Return where a user holds a role: every neighbourhood when the role names none."""
    held = memberships(user, on=on).filter(role=role)
    if held.filter(neighbourhood=None).exists():
        return Neighbourhood.objects.all()
    return Neighbourhood.objects.filter(pk__in=held.values("neighbourhood"))


NEVER_HELPS = (Role.WORKER, Role.COORDINATOR, Role.DESK)
HELPING = ("member", "helper")


def customers_of(user: User) -> "QuerySet[Customer]":
    """Return the customers a user acts for. Who does the work or plans it helps nobody, also when they did before."""
    mine = CustomerMember.objects.filter(user=user)
    if Membership.objects.filter(user=user, role__in=NEVER_HELPS, until_on=None).exists():
        mine = mine.exclude(part__in=HELPING)
    return Customer.objects.filter(pk__in=mine.values("customer"))


def may_act_for(user: User, customer: Customer, *parts: str) -> bool:
    """Tell whether a user may act for a customer, in one of these parts."""
    held = customer.members.filter(user=user)
    return (held.filter(part__in=parts) if parts else held).exists()
