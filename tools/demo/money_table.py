"""What money came in and went out, by kind, and what covered the wages of the week."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Sum
from rich.table import Table

from ledger.models import Account, Transfer

Moved = Mapping[tuple[str, str], int]
MONEY = (Account.BANK, Account.STRIPE, Account.CASH)
"""Where money is. Between these it only changes places."""
IN = {
    (Account.STRIPE, Account.CHEQUES): "cheques paid by iDEAL, Wero or card",
    (Account.BANK, Account.CHEQUES): "cheques paid by bank transfer",
    (Account.CASH, Account.CHEQUES): "cheques paid in cash",
    (Account.BANK, Account.CUSTOMERS): "invoices and debts paid by bank transfer",
    (Account.BANK, Account.SUBSIDIES_DUE): "subsidy claims received",
    (Account.BANK, Account.OPENING): "in the bank before the first day",
}  # fmt: skip
OUT = {
    (Account.CHEQUES, Account.STRIPE): "cheques refunded",
    (Account.CHEQUES, Account.BANK): "cheques refunded by bank transfer",
    (Account.NET_DUE, Account.BANK): "net wages paid",
    (Account.TAX_DUE, Account.BANK): "wage tax and premiums paid",
    (Account.VAT, Account.BANK): "VAT paid",
    (Account.FEES, Account.STRIPE): "fees of the payment service",
    (Account.SUPPLIERS, Account.BANK): "suppliers paid",
    (Account.SUBSIDIES_DUE, Account.BANK): "subsidies paid back",
}  # fmt: skip


@dataclass(frozen=True)
class Flows:
    """Cents by kind: came in, went out, and changed places between bank, payment service and drawer."""

    came: dict[str, int]
    went: dict[str, int]
    internal: dict[str, int]

    @property
    def left(self) -> int:
        """What is there when all of it happened."""
        return sum(self.came.values()) - sum(self.went.values())


def flows(moved: Moved) -> Flows:
    """Sort what moved, by (debit, credit), into kinds."""
    found = Flows({}, {}, {})
    for (debit, credit), cents in sorted(moved.items()):
        if debit in MONEY and credit in MONEY:
            name, part = f"{_name(credit)} to {_name(debit)}", found.internal
        elif debit in MONEY:
            name = IN.get((Account(debit), Account(credit)), f"{_name(credit)}, to {_name(debit)}")
            part = found.came
        elif credit in MONEY:
            name = OUT.get((Account(debit), Account(credit)), f"{_name(debit)}, from {_name(credit)}")
            part = found.went
        else:
            continue
        part[name] = part.get(name, 0) + cents
    return found


def moved() -> Moved:
    """Return the cents of all transfers, by (debit, credit)."""
    rows = Transfer.objects.order_by().values_list("debit", "credit").annotate(cents=Sum("cents"))
    return {(debit, credit): cents for debit, credit, cents in rows}


def money() -> Table:
    """Return the money in and out by kind."""
    found = flows(moved())
    table = Table("money", "euro", title="Money in and out")
    for title, part in (("in", found.came), ("out", found.went)):
        for name, cents in sorted(part.items(), key=lambda row: -row[1]):
            table.add_row(f"{title}: {name}", _euro(cents))
        table.add_row(f"{title}, together", _euro(sum(part.values())), style="bold", end_section=True)
    table.add_row("in less out: at the bank, at the payment service and in cash", _euro(found.left))
    for name, cents in found.internal.items():
        table.add_row(f"inside: {name}", _euro(cents))
    return table


@dataclass(frozen=True)
class Coverage:
    """What the hours of the week cost, and what they brought in, in cents."""

    cost: int
    cheques: int
    subsidy: int
    other_own: int
    other_public: int

    @property
    def own(self) -> int:
        """Income without public money."""
        return self.cheques + self.other_own


def coverage(moved: Moved) -> Coverage:
    """Work out what covered the wage cost; VAT is off the cheques once its period closed."""

    def of(*accounts: Account) -> int:
        debit = sum(cents for (account, _), cents in moved.items() if account in accounts)
        return debit - sum(cents for (_, account), cents in moved.items() if account in accounts)

    return Coverage(
        cost=of(Account.WAGES, Account.HOLIDAY_COST, Account.PREMIUMS), cheques=-of(Account.REVENUE),
        subsidy=-of(Account.SUBSIDY_INCOME), other_own=-of(Account.BREAKAGE), other_public=-of(Account.PUBLIC_INCOME),
    )  # fmt: skip


def covered() -> Table:
    """Return what covered the wage cost."""
    found = coverage(moved())
    table = Table("coverage", "euro", "of the cost", title="What covered the hours")
    table.add_row("wage cost: gross, holiday allowance, premiums", _euro(found.cost), "", end_section=True)
    for name, cents in (
        ("cheques, net of VAT", found.cheques),
        ("wage subsidy", found.subsidy),
        ("other: cheques expired", found.other_own),
        ("other: reintegration money and grants", found.other_public),
    ):
        table.add_row(name, _euro(cents), _share(cents, found.cost))
    together = found.own + found.subsidy + found.other_public
    table.add_row("together", _euro(together), _share(together, found.cost), end_section=True)
    table.add_row("own-income ratio: without public money", _euro(found.own), _share(found.own, found.cost))
    return table


def _name(account: str) -> str:
    return str(Account(account).label[2:])


def _euro(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
