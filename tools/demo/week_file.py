"""The `week/1` file of `WEEK=`, read before anything starts: what is wrong with it is said in one sentence."""

from pathlib import Path

from marketplace.standard import STANDARD
from scheduling.engine import weekfile
from scheduling.engine.fields import BadFile
from scheduling.engine.model import Problem

SERVICES = {"guard": "guarding", "odd_jobs": "small-jobs"}
"""The service of a skill of the file; any other has the name of its skill."""

__all__ = ["BadFile", "read", "service_of"]


def read(file: Path) -> Problem:
    """Return the week of a file that can be run as a neighbourhood.

    :raises BadFile: with a sentence that names what is wrong.
    """
    week = weekfile.load(file)
    for what, rows in (("workers", week.workers), ("clients", week.clients), ("jobs", week.jobs)):
        if not rows:
            raise BadFile(f"{file.name} has no {what}: there is no week to run.")
    known = {str(facts["code"]) for facts in STANDARD}
    for job in week.jobs:
        if service_of(job.skill) not in known:
            raise BadFile(
                f"Job {job.id!r} asks for {job.skill!r}, for which the catalogue has no service: known are {', '.join(sorted(known))}."
            )
        if not job.starts:
            raise BadFile(f"Job {job.id!r} has no starts: nobody can ask for it.")
    return week


def service_of(skill: str) -> str:
    """Return the code of the service that a skill of the file stands for."""
    return SERVICES.get(skill, skill)
