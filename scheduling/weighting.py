"""What the parts of a plan's cost weigh against each other: data, with a version, who changed it and why."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import User
from kernel.errors import Refused
from scheduling.engine.model import Weights
from scheduling.models import Weighting

MOST = 1000


class NoReason(Refused):
    """Who changes what counts, says why."""


class NotAWeight(Refused):
    """A weight is a whole number within bounds; only the learner's may be below zero, as a bonus."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the weights since the page was shown."""


def current() -> Weighting | None:
    """Return the weights that count now, or None when nobody changed those we began with."""
    return Weighting.objects.select_related("by").order_by("-version").first()


def weights() -> Weights:
    """Return the weights that count now, as the engine reads them."""
    last = current()
    return as_weights(last.weights) if last else Weights()


def as_weights(values: Mapping[str, int]) -> Weights:
    """Return weights by name as the engine reads them.

    :raises NotAWeight: one is not there, no whole number, too large, or a bonus where there is none.
    """
    first = asdict(Weights())
    if set(values) != set(first):
        raise NotAWeight(_("Vul elk gewicht in."))
    for name, value in values.items():
        least = -MOST if name == "learner" else 0
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
            raise NotAWeight(_("Kies voor elk gewicht een heel getal tot %(most)s.") % {"most": MOST})
    return Weights(**values)


@transaction.atomic(durable=True)
def change(values: Mapping[str, int], *, why: str, instead_of: int, by: User, at: datetime) -> Weighting:
    """Let other weights count from now on.

    :param instead_of: the version that the change was decided on; 0 for the weights we began with.
    :raises NotAWeight: see `as_weights`.
    :raises NoReason: nothing was said.
    :raises ChangedMeanwhile: another version counts by now.
    """
    as_weights(values)
    if not why.strip():
        raise NoReason(_("Schrijf op waarom. Een collega wil dat later weten."))
    last = current()
    if (last.version if last else 0) != instead_of:
        raise ChangedMeanwhile(_("Een collega heeft dit net veranderd. Bekijk het opnieuw."))
    try:
        with transaction.atomic():
            row = Weighting.objects.create(
                version=instead_of + 1, weights=dict(values), since_at=at, by=by, why=why.strip()[:300]
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(_("Een collega heeft dit net veranderd. Bekijk het opnieuw.")) from error
    record("weighting.changed", row, by_id=by.pk, at=at, version=row.version, weights=dict(values))
    return row
