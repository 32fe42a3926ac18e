"""Tasks of the subsidies: each one call."""

from typing import Any

from celery import shared_task

from identity import clock
from subsidies import remittances


@shared_task
def match_open_lines(**_kwargs: Any) -> None:
    """Give bank lines their claims."""
    remittances.match_open_lines(at=clock.now())
