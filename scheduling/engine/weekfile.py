"""Files of format `week/1`: a week in, a plan out, and the events of a `replan/1` case."""

import gzip
import json
import zlib
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from scheduling.engine.fields import BadFile, Fields
from scheduling.engine.model import Client, Job, Level, Plan, Problem, Rules, Visit, Weights, Window, Worker
from scheduling.engine.replan import Absent, Cancel, Case, Event, NewJob, NoShow
from scheduling.engine.score import PARTS

__all__ = ["BadFile", "load", "load_case", "load_plan", "save"]


def load(path: Path | str) -> Problem:
    """Return the week of a file, plain or gzipped.

    :raises BadFile: with a sentence that names what is wrong.
    """
    week = _read(path, "a week")
    if week.text("format") != "week/1":
        raise BadFile(f"{week.name} is of format {week.text('format')!r}, not 'week/1'.")
    rules = _rules(week.part("rules"))
    problem = Problem(
        name=week.text("name"),
        workers=tuple(_worker(fields, rules) for fields in week.parts("workers")),
        clients=tuple(_client(fields) for fields in week.parts("clients")),
        jobs=tuple(_job(fields) for fields in week.parts("jobs")),
        rules=rules,
        weights=_weights(week.part("weights")),
    )
    for kind, ids in (
        ("worker", [worker.id for worker in problem.workers]),
        ("client", [client.id for client in problem.clients]),
        ("job", [job.id for job in problem.jobs]),
    ):
        _once(kind, ids)
    for job in problem.jobs:
        _fits(problem, job)
    _known_skills(problem)
    return problem


def load_plan(path: Path | str) -> Plan:
    """Return the plan of a file.

    :raises BadFile: with a sentence that names what is wrong.
    """
    return Plan(tuple(_visit(fields) for fields in _read(path, "a plan").parts("visits")))


def load_published(path: Path | str) -> Plan:
    """Return the plan of a file in which no job is planned twice.

    :raises BadFile: with a sentence that names what is wrong.
    """
    plan = load_plan(path)
    _once("published job", [visit.job for visit in plan.visits])
    return plan


def save(plan: Plan, path: Path | str) -> None:
    """Write the plan, gzipped when the name ends in `.gz`."""
    visits = [{"job": v.job, "start": v.start, "workers": list(v.workers)} for v in plan.visits]
    raw = json.dumps({"visits": visits}).encode()
    Path(path).write_bytes(gzip.compress(raw, mtime=0) if str(path).endswith(".gz") else raw)


def load_case(path: Path | str, problem: Problem) -> Case:
    """Return the events that befell the published plan of this week.

    :raises BadFile: with a sentence that names what is wrong.
    """
    case = _read(path, "a case")
    if case.text("format") != "replan/1":
        raise BadFile(f"{case.name} is of format {case.text('format')!r}, not 'replan/1'.")
    if case.text("base") != problem.name:
        raise BadFile(f"{case.name} is a case of week {case.text('base')!r}, not of {problem.name!r}.")
    return Case(case.whole("now"), tuple(_event(fields) for fields in case.parts("events")))


def _read(path: Path | str, what: str) -> Fields:
    name = Path(path).name
    try:
        raw = Path(path).read_bytes()
        text = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        content = json.loads(text)
    except OSError as error:
        raise BadFile(f"{name} cannot be read as {what}: {error.strerror or error}.") from error
    except (EOFError, zlib.error) as error:
        raise BadFile(f"{name} is damaged: its compressed content ends or breaks off.") from error
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{name} is not JSON: {error}.") from error
    return Fields(content, name)


def _rules(fields: Fields) -> Rules:
    speed = fields.table("speed")
    return Rules(
        speed={mode: speed.whole(mode, least=1) for mode in speed},
        setup=fields.whole("setup"),
        max_day=fields.whole("max_day"),
        break_after=fields.whole("break_after"),
        break_minutes=fields.whole("break"),
        daily_rest=fields.whole("daily_rest"),
        weekly_rest=fields.whole("weekly_rest"),
        notice=fields.whole("notice"),
        late_after=fields.whole("late_after"),
        short_day=fields.whole("short_day"),
        split_gap=fields.whole("split_gap"),
        skill_certificates={
            skill: tuple(fields.part("skill_certificates").texts(skill))
            for skill in fields.table("skill_certificates")
        },
    )


def _weights(fields: Fields) -> Weights:
    return Weights(**{part: fields.whole(part) for part in PARTS})


def _worker(fields: Fields, rules: Rules) -> Worker:
    mode = fields.text("mode")
    if mode not in rules.speed:
        raise BadFile(f"{fields.name} goes by {mode!r}, for which the rules give no speed.")
    skills: dict[str, Level] = {}
    for skill in fields.table("skills"):
        level = fields.part("skills").text(skill)
        if level not in {"qualified", "learner"}:
            raise BadFile(
                f"{fields.name} is {level!r} in {skill!r}, which is neither 'qualified' nor 'learner'."
            )
        skills[skill] = "qualified" if level == "qualified" else "learner"
    certificates = fields.table("certificates")
    return Worker(
        id=fields.text("id"),
        x=fields.whole("x"),
        y=fields.whole("y"),
        mode=mode,
        contract=fields.whole("contract"),
        wanted=fields.whole("wanted"),
        availability=_windows(fields),
        languages=frozenset(fields.texts("languages")),
        skills=skills,
        certificates={name: certificates.whole(name) for name in certificates},
        excluded_clients=frozenset(fields.texts("excluded_clients")),
        likes_late=fields.truth("likes_late"),
        previous_end=fields.whole("previous_end"),
    )


def _windows(fields: Fields) -> tuple[Window, ...]:
    windows = [fields.wholes_of(item, "availability") for item in fields.items("availability")]
    for window in windows:
        if len(window) != 2 or window[0] > window[1]:
            raise BadFile(f"{fields.name} has a window of availability {window} that is not [from, until].")
    found = sorted((since, until) for since, until in windows)
    for (_, until), (since, _) in pairwise(found):
        if since < until:
            raise BadFile(f"{fields.name} has windows of availability that overlap, at minute {since}.")
    return tuple(found)


def _client(fields: Fields) -> Client:
    return Client(
        fields.text("id"), frozenset(fields.texts("languages")), frozenset(fields.texts("excluded_workers"))
    )


def _job(fields: Fields) -> Job:
    return Job(
        id=fields.text("id"),
        client=fields.text("client"),
        x=fields.whole("x"),
        y=fields.whole("y"),
        skill=fields.text("skill"),
        team=fields.whole("team", least=1),
        minutes=fields.whole("minutes", least=1),
        starts=tuple(fields.wholes_of(fields.items("starts"), "starts")),
        certificates=frozenset(fields.texts("certificates")),
        regulars=tuple(fields.texts("regulars")),
        series=fields.text_or_none("series"),
    )


def _visit(fields: Fields) -> Visit:
    return Visit(fields.text("job"), fields.whole("start"), tuple(fields.texts("workers")))


def _event(fields: Fields) -> Event:
    kind = fields.text("type")
    if kind == "absent":
        return Absent(fields.text("worker"), fields.whole("from"), fields.whole("until"))
    if kind == "no_show":
        starts = tuple(fields.wholes_of(fields.items("starts"), "starts"))
        return NoShow(fields.text("job"), fields.text("worker"), starts)
    if kind == "new_job":
        return NewJob(_job(fields.part("job")))
    if kind == "cancel":
        return Cancel(fields.text("job"))
    raise BadFile(f"{fields.name} is an event of an unknown type, {kind!r}.")


def _once(kind: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise BadFile(f"The {kind} id {id_!r} occurs twice.")
        seen.add(id_)


def _fits(problem: Problem, job: Job) -> None:
    if job.client not in problem.client:
        raise BadFile(f"Job {job.id!r} is for client {job.client!r}, who is not in the file.")
    for start in job.starts:
        if not problem.day_starts[0] <= start < problem.day_starts[-1]:
            raise BadFile(f"Job {job.id!r} could begin at minute {start}, which lies outside the week.")


def _known_skills(problem: Problem) -> None:
    """A skill that no worker has and no rule names is taken for a slip of the pen."""
    known: set[str] = {*problem.rules.skill_certificates, *_skills(problem.workers)}
    for job in problem.jobs:
        if problem.workers and job.skill not in known:
            raise BadFile(
                f"Job {job.id!r} asks for an unknown skill, {job.skill!r}: known are {', '.join(sorted(known))}."
            )


def _skills(workers: Iterable[Worker]) -> Iterable[str]:
    return (skill for worker in workers for skill in worker.skills)
