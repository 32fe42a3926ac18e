"""What an employer pays on top of wages: premiums by year. Each row ends with its year."""

from datetime import date
from decimal import Decimal

from kernel.dated import Since
from lawbook.rule import Rule, Unit

JAN_24, JAN_25 = date(2024, 1, 1), date(2025, 1, 1)
JAN_26, JAN_27 = date(2026, 1, 1), date(2027, 1, 1)

_SOURCE_24 = "own knowledge of the premiums of 2024: read the table before use"
_SOURCE_25 = "randstad.nl werkpocket 2025"
_SOURCE_26 = "randstad.nl werkpocket 2026; public payroll table nl-2026"


def _years(name: str, nl: str, in_2024: str, in_2025: str, in_2026: str) -> Rule[Decimal]:
    return Rule(
        name,
        nl,
        Unit.SHARE,
        Since(JAN_24, Decimal(in_2024), _SOURCE_24, confidence="BG-H", until=JAN_25),
        Since(JAN_25, Decimal(in_2025), _SOURCE_25, confidence="H", until=JAN_26),
        Since(JAN_26, Decimal(in_2026), _SOURCE_26, confidence="H", until=JAN_27),
    )


AWF_LOW = _years(
    "low premium of the unemployment fund",
    "Lage WW-premie: voor een vast contract op papier dat geen oproepcontract is.",
    "0.0264",
    "0.0274",
    "0.0274",
)
AWF_HIGH = _years(
    "high premium of the unemployment fund",
    "Hoge WW-premie: voor alle andere contracten.",
    "0.0764",
    "0.0774",
    "0.0774",
)
AOF_SMALL = _years(
    "disability premium of a small employer",
    "Premie voor arbeidsongeschiktheid van een kleine werkgever.",
    "0.0618",
    "0.0628",
    "0.0627",
)
AOF_LARGE = _years(
    "disability premium of a larger employer",
    "Premie voor arbeidsongeschiktheid van een grotere werkgever.",
    "0.0754",
    "0.0764",
    "0.0763",
)
WKO = _years("childcare premium", "Premie voor kinderopvang.", "0.0050", "0.0050", "0.0050")
WHK = _years(
    "return-to-work premium",
    "Premie Werkhervattingskas. Dit is het gemiddelde: elke werkgever krijgt een eigen tarief.",
    "0.0122",
    "0.0133",
    "0.0152",
)
ZVW = _years(
    "health insurance premium", "Werkgeversheffing voor de zorgverzekering.", "0.0657", "0.0651", "0.0610"
)
MAX_BASE_CENTS = Rule(
    "yearly wage up to which premiums are due",
    "Over het loon boven dit bedrag per jaar is geen premie nodig.",
    Unit.CENTS,
    Since(JAN_24, 71_628_00, _SOURCE_24, confidence="BG-H", until=JAN_25),
    Since(JAN_25, 75_864_00, _SOURCE_25, confidence="H", until=JAN_26),
    Since(JAN_26, 79_409_00, _SOURCE_26, confidence="H", until=JAN_27),
)
