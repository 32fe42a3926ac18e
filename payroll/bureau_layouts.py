"""Which bureau is spoken to: its doors and the layout of its files. Another bureau is a module and a row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from payroll import bureau_codes, bureau_format
from payroll.bureau_format import Gross, Net


@dataclass(frozen=True)
class Layout:
    """The files of a bureau and where they pass; `answer` takes the bureau's own name for the run."""

    write: Callable[[Iterable[Gross]], bytes]
    read: Callable[[bytes], list[Net]]
    door: str
    answer: str
    name_field: str  # in the JSON that says the export was taken
    errors_field: str  # in the JSON that says why it was not


LAYOUTS = {
    "cents": Layout(
        bureau_format.write, bureau_format.read, "/runs", "/runs/{name}/net.csv", "id", "errors",
    ),
    "codes": Layout(
        bureau_codes.write, bureau_codes.read, "/mutaties", "/mutaties/{name}/uitkomst.csv", "kenmerk", "fouten",
    ),
}  # fmt: skip


def is_known() -> bool:
    """Tell whether the layout that is set is one we have."""
    return settings.BUREAU_LAYOUT in LAYOUTS


def chosen() -> Layout:
    """Return the layout of our bureau.

    :raises ImproperlyConfigured: the setting names none.
    """
    if not is_known():
        raise ImproperlyConfigured(
            f"BUREAU_LAYOUT is '{settings.BUREAU_LAYOUT}'; choose one of {', '.join(LAYOUTS)}."
        )
    return LAYOUTS[settings.BUREAU_LAYOUT]
