"""Events and seals are never changed."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(append_only("events_event", APP) + append_only("events_seal", APP))]
