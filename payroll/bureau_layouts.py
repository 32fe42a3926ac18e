"""The bureaus that are known: where each takes a run, where its answer lies, and how both are written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from payroll import bureau_format, bureau_journal
from payroll.bureau_format import Gross, Net


@dataclass(frozen=True)
class Layout:
    """One bureau's way; `answer` holds the place for the name it gave the run."""

    content_type: str
    runs: str
    answer: str
    write: Callable[[Iterable[Gross]], bytes]
    read: Callable[[bytes], list[Net]]


LAYOUTS: Mapping[str, Layout] = {
    "csv": Layout("text/csv", "/runs", "/runs/{id}/net.csv", bureau_format.write, bureau_format.read),
    "json": Layout(
        "application/json", "/wage-journals", "/wage-journals/{id}/result", bureau_journal.write, bureau_journal.read
    ),
}  # fmt: skip


def current() -> Layout:
    """Return the layout of the setting BUREAU_LAYOUT.

    :raises ImproperlyConfigured: no bureau speaks it.
    """
    try:
        return LAYOUTS[settings.BUREAU_LAYOUT]
    except KeyError as error:
        raise ImproperlyConfigured(f"BUREAU_LAYOUT is one of: {', '.join(LAYOUTS)}.") from error
