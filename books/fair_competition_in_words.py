"""The report on fair competition in words: the same tables on a page, as PDF and as CSV."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from books.fair_competition import Report
from books.report import Part, render
from kernel.minutes import HOUR
from kernel.money import euros
from marketplace import catalogue
from marketplace.models import Service

HEAD = ("what", "row", "value", "value", "value", "value", "value")


def parts(found: Report) -> list[Part]:
    """Return the tables of a report."""
    return [
        _floors(found),
        _prices(found),
        _agreed(found),
        _use(found),
        _refused(found),
        _checks(found),
        _aid(found),
    ]


def as_rows(found: Report) -> list[tuple[object, ...]]:
    """Return a report as rows for a file: the name of the table, then its cells."""
    rows: list[tuple[object, ...]] = []
    for part in parts(found):
        rows.append((part.heading, *part.heads))
        rows += [(part.heading, *row) for row in part.rows]
    return rows


def as_pdf(found: Report, period: str) -> bytes:
    """Return a report as PDF; customers stand in it under a word."""
    first = _("Over %(period)s. Bedrijven en bewoners staan er niet met hun naam in.") % {"period": period}
    return render(_("Eerlijke concurrentie"), first, parts(found))


def _called() -> dict[str, str]:
    return {service.code: catalogue.in_words(service) for service in Service.objects.all()}


def _euro(cents: int) -> str:
    return number_format(euros(cents), 2, force_grouping=True)


def _hours(minutes: int) -> str:
    return number_format(minutes / HOUR, 1, force_grouping=True)


def _yes(fact: bool) -> str:
    return _("ja") if fact else _("nee")


def _kind(kind: str) -> str:
    return _("bedrijf") if kind == "firm" else _("bewoner")


def _floors(found: Report) -> Part:
    called = _called()
    rows = [
        (called.get(row.service, row.service), _hours(row.minutes), _euro(row.cost_cents), _euro(row.subsidy_cents), _euro(row.floor_cents))
        for row in found.floors
    ]  # fmt: skip
    heads = [_("Dienst"), _("Uren"), _("Kosten per uur"), _("Subsidie per uur"), _("Laagste prijs")]
    note = _("Een bedrijf betaalt minstens wat een uur kost, min de subsidie die echt is gevraagd.")
    return Part(_("Laagste prijs, in euro zonder btw"), heads, rows, note)


def _prices(found: Report) -> Part:
    called = _called()
    rows = [
        (called.get(row.service, row.service), _kind(row.kind), _euro(row.ours_cents), str(row.samples), _euro(row.lowest_cents),
         _euro(row.median_cents), f"{row.percent}%")
        for row in found.prices
    ]  # fmt: skip
    heads = [
        _("Dienst"),
        _("Voor"),
        _("Onze prijs"),
        _("Prijzen van anderen"),
        _("De laagste"),
        _("De middelste"),
        _("Wij"),
    ]
    note = _(
        "Prijzen van het laatste jaar. Voor bewoners met btw, voor bedrijven zonder. Bij bedrijven is dit de laagste afgesproken prijs."
    )
    return Part(_("Wat anderen vragen, in euro per uur"), heads, rows, note)


def _agreed(found: Report) -> Part:
    rows = [
        (row.who, _euro(row.cents), _yes(row.below_the_rule), _yes(row.below_cost), row.reason or "-") for row in found.agreed
    ]  # fmt: skip
    heads = [_("Bedrijf"), _("Prijs"), _("Onder de eigen regel"), _("Onder de kosten"), _("Reden")]
    return Part(_("Afspraken onder de laagste prijs"), heads, rows)


def _use(found: Report) -> Part:
    rows = [
        (row.who, _kind(row.kind), f"{row.month:%m-%Y}", _hours(row.minutes), f"{row.share}%", _yes(row.too_much))
        for row in found.use
    ]  # fmt: skip
    heads = [_("Wie"), _("Soort"), _("Drukste maand"), _("Uren"), _("Deel van alle uren"), _("Te veel")]
    note = _("De klanten met de meeste uren in een maand: %(shown)s van %(all)s. Boven %(most)s uur is het te veel.") % {
        "shown": len(found.use), "all": found.customers, "most": found.most_hours,
    }  # fmt: skip
    return Part(_("Uren per klant"), heads, rows, note)


def _refused(found: Report) -> Part:
    rows = [
        (f"{row.refused_on:%d-%m-%Y}", catalogue.in_words(row.service) if row.service else "-", str(row.get_why_display()), row.words)
        for row in found.refused
    ]  # fmt: skip
    note = "; ".join(f"{why}: {count}" for why, count in found.refused_by_reason)
    return Part(
        _("Werk dat wij niet deden"), [_("Dag"), _("Dienst"), _("Waarom"), _("Toelichting")], rows, note
    )


def _checks(found: Report) -> Part:
    rows = []
    for check in found.checks:
        row = check.row
        if row is None:
            rows.append((check.who, _("niet gevraagd"), "-", "-", "-", "-"))
            continue
        rows.append((
            check.who, f"{row.checked_on:%d-%m-%Y}", _yes(row.dismissals), _yes(row.same_work), _yes(row.vacancies),
            str(row.get_council_display()),
        ))  # fmt: skip
    heads = [
        _("Bedrijf"),
        _("Gevraagd op"),
        _("Ontslag"),
        _("Zelfde werk"),
        _("Vacature"),
        _("Ondernemingsraad"),
    ]
    note = _("Elk bedrijf krijgt deze vragen eens per jaar. Nog niet gevraagd: %(count)s.") % {
        "count": found.unchecked
    }
    return Part(_("Verdringt het werk iemand?"), heads, rows, note)


def _aid(found: Report) -> Part:
    rows = [
        (row.who or _("de eigen organisatie"), _euro(row.cents), _euro(row.left_cents)) for row in found.aid
    ]
    return Part(
        _("De-minimissteun in drie jaar, in euro"), [_("Wie"), _("Gekregen"), _("Mag er nog bij")], rows
    )  # fmt: skip
