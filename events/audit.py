"""The audit chain: each event is sealed with a hash over itself and the seal before it.

Whoever changes, removes or inserts an event later breaks the chain at that place. Events are sealed by the
relay, just after their transaction, so that recording never waits for the head of the chain.
"""

import hashlib
import json

from django.db import connection, transaction

from events.models import Event, Seal

START = "0" * 64
_LOCK = 7_340_211  # any number, as long as it is always this one


def seal_new(*, most: int = 500) -> int:
    """Seal events that are not in the chain yet. Return how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        head = Seal.objects.order_by("-pk").values_list("digest", flat=True).first() or START
        seals = []
        for event in Event.objects.filter(seal__isnull=True).order_by("pk")[:most]:
            digest = digest_of(event, head)
            seals.append(Seal(event=event, previous=head, digest=digest))
            head = digest
        Seal.objects.bulk_create(seals)
    return len(seals)


def first_break() -> int | None:
    """Return the pk of the first seal that does not fit its event or the seal before it, or None."""
    head = START
    for seal in Seal.objects.select_related("event").order_by("pk").iterator(chunk_size=2000):
        if seal.previous != head or seal.digest != digest_of(seal.event, head):
            return seal.pk
        head = seal.digest
    return None


def digest_of(event: Event, previous: str) -> str:
    """Return the hash over an event's canonical form and the digest before it."""
    facts = {
        "id": event.pk,
        "kind": event.kind,
        "subject": event.subject,
        "by": event.by_id,
        "at": event.at.isoformat(),
        "payload": event.payload,
    }
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
