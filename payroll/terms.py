"""What was agreed with a worker, read for the days of a pay run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kernel.dated import NothingInForce
from kernel.money import half_up
from kernel.periods import Period
from lawbook import extra_pay
from lawbook.wages import SHORT_CONTRACT_MINUTES, minimum_wage_cents
from payroll import payslip
from payroll.models import WorkerFile
from payroll.payslip import Rate
from workers_pool.models import Contract, Worker


class LawMissing(NothingInForce):
    """The lawbook says nothing about a wage of that day; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Hours:
    """What a contract says about hours on one day; nothing about money."""

    scale: str = ""
    on_call: bool = False
    three_hours: bool = False  # each call pays a least time
    week_minutes: int = 0  # agreed; 0 without a contract


class Agreement:
    """A worker's contracts and age, by day; each day is looked up once."""

    def __init__(self, birth_on: date, contracts: Sequence[Contract], ref: str = "") -> None:
        self.birth_on = birth_on
        self.contracts = sorted(contracts, key=lambda contract: contract.from_on)
        self._ref = ref
        self._hours: dict[date, Hours] = {}
        self._rates: dict[date, Rate] = {}

    def hours(self, day: date) -> Hours:
        """Return the hours of a day, by the contract of that day: a change never touches the days before it."""
        if day not in self._hours:
            self._hours[day] = self._hours_of(self.contract_on(day), day)
        return self._hours[day]

    def rate(self, day: date) -> Rate:
        """Return the wage per hour of a day, by the contract and the age of that day.

        :raises LawMissing: the lawbook has no wage for that day.
        """
        if day not in self._rates:
            self._rates[day] = self._rate_of(day)
        return self._rates[day]

    def contract_on(self, day: date) -> Contract | None:
        held = [
            row
            for row in self.contracts
            if row.from_on <= day and (row.until_on is None or day < row.until_on)
        ]
        return held[-1] if held else None

    def _hours_of(self, contract: Contract | None, day: date) -> Hours:
        if contract is None:
            return Hours()
        on_call, week = contract.kind == Contract.Kind.ON_CALL, contract.week_minutes
        return Hours(contract.scale, on_call, on_call or week < SHORT_CONTRACT_MINUTES.on(day), week)

    def _rate_of(self, day: date) -> Rate:
        scale = self.hours(day).scale
        try:
            return payslip.rate_on(day, birth_on=self.birth_on, scale=scale)
        except NothingInForce as missing:
            raise LawMissing(
                _("Medewerker %(ref)s: in het wetboek staat geen loon voor %(day)s%(scale)s.")
                % {
                    "ref": self._ref,
                    "day": date_format(day, "j F Y"),
                    "scale": f" ({scale})" if scale else "",
                }
            ) from missing

    def minimum_cents(self, day: date) -> int:
        return minimum_wage_cents(payslip.age_on(self.birth_on, day), day)

    def sick_rate(self, day: date, since: date) -> Rate:
        """Return the wage of a sick hour: a share of the wage, and in the first year the minimum wage at least."""
        row = extra_pay.SICK_SHARE.row_on(day)
        full = self.rate(day)
        share = Rate(
            half_up(full.cents * Fraction(row.value)), f"extra_pay.sick_share {row.day} x {full.rule}"
        )
        if share.cents >= self.minimum_cents(day) or not extra_pay.sick_floor_holds(since, day):
            return share
        floor = payslip.rate_on(day, birth_on=self.birth_on)
        return Rate(floor.cents, f"extra_pay.sick_floor_weeks: {floor.rule}")

    def supplement(self, day: date, *, sunday: bool) -> Rate:
        """Return what an hour of a Sunday or a night pays on top of the wage."""
        full = self.rate(day)
        rule = extra_pay.SUNDAY_SHARES if sunday else extra_pay.NIGHT_SHARES
        share = extra_pay.supplement(self.hours(day).scale, day, sunday=sunday)
        name = "sunday_shares" if sunday else "night_shares"
        return Rate(
            half_up(full.cents * Fraction(share)),
            f"extra_pay.{name} {rule.row_on(day).day} x {full.rule}",
        )


def agreement_of(file: WorkerFile) -> Agreement:
    """Return the terms of a worker; the contracts are read once."""
    return Agreement(file.birth_on, list(file.worker.contracts.all()), file.worker.ref)


def last_contract(worker: Worker, days: Period[date]) -> Contract | None:
    """Return the contract that held last in a period; None when none held on a day of it."""
    held = [
        contract
        for contract in worker.contracts.all()
        if contract.from_on < days.end and (contract.until_on is None or contract.until_on > days.start)
    ]
    return max(held, key=lambda contract: contract.from_on, default=None)
