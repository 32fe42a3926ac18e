"""The pack of a period that is over, as it was first handed over: what comes in late makes a new number, and no other bytes.

Late answers (net wages of the bureau, refusals of a town, a disputed hour) change rows of a period that is over. So the
pack is kept, and what changed since is told per file. See the decision on kept packs.
"""

import hashlib
import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from books import audit_pack
from books.models import KeptPack
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import Period, local_day


class StillRunning(Refused):
    """What is not over yet cannot be kept."""


@dataclass(frozen=True)
class Change:
    """A file of a pack of which lines are other now: how many went, and how many came."""

    name: str
    gone: int
    come: int


def kept(days: Period[date]) -> list[KeptPack]:
    """Return the packs of a period that were handed over, the last first."""
    return list(KeptPack.objects.filter(start_on=days.start, until_on=days.end).order_by("-number"))


@transaction.atomic(durable=True)
def hand_over(days: Period[date], *, by: User | None, at: datetime, anew: bool = False) -> KeptPack:
    """Return the pack of a period: the bytes of the last time, or those of now when it is the first or asked anew.

    Asked anew while nothing changed, it is the same pack.

    :raises StillRunning: the period is not over.
    """
    if local_day(at) < days.end:
        raise StillRunning(_("Deze periode loopt nog. Een pakket is er pas na de laatste dag."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('books.kept_packs'))")
    last = next(iter(kept(days)), None)
    if last is not None and not anew:
        return last
    body = audit_pack.pack(days)
    digest = hashlib.sha256(body).hexdigest()
    if last is not None and last.digest == digest:
        return last
    made = KeptPack.objects.create(
        start_on=days.start, until_on=days.end, number=last.number + 1 if last else 1, digest=digest, body=body,
        made_at=at, made_by=by,
    )  # fmt: skip
    record("audit_pack.kept", made, by_id=by.pk if by else None, at=at, number=made.number, digest=digest)
    return made


def changes(pack: KeptPack) -> list[Change]:
    """Return which files would be other now; nothing when the books still say what was handed over."""
    days = Period(pack.start_on, pack.until_on)
    then, now = _lines(bytes(pack.body)), _lines(audit_pack.pack(days))
    found = []
    for name in sorted(set(then) | set(now)):
        before, after = then.get(name, Counter()), now.get(name, Counter())
        if before != after and name != audit_pack.SUMS:
            found.append(Change(name, (before - after).total(), (after - before).total()))
    return found


def _lines(body: bytes) -> dict[str, Counter[str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: Counter(archive.read(name).decode().splitlines()) for name in archive.namelist()}
