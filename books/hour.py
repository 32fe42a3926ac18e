"""The hour as one chain: bought, held, planned, worked, paid with cheques, wage, subsidy, rest.

Each viewer sees the links they have a right to. What is booked per invoice, payslip or award month is shown as
this hour's share by largest remainder (`hour_shares`), so that all shares of a booked line add up to it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from books import hour_checks, hour_shares, hour_steps
from books.hour_steps import Step
from books.names import Names
from identity import permissions
from identity.models import CustomerMember, Role, User
from scheduling.models import Assignment

ALL = frozenset(range(1, 9))
BUYER = "buyer"
SEES: dict[str, frozenset[int]] = {
    BUYER: frozenset({1, 2, 3, 4, 5}), Role.WORKER: frozenset({3, 4, 6}),
    Role.COORDINATOR: frozenset({2, 3, 4, 5}), Role.QA: frozenset({2, 3, 4, 5}), Role.PAYROLL: ALL,
    Role.TREASURER: ALL, Role.AUDITOR: ALL,
}  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """The steps a viewer may see, and for those who see all: what the hour cost and who paid it, in cents.

    `differences` are the sums that do not meet, each as a sentence that names both sides.
    """

    assignment: Assignment
    parts: frozenset[str]
    steps: list[Step]
    cost_cents: int | None
    cheques_cents: int | None
    subsidy_cents: int | None
    differences: list[str]

    @property
    def adds_up(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def rest_cents(self) -> int | None:
        """What neither cheques nor subsidy paid; below zero when they paid more than the hour cost."""
        if self.cost_cents is None or self.cheques_cents is None or self.subsidy_cents is None:
            return None
        return self.cost_cents - self.cheques_cents - self.subsidy_cents


def parts_of(assignment: Assignment, viewer: User, *, at: datetime) -> frozenset[str]:
    """Return as what a user has a right to see (a part of) an hour: keys of `SEES`; empty when it is none of theirs."""
    booking, day = assignment.visit.booking, timezone.localdate(at)
    found = set()
    if CustomerMember.objects.filter(customer=booking.customer_id, user=viewer).exists():
        found.add(BUYER)
    if assignment.worker.user_id == viewer.pk:
        found.add(str(Role.WORKER))
    for role in (Role.COORDINATOR, Role.QA):
        if permissions.has(viewer, role, on=day, neighbourhood=assignment.visit.neighbourhood):
            found.add(str(role))
    for role in (Role.PAYROLL, Role.TREASURER, Role.AUDITOR):
        if permissions.has(viewer, role, on=day):
            found.add(str(role))
    return frozenset(found)


def chain(assignment: Assignment, *, viewer: User, at: datetime) -> Chain:
    """Return the chain of one worker's hours at one visit, as far as the viewer may see it."""
    parts = parts_of(assignment, viewer, at=at)
    seen = frozenset().union(*(SEES[part] for part in parts))
    everything = seen == ALL
    sight = hour_steps.Sight(
        buyer=BUYER in parts, own=Role.WORKER in parts, everything=everything, names=Names(viewer, at=at)
    )
    steps = [
        make(assignment, sight) for number, make in enumerate(hour_steps.MAKERS, start=1) if number in seen
    ]
    shown = Chain(
        assignment, parts, steps,
        hour_shares.wage_cents(assignment) if everything else None,
        hour_shares.cheques_net_cents(assignment) if everything else None,
        hour_shares.subsidy_cents(assignment) if everything else None,
        hour_checks.differences(assignment, everything=everything),
    )  # fmt: skip
    if everything:
        steps.append(_rest(shown))
    return shown


def _rest(shown: Chain) -> Step:
    done = bool(shown.cost_cents)
    rest = shown.rest_cents or 0
    if not done:
        return Step(8, _("Rest"), _("Pas bekend als het loon is vastgesteld."), None, done=False)
    text = (
        _("Uit re-integratiegeld en eigen middelen.")
        if rest > 0
        else _("Cheques en subsidie waren samen meer dan de kosten.")
    )
    return Step(8, _("Rest"), text, rest, done=True)
