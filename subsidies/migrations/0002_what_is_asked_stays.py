"""A line that was claimed keeps its amounts; a claim that was sent takes no line more and loses none."""

from django.conf import settings
from django.db import migrations

APP = settings.DATABASES["default"]["USER"]

RULES = """
CREATE FUNCTION subsidies_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE state text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.claim_id, NEW.award_id, NEW.month, NEW.from_on, NEW.until_on, NEW.subsidy_cents, NEW.compensation_cents, NEW.rule)
            IS DISTINCT FROM
           (OLD.claim_id, OLD.award_id, OLD.month, OLD.from_on, OLD.until_on, OLD.subsidy_cents, OLD.compensation_cents, OLD.rule)
            OR (OLD.state <> 'claimed' AND NEW.state <> OLD.state) THEN
            RAISE EXCEPTION 'claim line % stays as it was asked', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT c.state INTO state FROM subsidies_claim c WHERE c.id = coalesce(NEW.claim_id, OLD.claim_id);
    IF state <> 'draft' THEN
        RAISE EXCEPTION 'the claim was sent' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER subsidies_line_stays BEFORE INSERT OR UPDATE OR DELETE ON subsidies_claimline
    FOR EACH ROW EXECUTE FUNCTION subsidies_line_stays();
ALTER TABLE subsidies_claimline ENABLE ALWAYS TRIGGER subsidies_line_stays;

CREATE FUNCTION subsidies_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state = 'draft'
        OR (NEW.municipality_id, NEW.month, NEW.number, NEW.digest, NEW.ref)
            IS DISTINCT FROM (OLD.municipality_id, OLD.month, OLD.number, OLD.digest, OLD.ref)) THEN
        RAISE EXCEPTION 'claim % was sent', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER subsidies_claim_stays BEFORE UPDATE OR DELETE ON subsidies_claim
    FOR EACH ROW EXECUTE FUNCTION subsidies_claim_stays();
ALTER TABLE subsidies_claim ENABLE ALWAYS TRIGGER subsidies_claim_stays;

CREATE FUNCTION subsidies_shares_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
    SELECT l.id INTO wrong FROM subsidies_claimline l JOIN subsidies_pieceshare s ON s.line_id = l.id
        WHERE l.id IN (SELECT line_id FROM fresh)
        GROUP BY l.id HAVING sum(s.cents) > l.subsidy_cents + l.compensation_cents LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'the shares of claim line % are more than the line', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER subsidies_shares_fit AFTER INSERT ON subsidies_pieceshare REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION subsidies_shares_fit();
ALTER TABLE subsidies_pieceshare ENABLE ALWAYS TRIGGER subsidies_shares_fit;
REVOKE UPDATE ON subsidies_pieceshare FROM "{APP}";
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0001_initial")]
    operations = [migrations.RunSQL(RULES.replace("{APP}", APP))]
