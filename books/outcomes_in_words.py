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
    return [*_people(found), *_money(found)]


def _people(found: Outcomes) -> list[Figure]:
    people = found.by_neighbourhood.total
    tens = " " + _("Loopt de periode nog, dan in hele tientallen.") if found.running else ""
    listed = [
        Figure("people", _("mensen aan het werk"), _count(people, found.running), _("Iedereen met geaccepteerde uren in de periode, één keer geteld. Een gemeente met minder dan 10 mensen telt niet mee.") + tens, _plain(people, found.running)),
        Figure("hours", _("gewerkte uren"), _hours(found.accepted_minutes), _("Alle uren die betaald zijn: geaccepteerd bij het afsluiten van de week."), str(found.accepted_minutes // 60)),
        Figure("sold", _("bevestigde uren"), _hours(found.confirmed_minutes), _("Uren waarvan de klant of de termijn zei dat zij klopten."), str(found.confirmed_minutes // 60)),
        Figure("growth", _("groei van de loonwaarde"), _points(found.growth_points), _("Laatste min eerste gemeten loonwaarde, in punten per 12 maanden, gemiddeld over wie twee keer gemeten is. Alleen bij 10 mensen of meer."), "" if found.growth_points is None else str(found.growth_points)),
    ]  # fmt: skip
    if found.left is None:
        return listed
    work = found.left.cells.get("work", 0)
    return [
        *listed,
        Figure("left", _("mensen die weggingen"), _count(found.left.total, found.running), _("Iedereen die in het jaar uit dienst ging.") + tens, _plain(found.left.total, found.running)),
        Figure("work", _("doorgestroomd naar werk"), _count(work, found.running), _("Ander contract binnen 4 weken, voor minstens 6 maanden, met een loon dat niet lager is (definitie van de RSP).") + tens, _plain(work, found.running)),
    ]  # fmt: skip


def _money(found: Outcomes) -> list[Figure]:
    spread = found.spread
    listed = [
        Figure("public", _("publiek geld"), _euro(found.public_cents), _("Loonkostensubsidie met lasten, zonder geweigerde regels en na terugvordering, plus regelingen van de gemeente."), str(euros(found.public_cents))),
        Figure("own", _("eigen inkomsten"), _percent(found.own_percent), _("Cheques zonder btw, in procent van alle kosten. Alleen voor de hele organisatie."), str(found.own_percent or "")),
        Figure("covered", _("betaald van de kosten"), _percent(found.covered_percent), _("Cheques, subsidie en ander publiek geld, in procent van alle kosten."), str(found.covered_percent or "")),
    ]  # fmt: skip
    if found.left is None:
        return listed
    said = _spread(spread.low_cents, spread.high_cents) if spread else _("niet te tonen")
    plain = f"{euros(spread.low_cents)} - {euros(spread.high_cents)}" if spread else ""
    return [
        *listed,
        Figure("placement", _("publiek geld per doorstroom"), _euro(found.cost_per_placement_cents), _("Al het publieke geld van het jaar, ook voor wie bleef of uitviel, gedeeld door wie naar werk ging. Na afloop van het jaar."), _cents(found.cost_per_placement_cents)),
        Figure("median", _("middelste bedrag per doorstroom"), _euro(spread.middle_cents if spread else None), _("De middelste van wat wie doorstroomde vanaf de start aan loonkostensubsidie kreeg, op 100 euro afgerond. Alleen bij 10 mensen of meer."), _cents(spread.middle_cents if spread else None)),
        Figure("spread", _("spreiding per doorstroom"), said, _("Tussen deze bedragen ligt de helft van wie doorstroomde; een kwart kostte minder, een kwart meer. Op 100 euro afgerond, alleen bij 10 mensen of meer."), plain),
        Figure("dropped", _("publiek geld voor wie uitviel"), _euro(found.dropped_cents), _("Loonkostensubsidie vanaf de start van wie in het jaar wegging zonder werk volgens de RSP, op 100 euro afgerond. Alleen bij 10 mensen of meer."), _cents(found.dropped_cents)),
    ]  # fmt: skip


def only_per_year(found: Outcomes) -> str:
    """Return why a period says nothing of who left; empty when it does."""
    if found.left is not None:
        return ""
    return _(
        "Wie weggaat, tellen wij alleen per heel jaar. Anders is uit jaar en kwartalen terug te rekenen om wie het gaat."
    )


def tables(found: Outcomes) -> list[Counts]:
    """Return the tables of people."""
    subsidy = {"with": _("met loonkostensubsidie"), "without": _("zonder")}
    left = {"work": _("naar werk (RSP)"), "other": _("anders")}
    steps = {
        "1": _("1 alleen thuis"), "2": _("2 contacten buiten"), "3": _("3 georganiseerde activiteit"), "4": _("4 onbetaald werk"),
        "5": _("5 betaald werk met steun"), "6": _("6 betaald werk zonder steun"),
    }  # fmt: skip
    listed = [
        (_("Mensen per buurt"), _("De buurt waar iemand werkt."), found.by_neighbourhood, {}),
        (_("Met en zonder subsidie"), _("Met: een beschikking op een dag van de periode."), found.by_subsidy, subsidy),
        (_("Participatieladder"), _("De laatste meting van het afgelopen half jaar; anders 5 met een beschikking en 6 zonder."), found.ladder, steps),
        (_("Wie weggingen"), _("Naar werk volgens de RSP, of anders."), found.left, left),
    ]  # fmt: skip
    return [
        Counts(name, definition, _rows(table.cells, names, found.running))
        for name, definition, table, names in listed
        if table is not None
    ]


def _rows(cells: Mapping[str, int | None], names: Mapping[str, str], running: bool) -> list[tuple[str, str]]:
    return [(names.get(name, name), _count(count, running)) for name, count in cells.items()]


def _count(count: int | None, running: bool) -> str:
    if count is None:
        return hidden()
    return _("%(count)s of meer") % {"count": count} if running and count else str(count)


def _plain(count: int | None, running: bool) -> str:
    if count is None:
        return ""
    return f"{count}+" if running and count else str(count)


def _spread(low_cents: int, high_cents: int) -> str:
    amounts = {
        "low": number_format(euros(low_cents), 0, force_grouping=True),
        "high": number_format(euros(high_cents), 0, force_grouping=True),
    }
    return _("%(low)s tot %(high)s euro") % amounts


def _hours(minutes: int) -> str:
    return number_format(minutes // 60, force_grouping=True)


def _euro(cents: int | None) -> str:
    if cents is None:
        return _("niet te tonen")
    return _("%(amount)s euro") % {"amount": number_format(euros(cents), 2, force_grouping=True)}


def _cents(cents: int | None) -> str:
    return "" if cents is None else str(euros(cents))


def _points(points: int | None) -> str:
    if points is None:
        return _("niet te tonen")
    return _("%(points)s punten per jaar") % {"points": points}


def _percent(value: object) -> str:
    return _("niet te tonen") if value is None else f"{number_format(str(value))}%"
