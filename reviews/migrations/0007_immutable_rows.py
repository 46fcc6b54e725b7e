"""Triggers for what a right can't express: which rows, and which changes of a column."""

from django.db import migrations

RELEASES = """
CREATE FUNCTION reviews_refuse_published_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' AND (TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'release % is published and does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER release_immutable_once_published BEFORE UPDATE OR DELETE ON reviews_release
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_published_release();

CREATE FUNCTION reviews_refuse_published_includes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    releases bigint[] := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.release_id END,
                               CASE WHEN TG_OP <> 'DELETE' THEN NEW.release_id END];
    found_state text;
BEGIN
    -- Every row is locked, whatever it says: one that is being published now says so when its transaction has ended.
    FOR found_state IN SELECT state FROM reviews_release WHERE id = ANY (releases) FOR SHARE LOOP
        IF found_state = 'published' THEN
            RAISE EXCEPTION 'what a published release includes does not change' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER release_includes_immutable_once_published BEFORE INSERT OR UPDATE OR DELETE ON reviews_release_includes
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_published_includes();
"""
PATCH_SETS = """
CREATE FUNCTION reviews_refuse_submitted_patch_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.submitted_at IS NOT NULL AND (TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'patch set % is submitted and does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER patch_set_immutable_once_submitted BEFORE UPDATE OR DELETE ON reviews_patchset
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_submitted_patch_set();

CREATE FUNCTION reviews_refuse_submitted_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    patch_sets bigint[] := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.patch_set_id END,
                                 CASE WHEN TG_OP <> 'DELETE' THEN NEW.patch_set_id END];
    submitted timestamptz;
BEGIN
    -- Every row is locked, whatever it says: one that is being submitted now says so when its transaction has ended.
    FOR submitted IN SELECT submitted_at FROM reviews_patchset WHERE id = ANY (patch_sets) FOR SHARE LOOP
        IF submitted IS NOT NULL THEN
            RAISE EXCEPTION 'the changes of a submitted patch set do not change' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER change_immutable_once_submitted BEFORE INSERT OR UPDATE OR DELETE ON reviews_change
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_submitted_change();
"""
VALIDITY = """
CREATE FUNCTION reviews_refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.valid IS DISTINCT FROM OLD.valid
       AND NOT (upper_inf(OLD.valid) AND NOT upper_inf(NEW.valid) AND lower(NEW.valid) = lower(OLD.valid)) THEN
        RAISE EXCEPTION 'the validity of row % can only be closed, once', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER clause_version_closed_once BEFORE UPDATE OF valid ON reviews_clauseversion
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_reopening();
CREATE TRIGGER attachment_closed_once BEFORE UPDATE OF valid ON reviews_attachment
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_reopening();
"""
UNDO = """
DROP TRIGGER release_immutable_once_published ON reviews_release;
DROP TRIGGER release_includes_immutable_once_published ON reviews_release_includes;
DROP TRIGGER patch_set_immutable_once_submitted ON reviews_patchset;
DROP TRIGGER change_immutable_once_submitted ON reviews_change;
DROP TRIGGER clause_version_closed_once ON reviews_clauseversion;
DROP TRIGGER attachment_closed_once ON reviews_attachment;
DROP FUNCTION reviews_refuse_published_release, reviews_refuse_published_includes, reviews_refuse_submitted_patch_set,
    reviews_refuse_submitted_change, reviews_refuse_reopening;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_used_uploads")]

    operations = [migrations.RunSQL(RELEASES + PATCH_SETS + VALIDITY, UNDO)]
