"""Who can work: skills, certificates, contract, availability, absence. Never why someone cannot."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.models import Address, Customer, Neighbourhood, User
from kernel.refs import new_ref


class Skill(models.TextChoices):
    """What the pool can do. The engine and the catalogue use the same words."""

    CLEANING = "cleaning", _("Schoonmaken")
    MOVING = "moving", _("Verhuizen")
    SMALL_JOBS = "small_jobs", _("Klusjes")
    PRESENCE = "presence", _("Aanwezig zijn")
    GUARDING = "guarding", _("Bewaken")


class Worker(models.Model):
    """A neighbour in the pool."""

    class Mode(models.TextChoices):
        WALK = "walk", _("lopend")
        BIKE = "bike", _("op de fiets")

    ref = models.CharField(max_length=12, unique=True, default=new_ref)
    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="+")
    home = models.ForeignKey(Address, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=4, choices=Mode, default=Mode.BIKE)
    languages = ArrayField(models.CharField(max_length=5), default=list)
    likes_late = models.BooleanField(default=False)
    hired_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.user.name


class WorkerSkill(models.Model):
    """A skill, and whether it is learned or being learned."""

    class Level(models.TextChoices):
        QUALIFIED = "qualified", _("ervaren")
        LEARNER = "learner", _("lerend")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="skills")
    skill = models.CharField(max_length=12, choices=Skill)
    level = models.CharField(max_length=9, choices=Level)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "skill"], name="skill_once")]


class Certificate(models.Model):
    """A paper that some work needs, valid on `valid_until_on` itself and not after."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=20, help_text="'guard_pass', 'lifting', 'vca'")
    number = models.CharField(max_length=40, blank=True)
    valid_from_on = models.DateField()
    valid_until_on = models.DateField()


class Contract(models.Model):
    """Agreed and wanted minutes a week, from a day on. A change is a new row."""

    class Kind(models.TextChoices):
        FIXED = "fixed", _("vaste uren")
        ON_CALL = "on_call", _("oproep")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="contracts")
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.FIXED)
    permanent = models.BooleanField(default=True)
    week_minutes = models.PositiveIntegerField(help_text="most paid minutes in a week")
    wanted_minutes = models.PositiveIntegerField()
    scale = models.CharField(max_length=20, blank=True, help_text="cao scale; empty: minimum wage")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="exclusive")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "from_on"], name="contract_starts_once")]


class Availability(models.Model):
    """A window of a weekday (0 = Monday) in local minutes; windows of a day never touch."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="availability")
    weekday = models.PositiveSmallIntegerField()
    from_minute = models.PositiveSmallIntegerField()
    until_minute = models.PositiveSmallIntegerField(help_text="1440 is midnight")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6)
                & models.Q(from_minute__lt=models.F("until_minute"))
                & models.Q(until_minute__lte=1440),
                name="availability_is_a_window",
            )
        ]


class Absence(models.Model):
    """Time someone cannot work. The reason is nobody's business here."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="absences")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_at__lt=models.F("until_at")), name="absence_has_time"
            )
        ]


class NotWith(models.Model):
    """A pair that is not sent to each other again, and who asked for it."""

    class Side(models.TextChoices):
        WORKER = "worker"
        CUSTOMER = "customer"

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side)
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "customer", "side"], name="not_with_once")]
