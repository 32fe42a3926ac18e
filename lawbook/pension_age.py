"""The age from which somebody gets a state pension (AOW). Add a row, never edit one."""

from datetime import date

from kernel.dated import Since
from lawbook.rule import BOOKS_BEGIN, Rule, Unit

STATE_PENSION_MONTHS = Rule(
    "state pension age",
    "Op deze leeftijd, in maanden, begint de AOW. Dan stoppen loonkostensubsidie en het gewone contract.",
    Unit.MONTHS,
    Since(BOOKS_BEGIN, 67 * 12, "AOW art. 7a; 67 years for 2024 to 2027", confidence="BG-H"),
    Since(date(2028, 1, 1), 67 * 12 + 3, "AOW art. 7a; set in 2022 for 2028", confidence="BG-M"),
)
