"""Packs that were handed to an auditor are kept as they were."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="KeptPack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start_on", models.DateField()),
                ("until_on", models.DateField(help_text="exclusive")),
                ("number", models.PositiveSmallIntegerField(
                    help_text="a later one was asked for because the books changed")),
                ("digest", models.CharField(help_text="sha256 of the body", max_length=64)),
                ("body", models.BinaryField()),
                ("made_at", models.DateTimeField(help_text="what came later is not in it")),
                ("made_by", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"constraints": [
                models.UniqueConstraint(fields=("start_on", "until_on", "number"), name="pack_numbered_once"),
                models.CheckConstraint(condition=models.Q(("start_on__lt", models.F("until_on"))), name="pack_has_days"),
            ]},
        ),
        migrations.RunSQL(append_only("books_keptpack", APP), migrations.RunSQL.noop),
    ]
