"""Names as an auditor sees them: the same person is always the same word, and who it is must be asked for.

To ask is an act: it is recorded, with who asked and why, and holds for an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from books.pseudonyms import NoReason, of_worker
from events.models import Event
from events.recording import record
from events.sealing import keyed_hash
from identity import permissions
from identity.models import Customer, Role, User
from workers_pool.models import Worker

KNOWS_NAMES = frozenset({Role.PAYROLL, Role.TREASURER})
HOLDS_FOR = timedelta(hours=1)
KIND = "pseudonym.revealed"


class Why(models.TextChoices):
    """Why an auditor wants to know who somebody is."""

    SAMPLE = "sample", _lazy("Steekproef")
    DIFFERENCE = "difference", _lazy("Een verschil uitzoeken")
    REQUEST = "request", _lazy("Verzoek van de persoon zelf")


class Names:
    """How one viewer sees people: by name, or as a word that is always the same."""

    def __init__(self, viewer: User, *, at: datetime) -> None:
        roles = permissions.roles(viewer, on=timezone.localdate(at))
        self.hidden = Role.AUDITOR in roles and not roles & KNOWS_NAMES
        self._shown = revealed_to(viewer, at=at) if self.hidden else frozenset()
        self._known: dict[User | Customer, tuple[bool, str]] = {}

    def of(self, someone: User | Customer) -> str:
        """Return the name, or the pseudonym."""
        return self._look(someone)[1] if self.hidden else str(someone.name)

    def hides(self, someone: User | Customer) -> bool:
        """Tell whether this person stands under a pseudonym now."""
        return self.hidden and self._look(someone)[0]

    def of_text(self, words: str) -> str:
        """Return words of a bank line, or that they are kept from view."""
        return _("afgeschermd") if self.hidden and words else words

    def _look(self, someone: User | Customer) -> tuple[bool, str]:
        if someone not in self._known:
            hides = subject_of(someone) not in self._shown
            self._known[someone] = (hides, pseudonym(someone) if hides else str(someone.name))
        return self._known[someone]


def pseudonym(someone: User | Customer) -> str:
    """Return the word for a person: a worker's is the one of the reports."""
    return _word(subject_of(someone))


def subject_of(someone: User | Customer) -> str:
    """Return how events name a person; who works here is named as a worker."""
    if isinstance(someone, User):
        worker = Worker.objects.filter(user=someone).values_list("pk", flat=True).first()
        return f"worker:{worker}" if worker else f"user:{someone.pk}"
    return f"customer:{someone.pk}"


def revealed_to(viewer: User, *, at: datetime) -> frozenset[str]:
    """Return the subjects whose names a viewer asked for in the past hour."""
    asked = Event.objects.filter(kind=KIND, by_id=viewer.pk, at__gt=at - HOLDS_FOR, at__lte=at)
    return frozenset(asked.values_list("subject", flat=True))


@transaction.atomic(durable=True)
def reveal(someone: User | Customer, *, why: str, by: User, at: datetime) -> None:
    """Show a name to an auditor for an hour; that it was shown stays in the audit chain.

    :raises NoReason: the reason is none of `Why`.
    """
    if why not in Why.values:
        raise NoReason(_("Kies waarom u de naam wilt zien."))
    worker = Worker.objects.filter(user=someone).first() if isinstance(someone, User) else None
    record(KIND, worker or someone, by_id=by.pk, at=at, reason=why)


@dataclass(frozen=True)
class Shown:
    """A name that was shown: to whom, when, why; whose, only as the pseudonym."""

    by: str
    at: datetime
    why: str
    whose: str


def log_in_words(*, most: int = 20) -> list[Shown]:
    """Return the latest names that were shown, newest first, whichever page was asked."""
    rows = list(Event.objects.filter(kind=KIND).order_by("-pk")[:most])
    asked_by = {user.pk: user.name for user in User.objects.filter(pk__in=[row.by_id for row in rows])}
    return [
        Shown(asked_by.get(row.by_id or 0, ""), row.at, _why(row.payload["reason"]), _word(row.subject))
        for row in rows
    ]


def _why(reason: str) -> str:
    return str(Why(reason).label) if reason in Why.values else reason


def _word(subject: str) -> str:
    kind, _colon, pk = subject.partition(":")
    if kind == "worker":
        return of_worker(int(pk))
    return f"{_('Klant') if kind == 'customer' else _('Persoon')} {keyed_hash(subject)[:6].upper()}"
