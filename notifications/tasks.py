"""What a Celery worker does for this package."""

from datetime import datetime
from typing import Any

from celery import shared_task

from notifications import account_changes, invitations, telling


@shared_task
def tell_role(*, membership_id: int, event_id: int, at: str, **_kwargs: Any) -> None:
    """Mail somebody that they have a role now."""
    invitations.tell(membership_id, event_id=event_id, at=datetime.fromisoformat(at))


@shared_task
def tell_account(*, accountasked_id: int, event_id: int, at: str, **_kwargs: Any) -> None:
    """Mail a worker that another account was asked for their wage."""
    account_changes.tell(accountasked_id, event_id=event_id, at=datetime.fromisoformat(at))


@shared_task
def tell(*, event_id: int, at: str, **_kwargs: Any) -> None:
    """Tell people what happened; what could not be sent is tried again."""
    telling.tell(event_id, at=datetime.fromisoformat(at))
