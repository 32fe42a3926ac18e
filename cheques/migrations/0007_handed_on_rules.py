"""Hours that go from one wallet to another, and hours with a purpose: the database keeps their rules too."""

from django.conf import settings
from django.db import migrations

from kernel.guards import append_only

APP = settings.DATABASES["default"]["USER"]

# the function as it stands learns one more figure
FIGURE = """
DO $do$ DECLARE body text := pg_get_functiondef('cheques_movement_moves()'::regprocedure);
BEGIN
    body := replace(body, $$('free', 'returned')$$, $$('free', 'returned'), ('free', 'handed'), ('handed', 'free')$$);
    body := replace(body, 'returned_minutes = returned_minutes +', $$handed_minutes = handed_minutes
            + CASE 'handed' WHEN NEW.target THEN NEW.minutes WHEN NEW.source THEN -NEW.minutes ELSE 0 END,
        returned_minutes = returned_minutes +$$);
    EXECUTE body;
END $do$;
"""

RULES = """
CREATE OR REPLACE FUNCTION cheques_lot_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lot cheques_lot; handed bigint;
BEGIN
    SELECT * INTO lot FROM cheques_lot WHERE id = NEW.id;
    IF lot.minutes <> lot.free_minutes + lot.held_minutes + lot.frozen_minutes + lot.used_minutes
        + lot.refunded_minutes + lot.expired_minutes + lot.returned_minutes + lot.handed_minutes THEN
        RAISE EXCEPTION 'lot % does not add up', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF lot.parent_id IS NULL AND lot.handed_minutes = 0 THEN RETURN NULL; END IF;
    SELECT coalesce(sum(minutes - returned_minutes), 0) INTO handed FROM cheques_lot
    WHERE parent_id = coalesce(lot.parent_id, lot.id);
    IF handed <> (SELECT handed_minutes FROM cheques_lot WHERE id = coalesce(lot.parent_id, lot.id)) THEN
        RAISE EXCEPTION 'what lot % handed on is not what its receivers got', coalesce(lot.parent_id, lot.id)
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION cheques_lot_starts_empty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE parent cheques_lot;
BEGIN
    IF NEW.free_minutes <> 0 OR NEW.held_minutes <> 0 OR NEW.frozen_minutes <> 0 OR NEW.used_minutes <> 0
        OR NEW.refunded_minutes <> 0 OR NEW.expired_minutes <> 0 OR NEW.returned_minutes <> 0
        OR NEW.handed_minutes <> 0 THEN
        RAISE EXCEPTION 'a lot starts empty and is filled by its first movement' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        SELECT * INTO parent FROM cheques_lot WHERE id = NEW.parent_id;
        IF parent.parent_id IS NOT NULL OR parent.price_cents <> NEW.price_cents OR parent.vat_kind <> NEW.vat_kind
            OR parent.purpose_id IS DISTINCT FROM NEW.purpose_id THEN
            RAISE EXCEPTION 'hours are handed on once, as they are' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION cheques_movement_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE purpose cheques_purpose; hold cheques_hold; receiver bigint;
BEGIN
    IF NEW.source <> 'free' OR NEW.target NOT IN ('held', 'used') THEN RETURN NULL; END IF;
    SELECT p.* INTO purpose FROM cheques_lot l JOIN cheques_purpose p ON p.id = l.purpose_id WHERE l.id = NEW.lot_id;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF NEW.target = 'used' THEN
        RAISE EXCEPTION 'cheques with a purpose are used through a hold' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO hold FROM cheques_hold WHERE id = NEW.hold_id;
    SELECT w.customer_id INTO receiver FROM cheques_lot l JOIN cheques_wallet w ON w.id = l.wallet_id
    WHERE l.id = NEW.lot_id;
    IF (purpose.services <> '{}' AND NOT hold.service = ANY (purpose.services))
        OR hold.start_on IS NULL OR hold.start_on < purpose.from_on OR hold.start_on >= purpose.until_on
        OR (EXISTS (SELECT 1 FROM cheques_purpose_addresses WHERE purpose_id = purpose.id) AND NOT EXISTS (
            SELECT 1 FROM cheques_purpose_addresses WHERE purpose_id = purpose.id AND address_id = hold.address_id))
        OR (EXISTS (SELECT 1 FROM cheques_purpose_people WHERE purpose_id = purpose.id) AND NOT EXISTS (
            SELECT 1 FROM cheques_purpose_people WHERE purpose_id = purpose.id AND customer_id = receiver)) THEN
        RAISE EXCEPTION 'these cheques are for another purpose' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cheques_movement_fits AFTER INSERT ON cheques_movement
    FOR EACH ROW EXECUTE FUNCTION cheques_movement_fits();
ALTER TABLE cheques_movement ENABLE ALWAYS TRIGGER cheques_movement_fits;

CREATE FUNCTION cheques_paper_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'printed' THEN
            RAISE EXCEPTION 'a paper cheque is printed first' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('printed', 'active'), ('printed', 'blocked'), ('active', 'used'), ('active', 'blocked'))
        OR OLD.serial <> NEW.serial OR OLD.code_hash <> NEW.code_hash
        OR (OLD.lot_id IS NOT NULL AND OLD.lot_id IS DISTINCT FROM NEW.lot_id) THEN
        RAISE EXCEPTION 'a paper cheque never goes from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cheques_paper_goes_on BEFORE INSERT OR UPDATE ON cheques_papercheque
    FOR EACH ROW EXECUTE FUNCTION cheques_paper_goes_on();
ALTER TABLE cheques_papercheque ENABLE ALWAYS TRIGGER cheques_paper_goes_on;
"""


class Migration(migrations.Migration):
    dependencies = [("cheques", "0006_handed_on")]
    operations = [
        migrations.RunSQL(
            append_only("cheques_purpose", APP)
            + append_only("cheques_purpose_addresses", APP)
            + append_only("cheques_purpose_people", APP)
            + append_only("cheques_drawercount", APP)
            + FIGURE
            + RULES
            + f'REVOKE DELETE, TRUNCATE ON cheques_papercheque FROM "{APP}";'
        )
    ]
