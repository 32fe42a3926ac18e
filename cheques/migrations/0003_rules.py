"""The rules of a lot, kept by the database itself: every minute is in one figure, and moves once."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

RULES = """
CREATE FUNCTION cheques_movement_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE kept bigint;
BEGIN
    IF (NEW.source, NEW.target) NOT IN (
        ('new', 'free'), ('free', 'held'), ('held', 'free'), ('held', 'used'), ('free', 'used'), ('used', 'free'),
        ('free', 'refunded'), ('refunded', 'free'), ('free', 'expired'), ('expired', 'free'),
        ('free', 'frozen'), ('frozen', 'free'), ('frozen', 'refunded'), ('free', 'returned')) THEN
        RAISE EXCEPTION 'minutes never go from % to %', NEW.source, NEW.target USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.source = 'held' OR NEW.target = 'held') <> (NEW.hold_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a hold goes with minutes that are held, and with no others' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE cheques_lot SET
        free_minutes = free_minutes + CASE 'free' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END,
        held_minutes = held_minutes + CASE 'held' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END,
        frozen_minutes = frozen_minutes + CASE 'frozen' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END,
        used_minutes = used_minutes + CASE 'used' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END,
        refunded_minutes = refunded_minutes + CASE 'refunded' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END,
        expired_minutes = expired_minutes + CASE 'expired' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END,
        returned_minutes = returned_minutes + CASE 'returned' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END
    WHERE id = NEW.lot_id;
    IF NEW.hold_id IS NOT NULL THEN
        SELECT coalesce(sum(CASE WHEN target = 'held' THEN minutes ELSE -minutes END), 0) INTO kept
        FROM cheques_movement WHERE hold_id = NEW.hold_id AND lot_id = NEW.lot_id;
        IF kept < 0 THEN
            RAISE EXCEPTION 'hold % has not that many minutes of lot %', NEW.hold_id, NEW.lot_id
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cheques_movement_moves AFTER INSERT ON cheques_movement
    FOR EACH ROW EXECUTE FUNCTION cheques_movement_moves();
ALTER TABLE cheques_movement ENABLE ALWAYS TRIGGER cheques_movement_moves;

CREATE FUNCTION cheques_lot_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lot cheques_lot; moved bigint;
BEGIN
    SELECT * INTO lot FROM cheques_lot WHERE id = NEW.id;
    IF lot.minutes <> lot.free_minutes + lot.held_minutes + lot.frozen_minutes + lot.used_minutes
        + lot.refunded_minutes + lot.expired_minutes + lot.returned_minutes THEN
        RAISE EXCEPTION 'lot % does not add up', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cheques_lot_adds_up AFTER INSERT OR UPDATE ON cheques_lot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cheques_lot_adds_up();
ALTER TABLE cheques_lot ENABLE ALWAYS TRIGGER cheques_lot_adds_up;

CREATE FUNCTION cheques_lot_starts_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.free_minutes <> 0 OR NEW.held_minutes <> 0 OR NEW.frozen_minutes <> 0 OR NEW.used_minutes <> 0
        OR NEW.refunded_minutes <> 0 OR NEW.expired_minutes <> 0 OR NEW.returned_minutes <> 0 THEN
        RAISE EXCEPTION 'a lot starts empty and is filled by its first movement' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cheques_lot_starts_empty BEFORE INSERT ON cheques_lot
    FOR EACH ROW EXECUTE FUNCTION cheques_lot_starts_empty();
ALTER TABLE cheques_lot ENABLE ALWAYS TRIGGER cheques_lot_starts_empty;
"""


class Migration(migrations.Migration):
    dependencies = [("cheques", "0002_initial")]
    operations = [
        migrations.RunSQL(
            append_only("cheques_movement", APP)
            + append_only("cheques_redemption", APP)
            + append_only("cheques_vatperiod", APP)
            + append_only("cheques_stripeline", APP)
            + RULES
            # the figures are the trigger's; the expiry may be put off, and a row can be locked through it
            + f'REVOKE UPDATE, DELETE, TRUNCATE ON cheques_lot FROM "{APP}";'
            + f'GRANT UPDATE (expires_at) ON cheques_lot TO "{APP}";'
        )
    ]
