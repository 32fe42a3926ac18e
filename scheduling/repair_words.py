"""What a proposal costs, in people's words: who moves, who gets another face, which promise breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lawbook.wages import CALL_NOTICE_DAYS
from scheduling.explaining import Names
from scheduling.models import Proposal, Repair
from scheduling.publishing import in_time


@dataclass(frozen=True)
class Sentence:
    """One sentence, and what kind of thing it says: goes, face, promise, pay, open or fine."""

    kind: str
    text: str


def sentences(proposal: Proposal, *, at: datetime) -> list[Sentence]:
    """Return what a proposal does and costs, the things that are certain first."""
    return list(_Words(proposal, at).all())


def heading(repair: Repair) -> str:
    """Return what happened, in a few words."""
    return {
        Repair.Cause.ABSENT: _("Iemand is ziek"), Repair.Cause.NO_SHOW: _("Iemand kwam niet"),
        Repair.Cause.URGENT: _("Een afspraak zonder bezoek"), Repair.Cause.CANCELLED: _("Er kwam tijd vrij"),
        Repair.Cause.LATE: _("De klant is later thuis"), Repair.Cause.SHORT: _("Er is iemand te weinig"),
    }[Repair.Cause(repair.cause)]  # fmt: skip


class _Words:
    def __init__(self, proposal: Proposal, at: datetime) -> None:
        self.proposal, self.at, self.names = proposal, at, Names()

    def all(self) -> Iterator[Sentence]:
        moves = self.proposal.moves
        for move in moves:
            yield from self._goes(move)
        for move in moves:
            yield from self._faces(move)
        for move in moves:
            yield from self._promises(move)
        yield from self._open()
        yield from self._sums()

    def _goes(self, move: dict[str, Any]) -> Iterator[Sentence]:
        if move["after"] is None:
            return
        facts = {"customer": self._customer(move), "when": _moment(move["after"]["start"])}
        known = move["before"]["workers"] if move["before"] else []
        newcomers = [pk for pk in move["after"]["workers"] if pk not in known]
        if newcomers:
            names = self._people(newcomers)
            yield Sentence("goes", ngettext(
                "%(names)s gaat naar %(customer)s, %(when)s.", "%(names)s gaan naar %(customer)s, %(when)s.", len(newcomers),
            ) % {"names": names, **facts})  # fmt: skip
        if newcomers and not in_time(datetime.fromisoformat(move["after"]["start"]), at=self.at):
            yield Sentence(
                "open",
                _("Wij vragen het eerst: %(names)s mag nee zeggen.") % {"names": self._people(newcomers)},
            )

    def _faces(self, move: dict[str, Any]) -> Iterator[Sentence]:
        if move["new_faces"]:
            facts = {"customer": self._customer(move), "names": self._people(move["new_faces"])}
            yield Sentence("face", _("%(customer)s krijgt een ander gezicht: %(names)s.") % facts)
        elif move["after"] and set(move["after"]["workers"]) - set(
            (move["before"] or {"workers": ()})["workers"]
        ):
            yield Sentence(
                "fine", _("%(customer)s krijgt een bekend gezicht.") % {"customer": self._customer(move)}
            )

    def _promises(self, move: dict[str, Any]) -> Iterator[Sentence]:
        before, after = move["before"], move["after"]
        if before is None:
            return
        facts = {"customer": self._customer(move), "when": _moment(before["start"])}
        if after is None:
            yield Sentence("promise", _(
                "Naar %(customer)s gaat niemand, %(when)s. Het bezoek gaat niet door. De afspraak wacht op een nieuw rooster. Bel de klant."
            ) % facts)  # fmt: skip
        elif after["start"] != before["start"]:
            yield Sentence("promise", _(
                "%(customer)s was beloofd: %(when)s. Dat wordt: %(then)s. Bel de klant."
            ) % {**facts, "then": _moment(after["start"])})  # fmt: skip
        stay = after["workers"] if after else []
        gone = [pk for pk in before["workers"] if pk not in stay]
        for pk in gone:
            yield Sentence("promise", _("%(name)s gaat niet meer naar %(customer)s, %(when)s.") % {
                "name": self.names.worker(str(pk)), **facts,
            })  # fmt: skip
        if gone and not in_time(datetime.fromisoformat(before["start"]), at=self.at):
            yield Sentence("pay", _(
                "Dat is binnen %(days)s dagen: %(names)s houdt recht op loon over die tijd, als er geen ander werk voor in de plaats komt."
            ) % {"names": self._people(gone), "days": CALL_NOTICE_DAYS.on(timezone.localdate(self.at))})  # fmt: skip

    def _open(self) -> Iterator[Sentence]:
        told = {move["booking"] for move in self.proposal.moves}
        waiting = [pk for pk in self.proposal.figures.get("unserved", ()) if pk not in told]
        if waiting:
            names = ", ".join(self.names.booking(str(pk)) for pk in waiting)
            yield Sentence("open", _("Nog geen plaats voor: %(names)s.") % {"names": names})

    def _sums(self) -> Iterator[Sentence]:
        travel, broken = self.proposal.figures.get("travel", 0), self.proposal.figures.get("broken", 0)
        if travel:
            words = (
                _("%(minutes)s minuten meer reistijd.")
                if travel > 0
                else _("%(minutes)s minuten minder reistijd.")
            )
            yield Sentence("fine", words % {"minutes": abs(travel)})
        least = self.proposal.figures.get("changes_at_least", 0)
        if least:
            words = _("Zoveel wijzigingen zijn minstens nodig als alles doorgaat: %(count)s.")
            yield Sentence("fine", words % {"count": least})
        if not broken:
            yield Sentence("fine", _("Er breekt geen andere belofte."))

    def _customer(self, move: dict[str, Any]) -> str:
        return self.names.booking(str(move["booking"]))

    def _people(self, pks: list[int]) -> str:
        names = [self.names.worker(str(pk)) for pk in pks]
        return names[0] if len(names) == 1 else _("%(first)s en %(last)s") % {
            "first": ", ".join(names[:-1]), "last": names[-1],
        }  # fmt: skip


def _moment(iso: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(iso))
    clock = date_format(local, "G.i" if (get_language() or "nl").startswith("nl") else "G:i")
    return _("%(day)s om %(clock)s uur") % {"day": date_format(local, "l j F"), "clock": clock}
