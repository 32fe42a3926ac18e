"""The organisation, its people and what they will ask: drawn from a seed, the same each time.

What an organisation sets up before it opens (staff, pool, payroll files, awards) is written by the product's own
operations; customers, orders and bookings come later, through the front doors.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from stdnum.iban import calc_check_digits

from events.sealing import keyed_hash
from identity.models import (
    Address,
    Membership,
    Municipality,
    Neighbourhood,
    Organisation,
    Postcode,
    Role,
    User,
)
from marketplace import catalogue
from payroll.models import WorkerFile
from subsidies import awards
from tools.site import SANDBOX_IBAN
from workers_pool import hiring
from workers_pool.models import Worker

OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)
MONDAY = date(2026, 11, 9)
TAX_NUMBER = "123456789L01"
QUARTERS = ("Belcrum", "Geeren", "Heuvel", "Doornbos")
STREETS = ("Lindestraat", "Meidoornlaan", "Vlierhof", "Wilgenplein", "Berkenpad")
FIRST = (
    "Samira", "Fatma", "Ahmed", "Joke", "Piet", "Ewa", "Marek", "Dilek", "Hassan", "Truus", "Wim", "Aicha", "Sevda",
    "Rachid", "Ans", "Kees", "Yusuf", "Zofia", "Mo", "Lenie", "Bert", "Nadia", "Emine", "Sjaak", "Ria", "Adil",
)  # fmt: skip
LANGUAGES = ("nl", "tr", "ar", "pl", "en")


@dataclass(frozen=True)
class Wish:
    """A visit somebody will ask for."""

    key: str
    customer: str
    service: str
    starts: tuple[datetime, ...]
    minutes: int
    crew: int
    series: str = ""


@dataclass
class Asker:
    """A customer to be: signs up, buys so many hours, books."""

    key: str
    email: str
    name: str
    kind: str
    postcode: str
    house_number: str
    hours: list[int] = field(default_factory=list)


@dataclass
class Cast:
    """Everybody and everything of the week."""

    askers: list[Asker]
    wishes: list[Wish]
    quarters: dict[str, str]  # ref -> e-mail of the coordinator


def email_of(role: str, number: int = 0) -> str:
    """Return the address of a member of staff or the pool."""
    return f"{role}{number or ''}@wijk.example"


def found(random: Random, *, workers: int = 100) -> None:
    """Found the organisation: neighbourhoods, staff, pool, payroll files, awards. Done once."""
    Organisation.objects.update_or_create(
        pk=1,
        defaults={
            "name": "Werk aan de Wijk", "iban": SANDBOX_IBAN, "kvk": "90001234", "vat_id": "NL900012345B01",
            "wage_tax_number": TAX_NUMBER, "phone": "076 555 01 23", "email": "hulp@wijk.example",
            "street": "Lindestraat", "house_number": "1", "postcode": "4811AA", "town": "Breda",
            "guarding_permit": "ND 9001", "guarding_permit_until": date(2030, 1, 1),
        },
    )  # fmt: skip
    town, _made = Municipality.objects.get_or_create(name="Breda", defaults={"iban": _iban(3)})
    catalogue.install_standard()
    quarters = [_quarter(name, number, town) for number, name in enumerate(QUARTERS)]
    _staff(quarters, town)
    manager = User.objects.get(email=email_of(Role.PAYROLL))
    for number in range(1, workers + 1):
        _worker(random, number, quarters[number % len(quarters)], manager)


def ask(random: Random, *, residents: int = 250, firms: int = 4, visits: int = 600) -> Cast:
    """Draw who will ask for what in the week."""
    codes = list(Postcode.objects.order_by("code").values_list("code", flat=True))
    askers = [
        Asker(f"r{n}", f"r{n}@bewoner.example", f"{random.choice(FIRST)} {chr(65 + n % 26)}.", "resident",
              random.choice(codes), str(1 + n % 90))
        for n in range(1, residents + 1)
    ]  # fmt: skip
    builders = [
        Asker(
            f"f{n}",
            f"f{n}@bouw.example",
            f"Bouwbedrijf {chr(64 + n)}",
            "firm",
            random.choice(codes),
            str(100 + n),
        )
        for n in range(1, firms + 1)
    ]
    wishes = _firm_wishes(random, builders, visits // 6)
    wishes += _resident_wishes(random, askers, visits - len(wishes))
    need: dict[str, int] = {}
    for wish in wishes:
        need[wish.customer] = need.get(wish.customer, 0) + wish.minutes * wish.crew
    for asker in (*askers, *builders):
        asker.hours = _orders(random, -(-need.get(asker.key, 0) // 60))
    quarters = {
        row.ref: email_of(Role.COORDINATOR, number)
        for number, row in enumerate(Neighbourhood.objects.order_by("pk"), start=1)
    }
    return Cast([*askers, *builders], wishes, quarters)


def orders_of(hours: int) -> list[int]:
    """Return orders of at most 200 hours that add up."""
    orders = [200] * (hours // 200)
    return [*orders, hours % 200] if hours % 200 else orders


def _orders(random: Random, hours: int) -> list[int]:
    """Buy what is needed and something more."""
    return orders_of(max(1, hours + random.choice((0, 1, 2, 4))))


def _resident_wishes(random: Random, askers: list[Asker], count: int) -> list[Wish]:
    from zoneinfo import ZoneInfo

    wishes = []
    for number in range(count):
        asker = askers[number % len(askers)]
        service = random.choices(
            ("cleaning", "windows", "small-jobs", "moving", "presence"), (60, 8, 16, 8, 8)
        )[0]
        day, hour = random.randrange(6), random.choice((9, 9, 10, 13, 13, 14, 15))
        start = datetime(
            MONDAY.year, MONDAY.month, MONDAY.day + day, hour, tzinfo=ZoneInfo("Europe/Amsterdam")
        )
        starts = (
            tuple(start.replace(hour=hour + more) for more in (0, 1)) if random.random() < 0.6 else (start,)
        )
        crew = 2 if service == "moving" else 1
        minutes = random.choice((120, 120, 150, 180, 180, 240))
        wishes.append(Wish(f"w{number}", asker.key, service, starts, minutes, crew))
    return wishes


def _firm_wishes(random: Random, builders: list[Asker], count: int) -> list[Wish]:
    from zoneinfo import ZoneInfo

    wishes = []
    for number in range(count):
        firm = builders[number % len(builders)]
        service = random.choices(("presence", "guarding", "moving", "cleaning"), (40, 25, 20, 15))[0]
        day, hour = random.randrange(6), random.choice((8, 9, 13))
        if service == "guarding":
            hour = random.choice((14, 16, 17))
        start = datetime(
            MONDAY.year, MONDAY.month, MONDAY.day + day, hour, tzinfo=ZoneInfo("Europe/Amsterdam")
        )
        crew = 1 if service == "cleaning" else random.choice((1, 1, 2))
        wishes.append(
            Wish(
                f"p{number}",
                firm.key,
                service,
                (start,),
                random.choice((180, 240)),
                crew,
                series=f"{firm.key}-{service}",
            )
        )
    return wishes


def _quarter(name: str, number: int, town: Municipality) -> Neighbourhood:
    row, _made = Neighbourhood.objects.get_or_create(name=name, defaults={"municipality": town})
    for street, letter in zip(STREETS, "ABCDE", strict=True):
        Postcode.objects.get_or_create(
            code=f"481{number + 1}A{letter}",
            defaults={
                "neighbourhood": row, "street": street, "town": "Breda", "x": 3000 * number + 300 * ord(letter) % 1500,
                "y": 250 * (ord(letter) - 64),
            },
        )  # fmt: skip
    return row


def _staff(quarters: list[Neighbourhood], town: Municipality) -> None:
    for number, quarter in enumerate(quarters, start=1):
        _member(Role.COORDINATOR, number, neighbourhood=quarter)
    for role in (Role.DESK, Role.PAYROLL, Role.TREASURER, Role.QA, Role.AUDITOR, Role.ADMIN):
        _member(role)
    _member(Role.MUNICIPALITY, municipality=town)


def _member(role: str, number: int = 0, **where: object) -> None:
    user, made = User.objects.get_or_create(
        email=email_of(role, number), defaults={"name": f"{Role(role).label} {number or ''}".strip()}
    )
    if made:
        user.set_unusable_password()
        user.save()
        Membership.objects.create(user=user, role=role, from_on=OPENED.date(), **where)


def _worker(random: Random, number: int, quarter: Neighbourhood, by: User) -> None:
    facts = _drawn(random, number)  # drawn also when the worker is there, so that the next draws are the same
    email = email_of("w", number)
    if Worker.objects.filter(user__email=email).exists():
        return
    place = Postcode.objects.filter(neighbourhood=quarter).order_by("code")[number % 5]
    home, _made = Address.objects.get_or_create(
        postcode=place.code, house_number=str(200 + number),
        defaults={
            "street": place.street, "town": place.town, "neighbourhood": quarter, "x": place.x + facts["aside"],
            "y": place.y,
        },
    )  # fmt: skip
    user, _made = User.objects.get_or_create(email=email, defaults={"name": facts["name"]})
    worker = hiring.hire(
        user, home=home, mode=facts["mode"], languages=facts["languages"], skills=facts["skills"],
        week_minutes=facts["minutes"], wanted_minutes=facts["minutes"] - 120, windows=facts["windows"], by=by,
        at=OPENED, from_on=OPENED.date(), certificates=facts["certificates"],
    )  # fmt: skip
    pay_and_award(worker, number, facts["birth_on"], facts["minutes"], by)


def pay_and_award(worker: Worker, number: int, birth_on: date, minutes: int, by: User) -> None:
    """Make the payroll file of a worker, and for two in three the award of a wage subsidy over the week."""
    number_of_person = _bsn(number)
    WorkerFile.objects.create(
        worker=worker, birth_on=birth_on, bsn=number_of_person, bsn_hash=keyed_hash(number_of_person),
        iban=_iban(100 + number), account_name=worker.user.name,
    )  # fmt: skip
    if number % 3:
        awards.grant(
            worker.pk, municipality=Municipality.objects.get(name="Breda"), route="measured",
            wage_value=Decimal(Random(number).choice((30, 40, 40, 50, 60, 70))), week_minutes=minutes, from_on=MONDAY,
            until_on=MONDAY + timedelta(days=7), letter=f"LKS-2026-{number:04d}", by=by, at=OPENED,
        )  # fmt: skip


def _drawn(random: Random, number: int) -> dict:  # type: ignore[type-arg]
    skills = {"cleaning": "qualified"} if random.random() < 0.75 else {"small_jobs": "qualified"}
    for skill, share in (("small_jobs", 0.4), ("moving", 0.4), ("presence", 0.5)):
        if random.random() < share:
            skills.setdefault(skill, "qualified" if random.random() < 0.75 else "learner")
    certificates = {"lifting": date(2028, 1, 1)} if "moving" in skills else {}
    if number % 5 == 0:
        skills["guarding"] = "qualified"
        certificates["guard_pass"] = date(2027, 6, 30)
    late = number % 5 == 0
    days = sorted(random.sample(range(6), random.choice((4, 5, 5, 6))))
    hours = (
        (12 * 60, 21 * 60)
        if late
        else random.choice(((8 * 60, 17 * 60), (8 * 60, 18 * 60), (9 * 60, 18 * 60)))
    )
    return {
        "name": f"{random.choice(FIRST)} {chr(65 + number % 26)}.",
        "aside": random.randrange(0, 800, 10),
        "mode": random.choice(("bike", "bike", "walk")),
        "languages": ["nl", random.choice(LANGUAGES)],
        "skills": skills,
        "certificates": certificates,
        "minutes": random.choice((16, 20, 24, 24, 28, 32)) * 60,
        "windows": [(day, *hours) for day in days],
        "birth_on": date(random.randrange(1963, 2007), random.randrange(1, 13), random.randrange(1, 28)),
    }


def _bsn(number: int) -> str:
    """Return a number that passes the eleven-test and belongs to nobody: real ones do not begin with 9."""
    for tail in range(10):
        digits = f"{90_000_000 + number * 7}{tail}"
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        if sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0:
            return digits
    return _bsn(number + 10_000)


def _iban(number: int) -> str:
    """Return a valid IBAN at a bank that does not exist."""
    bban = f"OEFN{number:010d}"
    return f"NL{calc_check_digits(f'NL00{bban}')}{bban}"
