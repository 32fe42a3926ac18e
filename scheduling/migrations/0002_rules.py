"""Hours that were accepted stay accepted: a worker's pay never shrinks in silence."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

RULES = """
CREATE FUNCTION scheduling_accepted_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.accepted_minutes IS NOT NULL AND NEW.accepted_minutes IS DISTINCT FROM OLD.accepted_minutes THEN
        RAISE EXCEPTION 'accepted minutes of assignment % stay', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.confirmed_minutes > coalesce(NEW.accepted_minutes, NEW.recorded_minutes, 0) + 14 THEN
        RAISE EXCEPTION 'assignment % confirms more than was worked', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scheduling_accepted_stays BEFORE UPDATE ON scheduling_assignment
    FOR EACH ROW EXECUTE FUNCTION scheduling_accepted_stays();
ALTER TABLE scheduling_assignment ENABLE ALWAYS TRIGGER scheduling_accepted_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]
    operations = [
        migrations.RunSQL(
            RULES + append_only("scheduling_borne", APP) + append_only("scheduling_travel", APP)
            + append_only("scheduling_closedweek", APP)
        )
    ]
