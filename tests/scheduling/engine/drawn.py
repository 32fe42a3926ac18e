"""Small weeks, plans and cases of the public format, drawn at random so that rules often bite."""

from random import Random
from typing import Any

SKILLS = ("cleaning", "moving", "guard")
RULES = {
    "speed": {"walk": 75, "bike": 200}, "setup": 5, "max_day": 540, "break_after": 330, "break": 30, "daily_rest": 660,
    "weekly_rest": 2160, "notice": 60, "late_after": 1200, "short_day": 180, "split_gap": 120,
    "skill_certificates": {"guard": ["guard_pass"]},
}  # fmt: skip
WEIGHTS = {
    "travel": 1, "continuity": 30, "series": 20, "hours": 1, "learner": -20, "late": 15, "short": 20, "split": 15,
}  # fmt: skip

Json = dict[str, Any]


def week(draw: Random) -> Json:
    """Return a week of a few people and jobs."""
    workers = [_worker(draw, f"w{number}") for number in range(draw.randint(1, 7))]
    clients = [_client(draw, f"c{number}", workers) for number in range(3)]
    jobs = [_job(draw, f"j{number}", clients, workers) for number in range(draw.randint(1, 16))]
    if draw.random() < 0.2:
        for worker in workers:
            worker["previous_end"] = -draw.choice([0, 60, 200])
    rules = {**RULES, "weekly_rest": draw.choice([2160, 2160, 3000]), "max_day": draw.choice([540, 420])}
    return {
        "format": "week/1", "name": "drawn", "workers": workers, "clients": clients, "jobs": jobs, "rules": rules,
        "weights": WEIGHTS,
    }  # fmt: skip


def plan(draw: Random, week: Json) -> Json:
    """Return a plan that was made without looking at any rule."""
    visits = []
    for job in week["jobs"]:
        if draw.random() < 0.7:
            start = draw.choice(job["starts"]) if draw.random() < 0.9 else draw.randrange(10000)
            crew = [draw.choice(week["workers"])["id"] for _ in range(job["team"])]
            visits.append({"job": job["id"], "start": start, "workers": crew})
    if draw.random() < 0.2:
        visits += [{"job": draw.choice(["j0", "j99"]), "start": 600, "workers": ["w0", "w99"]}]
    return {"visits": visits}


def published(draw: Random, plan: Json, week: Json) -> Json:
    """Return a plan that could have been published: each job once, with people of the week."""
    ids = {job["id"] for job in week["jobs"]}
    people = {worker["id"] for worker in week["workers"]}
    told = {visit["job"]: visit for visit in plan["visits"] if visit["job"] in ids}
    return {
        "visits": [
            {**visit, "workers": [worker for worker in visit["workers"] if worker in people]}
            for visit in told.values()
            if draw.random() < 0.9
        ]
    }


def case(draw: Random, week: Json, told: Json) -> Json:
    """Return what befell the published plan."""
    now = draw.randrange(9000)
    events: list[Json] = []
    for _ in range(draw.randint(0, 3)):
        since = draw.randrange(9000)
        until = since + draw.choice([-5, 0, 300, 1440])
        events.append({"type": "absent", "worker": _someone(draw, week), "from": since, "until": until})
    if told["visits"] and draw.random() < 0.5:
        visit = draw.choice(told["visits"])
        starts = [visit["start"] + more for more in (30, 90)]
        who = draw.choice(visit["workers"] or [_someone(draw, week)])
        events.append({"type": "no_show", "job": visit["job"], "worker": who, "starts": starts})
    if draw.random() < 0.4:
        job = _job(draw, "new", week["clients"], week["workers"])
        events.append({"type": "new_job", "job": job})
    if draw.random() < 0.4:
        events.append({"type": "cancel", "job": draw.choice(week["jobs"])["id"]})
    return {"format": "replan/1", "base": "drawn", "now": now, "kind": "drawn", "events": events}


def _someone(draw: Random, week: Json) -> str:
    return str(draw.choice(week["workers"])["id"])


def _place(draw: Random) -> Json:
    return {"x": draw.choice([0, 400, 1000, 2600]), "y": draw.choice([0, 300, 1500])}


def _worker(draw: Random, name: str) -> Json:
    windows = []
    for day in range(7):
        if draw.random() < 0.85:
            opens = 1440 * day + draw.choice([360, 480, 720])
            windows.append([opens, opens + draw.choice([240, 480, 720])])
    return {
        "id": name, **_place(draw), "mode": draw.choice(["walk", "bike"]), "contract": draw.choice([300, 900, 1800]),
        "wanted": draw.choice([240, 700, 1500]), "availability": windows,
        "languages": draw.sample(["nl", "tr", "pl"], draw.randint(1, 2)),
        "skills": {
            **{skill: draw.choice(["qualified", "qualified", "learner"]) for skill in SKILLS if draw.random() < 0.7},
            "cleaning": "qualified",
        },
        "certificates": {"guard_pass": draw.choice([600, 5000, 99999])} if draw.random() < 0.7 else {},
        "excluded_clients": ["c1"] if draw.random() < 0.15 else [], "likes_late": draw.random() < 0.3,
        "previous_end": -2880,
    }  # fmt: skip


def _client(draw: Random, name: str, workers: list[Json]) -> Json:
    unwanted = draw.sample([worker["id"] for worker in workers], draw.randint(0, 1))
    languages = draw.choice([[], [], ["nl"], ["tr", "pl"]])
    return {"id": name, "kind": "home", "x": 0, "y": 0, "languages": languages, "excluded_workers": unwanted}


def _job(draw: Random, name: str, clients: list[Json], workers: list[Json]) -> Json:
    day = draw.randrange(7)
    starts = sorted(
        {1440 * day + draw.choice([400, 480, 600, 725, 840, 1080]) for _ in range(draw.randint(1, 4))}
    )
    known = [worker["id"] for worker in workers]
    skills = sorted({"guard", *(skill for worker in workers for skill in worker["skills"])})
    return {
        "id": name, "client": draw.choice(clients)["id"], **_place(draw),
        "skill": draw.choice(["cleaning", *skills]), "team": draw.choice([1, 1, 1, 2, 3]),
        "minutes": draw.choice([60, 90, 120, 180, 240, 330, 345]), "starts": starts,
        "certificates": ["vca"] if draw.random() < 0.03 else [],
        "regulars": draw.sample(known, min(len(known), draw.randint(0, 2))),
        "series": draw.choice([None, None, "s1", "s2"]),
    }  # fmt: skip
