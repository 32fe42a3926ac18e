"""What a worker with a benefit keeps of extra net wage. An estimate: the town decides. Plain arithmetic."""

from dataclasses import dataclass
from datetime import date

from kernel.dated import NothingInForce
from kernel.money import half_up
from kernel.periods import month_of
from lawbook import benefits as law
from lawbook.benefits import Exemption
from lawbook.rule import Rule
from payroll.payslip import age_on


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which exemption is open to a worker; `started_on` is the first month with both incomes."""

    birth_on: date
    started_on: date
    wage_subsidy: bool = False
    single_parent: bool = False
    medically_limited: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """A month with a net wage beside the benefit."""

    net_wage_cents: int
    exempt_cents: int
    benefit_cents: int
    norm_cents: int

    @property
    def income_cents(self) -> int:
        return self.net_wage_cents + self.benefit_cents

    @property
    def gained_cents(self) -> int:
        """What working brings above the benefit alone."""
        return self.income_cents - self.norm_cents


def exemption_in(month: date, situation: Situation) -> Exemption | None:
    """Return the exemption that is open in a month, or None when all terms are over.

    Until 2027 terms follow each other: the first six months from 27 years on, then those of a single parent
    or of a job with wage subsidy; who is younger starts with the latter. Months count from the first one.
    """
    number = _months_since(situation.started_on, month)
    first = _rule_or_none(law.FIRST_MONTHS, month)
    if first is None:
        return _from_2027(month, situation, number)
    if situation.medically_limited:
        return law.MEDICALLY_LIMITED.on(month)
    if age_on(situation.birth_on, month_of(month).start) >= first.from_age:
        if _is_open(first, number):
            return first
        number -= first.months or 0
    return _later_term(month, situation, number)


def exempt_cents(net_wage_cents: int, exemption: Exemption | None) -> int:
    """Return the part of a month's net wage that is left out of the benefit."""
    if exemption is None:
        return 0
    part = half_up(net_wage_cents * exemption.share)
    return part if exemption.cap_cents is None else min(part, exemption.cap_cents)


def effect(net_wage_cents: int, *, norm_cents: int, exemption: Exemption | None) -> Effect:
    """Return what is left of the benefit beside a net wage; holiday allowance counts when it is earned."""
    exempt = exempt_cents(net_wage_cents, exemption)
    benefit = max(0, norm_cents - (net_wage_cents - exempt))
    return Effect(net_wage_cents, exempt, benefit, norm_cents)


def _later_term(month: date, situation: Situation, number: int) -> Exemption | None:
    if situation.single_parent:
        parent = law.SINGLE_PARENT.on(month)
        if _is_open(parent, number):
            return parent
        number -= parent.months or 0
    if situation.wage_subsidy:
        job = law.WAGE_SUBSIDY_JOB.on(month)
        return job if _is_open(job, number) else None
    return None


def _from_2027(month: date, situation: Situation, number: int) -> Exemption | None:
    if situation.medically_limited:
        return law.MEDICALLY_LIMITED.on(month)
    every = law.EVERY_WORKER.on(month)
    return every if _is_open(every, number) else None


def _is_open(exemption: Exemption, number: int) -> bool:
    return number >= 1 and (exemption.months is None or number <= exemption.months)


def _rule_or_none(rule: Rule[Exemption], month: date) -> Exemption | None:
    try:
        return rule.on(month)
    except NothingInForce:
        return None


def _months_since(first: date, month: date) -> int:
    return (month.year - first.year) * 12 + month.month - first.month + 1
