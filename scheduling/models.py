"""Where supply and demand meet: plans, visits, who goes, and the three clocks of an hour."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Neighbourhood, User
from kernel.refs import new_ref
from marketplace.models import Booking
from workers_pool.models import Worker


class Plan(models.Model):
    """One run of the engine for a neighbourhood's week, and what became of it.

    `version` counts the plans of a week. `run` names the process that makes it and `seen_at` is its heartbeat, in real
    time by the database's clock: business time may jump.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Wacht op zijn beurt")
        RUNNING = "running", _("Wordt gemaakt")
        DRAFT = "draft", _("Concept")
        PUBLISHED = "published", _("Gepubliceerd")
        UNDONE = "undone", _("Teruggedraaid")
        DROPPED = "dropped", _("Vervallen")
        FAILED = "failed", _("Mislukt")

    BUSY = (State.ASKED, State.RUNNING)

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    monday = models.DateField()
    version = models.PositiveIntegerField(default=1, editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    seconds = models.PositiveSmallIntegerField(default=10)
    seed = models.IntegerField(default=1)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    figures = models.JSONField(default=dict, help_text="unserved minutes, changes, soft cost and its parts")
    error = models.TextField(blank=True, default="")
    run = models.UUIDField(default=uuid.uuid4)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    stop_at = models.DateTimeField(null=True, help_text="somebody asked to stop and keep what there is")
    progress = models.JSONField(default=dict, help_text="percent, unserved minutes, soft cost so far")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["neighbourhood", "monday", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["neighbourhood"],
                condition=models.Q(state__in=["asked", "running"]),
                name="one_plan_at_a_time",
            ),
        ]


class DraftVisit(models.Model):
    """A line of a draft plan: who would go where. `why` is a list per worker of reasons."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="visits")
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    workers = models.ManyToManyField(Worker, related_name="+")
    why = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "booking"], name="draft_once_per_booking")]


class Unassigned(models.Model):
    """A booking that a plan could not serve, and why."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="unassigned")
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    reason_nl = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "booking"], name="unassigned_once_per_booking")
        ]


class Promise(models.Model):
    """The start that a customer chose of what was offered, in a week that was not published yet: a plan keeps it."""

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    promised_at = models.DateTimeField()


class Visit(models.Model):
    """A published visit: one booking, one start, a crew."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("Gepland")
        FINISHED = "finished", _("Gewerkt")
        CANCELLED = "cancelled", _("Vervallen")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.PUBLISHED)
    published_at = models.DateTimeField()
    version = models.PositiveIntegerField(
        default=1, help_text="the board sends it back: 409 when it moved on"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=~models.Q(state="cancelled"), name="one_live_visit_per_booking"
            ),
            models.CheckConstraint(
                condition=models.Q(start_at__lt=models.F("end_at")), name="visit_takes_time"
            ),
        ]
        indexes = [models.Index(fields=["neighbourhood", "start_at"])]


class Assignment(models.Model):
    """One worker at one visit, from offer to confirmed minutes: the hour itself.

    accepted = confirmed + awaiting + in dispute + borne, where awaiting is what is left while `outcome` is
    empty and in dispute is what is left while it is 'disputed'.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Gevraagd")
        ASSIGNED = "assigned", _("Gepland")
        DECLINED = "declined", _("Niet aangenomen")
        WITHDRAWN = "withdrawn", _("Ingetrokken")
        NO_SHOW = "no_show", _("Niet gekomen")
        WORKED = "worked", _("Gewerkt")

    class Outcome(models.TextChoices):
        AWAITING = "", _("Wacht op bevestiging")
        DISPUTED = "disputed", _("Klopt niet")
        CUSTOMER = "customer", _("Bevestigd door de klant")
        SILENCE = "silence", _("Bevestigd door de termijn")
        DECIDED = "decided", _("Besloten na klacht")
        ABSENT = "absent", _("Niemand thuis")

    LIVE = (State.OFFERED, State.ASSIGNED, State.WORKED)

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="assignments")
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    during = DateTimeRangeField(help_text="[start, end) of the visit: never in two places")
    state = models.CharField(max_length=9, choices=State)
    learner = models.BooleanField(default=False)
    why = models.JSONField(default=list, help_text="the reasons in words: [{'nl': .., 'en': ..}]")
    assigned_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, help_text="when the worker took or declined an offer")
    checked_in_at = models.DateTimeField(null=True)
    checked_out_at = models.DateTimeField(null=True)
    absent_at = models.DateTimeField(null=True, help_text="when the worker left a door that nobody opened")
    recorded_minutes = models.PositiveSmallIntegerField(null=True, help_text="check in to check out, elapsed")
    accepted_minutes = models.PositiveSmallIntegerField(null=True, help_text="paid; set at week close")
    accepted_at = models.DateTimeField(null=True)
    confirmed_minutes = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.AWAITING, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "worker"], name="worker_once_per_visit"),
            ExclusionConstraint(
                name="never_in_two_places",
                expressions=[("worker", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(state__in=["offered", "assigned", "worked"]),
            ),
            models.CheckConstraint(
                condition=models.Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="assignment_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_out_at__isnull=True)
                | models.Q(checked_out_at__gt=models.F("checked_in_at")),
                name="out_after_in",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_minutes__isnull=True)
                | models.Q(accepted_minutes__gte=models.F("recorded_minutes")),
                name="accepted_never_less_than_worked",
            ),
            models.CheckConstraint(
                condition=models.Q(absent_at__isnull=True) | models.Q(confirmed_minutes=0),
                name="a_closed_door_is_not_charged",
            ),
        ]


class Borne(models.Model):
    """Accepted minutes of an assignment that no customer will be asked for, and why."""

    class Reason(models.TextChoices):
        ROUNDING = "rounding", _("Afronding op een kwartier")
        LONGER = "longer", _("Langer gebleven dan geboekt")
        SHORTENED = "shortened", _("Klacht gegrond")
        CUSTOMER_ABSENT = "customer_absent", _("Klant niet thuis")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="borne")
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16, choices=Reason)
    entry_key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(minutes__gt=0), name="borne_is_something")]


class Travel(models.Model):
    """Paid travel of a worker between two visits of a day."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    origin = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    destination = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    start_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "destination"], name="travel_once"),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="travel_takes_time"),
        ]


class ClosedWeek(models.Model):
    """A neighbourhood's week whose hours are accepted."""

    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    monday = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["neighbourhood", "monday"], name="week_closes_once")]


class Weighting(models.Model):
    """What a unit of each part of the cost weighs, from a moment on; who said so, and why. A change is a new row."""

    version = models.PositiveIntegerField(unique=True)
    weights = models.JSONField(help_text="every part of the cost by name")
    since_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(why=""), name="weighting_says_why")]


class Repair(models.Model):
    """Something happened to a published week, and what can be done about it.

    `about` names the visits and bookings it is about, by key, and from when on a late client is at home.
    """

    class Cause(models.TextChoices):
        ABSENT = "absent", "Iemand is ziek"
        NO_SHOW = "no_show", "Iemand kwam niet"
        URGENT = "urgent", "Een afspraak zonder bezoek"
        CANCELLED = "cancelled", "Er kwam tijd vrij"
        LATE = "late", "De klant is later thuis"
        SHORT = "short", "Er is iemand te weinig"

    class State(models.TextChoices):
        ASKED = "asked", "Wij zoeken"
        RUNNING = "running", "Wij zoeken"
        READY = "ready", "Kies een voorstel"
        APPLIED = "applied", "Gedaan"
        FAILED = "failed", "Mislukt"
        DROPPED = "dropped", "Vervallen"

    BUSY = (State.ASKED, State.RUNNING)

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    monday = models.DateField()
    cause = models.CharField(max_length=9, choices=Cause)
    about = models.JSONField(default=dict, help_text="visits, bookings, not_before")
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    run = models.UUIDField(default=uuid.uuid4)
    seen_at = models.DateTimeField(null=True, help_text="real time, by the database's clock")
    ready_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    error = models.TextField(blank=True, default="")


class Proposal(models.Model):
    """One way to mend a week: what changes, visit by visit, and what that costs. Done whole or not at all."""

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    repair = models.ForeignKey(Repair, models.CASCADE, related_name="proposals")
    rank = models.PositiveSmallIntegerField(help_text="1 is the best")
    figures = models.JSONField(
        default=dict, help_text="unserved minutes, promises broken, travel minutes more"
    )
    moves = models.JSONField(default=list, help_text="by booking: before and after, and why each newcomer")
    chosen = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repair", "rank"], name="proposal_rank_once"),
            models.UniqueConstraint(
                fields=["repair"], condition=models.Q(chosen=True), name="one_proposal_is_done"
            ),
        ]


class Contest(models.Model):
    """A worker does not agree with what was planned. A human being looks at it and answers; nothing changes by itself.

    About a visit there is an assignment; about too few hours there is none, and `monday` is the week they are about.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Wacht op antwoord")
        KEPT = "kept", _("Het blijft zo")
        CHANGED = "changed", _("Het wordt anders")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    assignment = models.OneToOneField(Assignment, models.PROTECT, null=True, related_name="+")
    monday = models.DateField()
    words = models.TextField(blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="when the worker has an answer, at the latest")
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="who was asked to look; null when nobody could be"
    )  # fmt: skip
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "monday"],
                condition=models.Q(assignment=None),
                name="hours_contested_once_a_week",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at=None, answered_by=None, answer="")
                | (
                    ~models.Q(state="open")
                    & ~models.Q(answer="")
                    & models.Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
                name="contest_is_answered_by_somebody_in_words",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="contest_waits", condition=models.Q(state="open")),
        ]
