"""The results for the town as named figures, each with its definition: the page, the PDF and the CSV say the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from books.outcomes import Outcomes
from books.suppression import LEAST
from kernel.money import euros


@dataclass(frozen=True)
class Figure:
    """A figure as people read it, what it means, and the plain value for a file (empty: hidden or unknown)."""

    code: str
    name: str
    said: str
    definition: str
    plain: str


@dataclass(frozen=True)
class Counts:
    """A table of people."""

    name: str
    definition: str
    rows: list[tuple[str, str]]


def hidden() -> str:
    """Return what stands in the place of a small count."""
    return _("afgeschermd (minder dan %(least)s)") % {"least": LEAST}


def figures(found: Outcomes) -> list[Figure]:
    """Return the figures in the order of the page."""
    people, work = found.by_neighbourhood.total, found.left.cells["work"]
    return [
        Figure("people", _("mensen aan het werk"), _count(people), _("Iedereen met geaccepteerde uren in de periode, één keer geteld."), _plain(people)),
        Figure("hours", _("gewerkte uren"), _hours(found.accepted_minutes), _("Alle uren die betaald zijn: geaccepteerd bij het afsluiten van de week."), str(found.accepted_minutes // 60)),
        Figure("sold", _("bevestigde uren"), _hours(found.confirmed_minutes), _("Uren waarvan de klant of de termijn zei dat zij klopten."), str(found.confirmed_minutes // 60)),
        Figure("left", _("mensen die weggingen"), _count(found.left.total), _("Iedereen die in de periode uit dienst ging."), _plain(found.left.total)),
        Figure("work", _("doorgestroomd naar werk"), _count(work), _("Ander contract binnen 4 weken, voor minstens 6 maanden, met een loon dat niet lager is (definitie van de RSP)."), _plain(work)),
        Figure("growth", _("groei van de loonwaarde"), _points(found.growth_tenths), _("Laatste min eerste gemeten loonwaarde, in punten per 12 maanden, gemiddeld over wie twee keer gemeten is. Alleen bij 10 mensen of meer."), "" if found.growth_tenths is None else str(found.growth_tenths / 10)),
        Figure("public", _("publiek geld"), _euro(found.public_cents), _("Loonkostensubsidie met lasten, zonder geweigerde regels en na terugvordering, plus regelingen van de gemeente."), str(euros(found.public_cents))),
        Figure("placement", _("publiek geld per doorstroom"), _euro(found.cost_per_placement_cents), _("Al het publieke geld van de periode, ook voor wie bleef of uitviel, gedeeld door wie naar werk ging."), _cents(found.cost_per_placement_cents)),
        Figure("median", _("middelste bedrag per doorstroom"), _euro(found.median_placement_cents), _("De middelste van wat wie doorstroomde vanaf de start aan loonkostensubsidie kreeg. Alleen bij 10 mensen of meer."), _cents(found.median_placement_cents)),
        Figure("own", _("eigen inkomsten"), _percent(found.own_percent), _("Cheques zonder btw, in procent van alle kosten. Alleen voor de hele organisatie."), str(found.own_percent or "")),
        Figure("covered", _("betaald van de kosten"), _percent(found.covered_percent), _("Cheques, subsidie en ander publiek geld, in procent van alle kosten."), str(found.covered_percent or "")),
    ]  # fmt: skip


def tables(found: Outcomes) -> list[Counts]:
    """Return the tables of people."""
    subsidy = {"with": _("met loonkostensubsidie"), "without": _("zonder")}
    left = {"work": _("naar werk (RSP)"), "other": _("anders")}
    steps = {
        "1": _("1 alleen thuis"), "2": _("2 contacten buiten"), "3": _("3 georganiseerde activiteit"), "4": _("4 onbetaald werk"),
        "5": _("5 betaald werk met steun"), "6": _("6 betaald werk zonder steun"),
    }  # fmt: skip
    return [
        Counts(_("Mensen per buurt"), _("De buurt waar iemand werkt."), _rows(found.by_neighbourhood.cells, {})),
        Counts(_("Met en zonder subsidie"), _("Met: een beschikking op een dag van de periode."), _rows(found.by_subsidy.cells, subsidy)),
        Counts(_("Participatieladder"), _("De laatste meting van het afgelopen half jaar; anders 5 met een beschikking en 6 zonder."), _rows(found.ladder.cells, steps)),
        Counts(_("Wie weggingen"), _("Naar werk volgens de RSP, of anders."), _rows(found.left.cells, left)),
    ]  # fmt: skip


def _rows(cells: Mapping[str, int | None], names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(names.get(name, name), _count(count)) for name, count in cells.items()]


def _count(count: int | None) -> str:
    return hidden() if count is None else str(count)


def _plain(count: int | None) -> str:
    return "" if count is None else str(count)


def _hours(minutes: int) -> str:
    return number_format(minutes // 60, force_grouping=True)


def _euro(cents: int | None) -> str:
    if cents is None:
        return _("niet te tonen")
    return _("%(amount)s euro") % {"amount": number_format(euros(cents), 2, force_grouping=True)}


def _cents(cents: int | None) -> str:
    return "" if cents is None else str(euros(cents))


def _points(tenths: int | None) -> str:
    if tenths is None:
        return _("niet te tonen")
    return _("%(points)s punten per jaar") % {"points": number_format(tenths / 10, 1)}


def _percent(value: object) -> str:
    return _("niet te tonen") if value is None else f"{number_format(str(value))}%"
