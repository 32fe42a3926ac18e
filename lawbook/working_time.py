"""Working time from 18 years on: rest, breaks, limits, notice (Arbeidstijdenwet). Add a row, never edit one."""

from dataclasses import dataclass
from datetime import date

from kernel.dated import Confidence, Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit


@dataclass(frozen=True, slots=True)
class Break:
    """Work of more than `above_minutes`, breaks left out, needs `minutes` of break."""

    above_minutes: int
    minutes: int


def _row(value: int, source: str, confidence: Confidence = "H") -> Since[int]:
    return Since(BOOKS_BEGIN, value, source, confidence=confidence)


DAILY_REST_MINUTES = Rule(
    "daily rest",
    "Tussen twee werkdagen rust iemand ten minste zo lang, in elke 24 uur.",
    Unit.MINUTES,
    _row(11 * 60, "ATW art. 5:3(2); arboportaal.nl"),
)
SHORT_DAILY_REST_MINUTES = Rule(
    "short daily rest",
    "Eén keer in zeven dagen mag de rust zo kort zijn, als het werk dat nodig maakt.",
    Unit.MINUTES,
    _row(8 * 60, "ATW art. 5:3(2); arboportaal.nl"),
)
WEEKLY_REST_MINUTES = Rule(
    "weekly rest",
    "In elke zeven dagen rust iemand ten minste zo lang achter elkaar.",
    Unit.MINUTES,
    _row(36 * 60, "ATW art. 5:5; arboportaal.nl, evofenedex.nl"),
)
FORTNIGHT_REST_MINUTES = Rule(
    "rest in two weeks",
    "In plaats van de rust per week mag het ook zo: deze rust in veertien dagen, in delen van 32 uur of meer.",
    Unit.MINUTES,
    _row(72 * 60, "ATW art. 5:5; arboportaal.nl, evofenedex.nl"),
)
BREAKS: Rule[tuple[Break, ...]] = Rule(
    "breaks",
    "Wie meer dan vijfeneenhalf uur werkt, heeft een half uur pauze. Bij meer dan tien uur is dat drie kwartier.",
    Unit.MINUTES,
    Since(BOOKS_BEGIN, (Break(330, 30), Break(600, 45)), "ATW art. 5:4; arboportaal.nl", confidence="H"),
)
SHIFT_MINUTES = Rule(
    "longest working day",
    "Zo lang werkt iemand ten hoogste op een dag.",
    Unit.MINUTES,
    _row(12 * 60, "ATW art. 5:7; arboportaal.nl"),
)
WEEK_MINUTES = Rule(
    "longest working week",
    "Zo lang werkt iemand ten hoogste in een week.",
    Unit.MINUTES_PER_WEEK,
    _row(60 * 60, "ATW art. 5:7; arboportaal.nl"),
)
FOUR_WEEKS_AVERAGE_MINUTES = Rule(
    "average week over 4 weeks",
    "Zo lang werkt iemand gemiddeld per week ten hoogste, over vier weken.",
    Unit.MINUTES_PER_WEEK,
    _row(55 * 60, "ATW art. 5:7; arboportaal.nl"),
)
SIXTEEN_WEEKS_AVERAGE_MINUTES = Rule(
    "average week over 16 weeks",
    "Zo lang werkt iemand gemiddeld per week ten hoogste, over zestien weken en bij alle werkgevers samen.",
    Unit.MINUTES_PER_WEEK,
    _row(48 * 60, "ATW art. 5:7; arboportaal.nl; directive 2003/88 art. 6 and 16"),
)
FREE_SUNDAYS = Rule(
    "free Sundays in a year",
    "Zoveel zondagen per jaar is iemand ten minste vrij.",
    Unit.TIMES,
    _row(13, "ATW art. 5:6; arboportaal.nl"),
)
NIGHT_SHIFT_MINUTES = Rule(
    "longest night shift",
    "Zo lang duurt een nachtdienst ten hoogste: een dienst met meer dan een uur tussen 00:00 en 06:00.",
    Unit.MINUTES,
    _row(10 * 60, "ATW art. 5:8; productieleveringsbedrijven.dearbocatalogus.nl", "M"),
)
NIGHT_REST_MINUTES = Rule(
    "rest after a night shift",
    "Na een nachtdienst die na 02:00 eindigt, rust iemand ten minste zo lang.",
    Unit.MINUTES,
    _row(14 * 60, "ATW art. 5:8; productieleveringsbedrijven.dearbocatalogus.nl", "M"),
)
NIGHT_SERIES_REST_MINUTES = Rule(
    "rest after three night shifts",
    "Na drie of meer nachtdiensten achter elkaar rust iemand ten minste zo lang.",
    Unit.MINUTES,
    _row(46 * 60, "ATW art. 5:8; productieleveringsbedrijven.dearbocatalogus.nl", "M"),
)
NIGHTS_IN_SIXTEEN_WEEKS = Rule(
    "night shifts in 16 weeks",
    "Zoveel nachtdiensten werkt iemand ten hoogste in zestien weken.",
    Unit.TIMES,
    _row(36, "ATW art. 5:8; productieleveringsbedrijven.dearbocatalogus.nl", "M"),
)
ROSTER_NOTICE_DAYS = Rule(
    "notice of the roster",
    "Zoveel dagen vooraf hoort iemand wanneer hij werkt. Kan dat niet, dan geldt de kortere termijn.",
    Unit.DAYS,
    _row(28, "ATW art. 4:2; evofenedex.nl", "M"),
)
SHORT_ROSTER_NOTICE_DAYS = Rule(
    "shortest notice of the roster",
    "Ten minste zoveel dagen vooraf staat het rooster vast, als het werk geen langere termijn toelaat.",
    Unit.DAYS,
    _row(4, "ATW art. 4:2; evofenedex.nl", "M"),
)
RECORDS_WEEKS = Rule(
    "time that working hours are kept",
    "Zo lang bewaren wij wanneer iemand begon, pauze had en klaar was.",
    Unit.WEEKS,
    _row(52, "ATW art. 4:3; evofenedex.nl", "BG-H"),
)


def break_due(work_minutes: int, day: date) -> int:
    """Return the minutes of break that belong to so many minutes of work, breaks left out."""
    return max((rest.minutes for rest in BREAKS.on(day) if work_minutes > rest.above_minutes), default=0)
