"""The hard rules by name: where each one comes from and how a refusal reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day of the week, where day 0 is a Monday, and perhaps a time on it."""

    day: int
    minute_of_day: int | None = None

    def say(self, language: str) -> str:
        """Return the moment as people write it: `Tuesday 09:05`."""
        name = _DAYS["nl" if language == "nl" else "en"][self.day % 7]
        if self.minute_of_day is None:
            return name
        hours, minutes = divmod(self.minute_of_day, 60)
        return f"{name} {hours:02d}:{minutes:02d}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule nobody may plan against. `english` and `dutch` are sentences with the facts of a refusal in braces."""

    name: str
    article: str
    english: str
    dutch: str


@dataclass(frozen=True)
class Refusal:
    """A rule that refuses a placement, or is broken by a plan, with the job and worker it is about."""

    rule: str
    job: str | None = None
    worker: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def article(self) -> str:
        return RULES[self.rule].article

    @property
    def sentence(self) -> str:
        return self.say("en")

    def say(self, language: str) -> str:
        """Return the sentence in Dutch (`nl`) or English."""
        rule = RULES[self.rule]
        template = rule.dutch if language == "nl" else rule.english
        facts = {
            key: fact.say(language) if isinstance(fact, Moment) else fact for key, fact in self.facts.items()
        }
        return template.format(job=self.job, worker=self.worker, **facts)


_HOUSE = "house rule"
_ALL = (
    Rule("unknown-job", _HOUSE, "Job {job} is not in this week.", "Klus {job} staat niet in deze week."),
    Rule(
        "unknown-worker",
        _HOUSE,
        "Worker {worker} is not in this week.",
        "Medewerker {worker} staat niet in deze week.",
    ),
    Rule("job-twice", _HOUSE, "Job {job} is planned twice.", "Klus {job} staat twee keer in het rooster."),
    Rule(
        "start",
        _HOUSE,
        "Job {job} cannot begin at {start}: that is not one of the times asked.",
        "Klus {job} kan niet beginnen om {start}: die tijd is niet gevraagd.",
    ),
    Rule("past", _HOUSE, "{start} has passed.", "{start} is al voorbij."),
    Rule(
        "team",
        _HOUSE,
        "Job {job} needs {team} different workers, not {there}.",
        "Klus {job} heeft {team} verschillende mensen nodig, niet {there}.",
    ),
    Rule("skill", _HOUSE, "{worker} has not learned {skill}.", "{worker} heeft {skill} niet geleerd."),
    Rule(
        "learner",
        _HOUSE,
        "A learner in {skill} needs a qualified colleague on job {job}.",
        "Een leerling in {skill} heeft een ervaren collega nodig bij klus {job}.",
    ),
    Rule(
        "certificate",
        "WPBR art. 7 for guarding; house rule",
        "{worker} has no {certificate} that is valid until the end of the job.",
        "{worker} heeft geen {certificate} die geldig is tot het eind van de klus.",
    ),
    Rule(
        "availability",
        _HOUSE,
        "{worker} is not available from {start} to {end}.",
        "{worker} is niet beschikbaar van {start} tot {end}.",
    ),
    Rule(
        "exclusion",
        _HOUSE,
        "{worker} and client {client} are not sent to each other.",
        "{worker} en klant {client} worden niet aan elkaar gekoppeld.",
    ),
    Rule(
        "language",
        _HOUSE,
        "{worker} speaks none of the languages of client {client}.",
        "{worker} spreekt geen taal van klant {client}.",
    ),
    Rule(
        "overlap",
        _HOUSE,
        "{worker} comes {minutes} minutes short between {before} and {after}.",
        "{worker} komt {minutes} minuten tekort tussen {before} en {after}.",
    ),
    Rule(
        "max-day",
        "ATW art. 5:7; house rule",
        "{worker} would work {minutes} minutes on {day}; {most} is the most.",
        "{worker} zou op {day} {minutes} minuten werken; meer dan {most} mag niet.",
    ),
    Rule(
        "break",
        "ATW art. 5:4",
        "{worker} would work {minutes} minutes on {day} without a break; a break is due after {most}.",
        "{worker} zou op {day} {minutes} minuten werken zonder pauze; na {most} is een pauze nodig.",
    ),
    Rule(
        "daily-rest",
        "ATW art. 5:3",
        "{worker} would rest {minutes} minutes before {day}; {least} is the least.",
        "{worker} zou {minutes} minuten rust hebben voor {day}; minder dan {least} mag niet.",
    ),
    Rule(
        "weekly-rest",
        "ATW art. 5:5",
        "{worker} would rest {minutes} minutes on end in the week; {least} is the least.",
        "{worker} zou in de week {minutes} minuten achter elkaar rust hebben; minder dan {least} mag niet.",
    ),
    Rule(
        "contract",
        _HOUSE,
        "{worker} would be paid {minutes} minutes in the week; the contract allows {most}.",
        "{worker} zou in de week {minutes} minuten betaald werken; het contract laat {most} toe.",
    ),
    Rule(
        "four-weeks",
        "ATW art. 5:7",
        "{worker} would work {minutes} minutes in the week; the average over four weeks leaves {most}.",
        "{worker} zou in de week {minutes} minuten werken; het gemiddelde over vier weken laat {most} toe.",
    ),
    Rule(
        "sixteen-weeks",
        "ATW art. 5:7",
        "{worker} would work {minutes} minutes in the week; the average over sixteen weeks leaves {most}.",
        "{worker} zou in de week {minutes} minuten werken; het gemiddelde over zestien weken laat {most} toe.",
    ),
    Rule(
        "standby",
        _HOUSE,
        "{worker} is on stand-by from {start} to {end}.",
        "{worker} staat reserve van {start} tot {end}.",
    ),
    Rule("task", _HOUSE, "{worker} does not do {task}.", "{worker} doet geen {task}."),
    Rule(
        "locked",
        _HOUSE,
        "The visit of job {job} has begun or was accepted, and stays as it was published.",
        "Het bezoek van klus {job} is begonnen of geaccepteerd, en blijft zoals het gepubliceerd is.",
    ),
    Rule(
        "notice",
        "BW art. 7:628a; house rule",
        "{worker} would hear of {start} less than {least} minutes ahead.",
        "{worker} zou minder dan {least} minuten voor {start} bericht krijgen.",
    ),
)
RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _ALL})
