-- +goose Up
-- What a delivery may do. The rows come from the program's own table, each time it starts.
CREATE TABLE transitions (
    from_state TEXT COLLATE "C" NOT NULL,
    cause      TEXT COLLATE "C" NOT NULL,
    to_state   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (from_state, to_state, cause)
);

-- An attempt begins when a delivery stops waiting, and only then.
-- +goose StatementBegin
CREATE FUNCTION check_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.attempt <> OLD.attempt + CAST(OLD.state = 'waiting' AND NEW.state IN ('sending', 'unknown') AS INTEGER)
        OR NEW.state <> OLD.state AND NOT EXISTS (
            SELECT 1 FROM transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
        RAISE EXCEPTION 'undrawn transition of a delivery: % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER deliveries_moved BEFORE UPDATE OF state, attempt ON deliveries FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR OLD.attempt <> NEW.attempt) EXECUTE FUNCTION check_delivery();
