"""Business time, for the edges: real time, which only the sandbox may run ahead of."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from identity.models import SandboxClock


def now() -> datetime:
    """Return business time, in UTC."""
    if not settings.SANDBOX:
        return timezone.now()
    return timezone.now() + timedelta(seconds=_shift())


def shift_to(moment: datetime) -> int:
    """Move business time to a moment, in the sandbox. Return the seconds it now runs ahead.

    :raises RuntimeError: outside the sandbox time is what it is.
    """
    if not settings.SANDBOX:
        raise RuntimeError("Only the sandbox can move the clock.")
    seconds = round((moment - timezone.now()).total_seconds())
    SandboxClock.objects.update_or_create(pk=1, defaults={"shift_seconds": seconds})
    return seconds


def _shift() -> int:
    return SandboxClock.objects.filter(pk=1).values_list("shift_seconds", flat=True).first() or 0
