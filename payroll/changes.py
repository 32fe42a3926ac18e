"""What is different from the month before, worker by worker, in parts that add up to the difference."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lawbook import index
from lawbook.agreements import CHANGE_LIMIT
from payroll.models import PayRun, WageLine
from workers_pool.models import Worker


@dataclass(frozen=True)
class Part:
    """Why a wage differs: this kind of pay, so many minutes and cents more or less."""

    what: str
    minutes: int
    cents: int


@dataclass(frozen=True)
class Change:
    """One worker's gross of a run beside that of the run before."""

    worker: Worker
    before_cents: int
    now_cents: int
    parts: tuple[Part, ...]
    above_limit: bool

    @property
    def cents(self) -> int:
        return self.now_cents - self.before_cents


def since_last(run: PayRun) -> list[Change]:
    """Return the changes since the run before, the largest first; everybody of both runs is there."""
    last = (
        PayRun.objects.exclude(state=PayRun.State.DRAFT)
        .filter(month__lt=run.month)
        .order_by("-month")
        .first()
    )
    now, before = _by_kind(run), _by_kind(last) if last else {}
    workers = Worker.objects.select_related("user").in_bulk({*now, *before})
    changes = [
        _change(workers[pk], before.get(pk, Counter()), now.get(pk, Counter()), run.month) for pk in workers
    ]
    return sorted(changes, key=lambda change: (-abs(change.cents), change.worker.ref))


Key = tuple[str, str]  # what, and whether the figure is 'minutes' or 'cents'


def _by_kind(run: PayRun) -> dict[int, "Counter[Key]"]:
    found: defaultdict[int, Counter[Key]] = defaultdict(Counter)
    for line in run.lines.select_related("run").order_by("pk"):
        what = name_of(line)
        found[line.worker_id][what, "cents"] += line.cents
        found[line.worker_id][what, "minutes"] += line.minutes
    return dict(found)


def name_of(line: WageLine) -> str:
    """Return what a line pays, in words; a correction names the month worked."""
    if not line.is_correction:
        return str(line.get_kind_display())
    return _("Correctie %(month)s: %(kind)s") % {
        "month": date_format(line.month, "F Y"), "kind": line.get_kind_display(),
    }  # fmt: skip


def _change(worker: Worker, before: "Counter[Key]", now: "Counter[Key]", month: date) -> Change:
    names = sorted({what for what, _figure in {*before, *now}})
    parts = [
        Part(what, now[what, "minutes"] - before[what, "minutes"], now[what, "cents"] - before[what, "cents"])
        for what in names
    ]
    was, is_ = _cents(before), _cents(now)
    limit = CHANGE_LIMIT.on(month)
    above = abs(is_ - was) > limit.cents and abs(is_ - was) > limit.share * was
    return Change(worker, was, is_, tuple(part for part in parts if part.cents or part.minutes), above)


def _cents(sums: "Counter[Key]") -> int:
    return sum(count for (_what, figure), count in sums.items() if figure == "cents")


def unchecked(rules: Iterable[str]) -> list[index.Entry]:
    """Return the rows of the lawbook behind wage lines that nobody has read in the law itself."""
    found = {(entry.key, entry.row.day): entry for rule in rules for entry in index.named_in(rule)}
    return [entry for _name, entry in sorted(found.items()) if not entry.row.verified]
