-- +goose Up
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- ordinals is how many ordinals were given; its row is the lock under which records of the stream change.
CREATE TABLE streams (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL UNIQUE,
    ordinals BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE units (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);

CREATE TABLE records (
    stream   INTEGER NOT NULL,
    key      TEXT NOT NULL,
    ordinal  BIGINT NOT NULL,
    source   BIGINT NOT NULL,
    payload  BIGINT NOT NULL,
    version  INTEGER NOT NULL,
    delivery BIGINT NOT NULL,
    held     BOOLEAN NOT NULL,
    starts   INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    owner    INTEGER NOT NULL,
    PRIMARY KEY (stream, key)
) WITHOUT ROWID;

CREATE TABLE exceptions (
    stream       INTEGER NOT NULL,
    key          TEXT NOT NULL,
    state        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    detail       TEXT NOT NULL,
    since        BIGINT NOT NULL,
    due          INTEGER NOT NULL,
    owner        INTEGER NOT NULL,
    delivery     BIGINT NOT NULL,
    waits_stream TEXT NOT NULL,
    waits_key    TEXT NOT NULL,
    PRIMARY KEY (stream, key)
) WITHOUT ROWID;
CREATE INDEX exceptions_state ON exceptions (stream, state);
CREATE INDEX exceptions_delivery ON exceptions (delivery, state);

CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    stream       INTEGER NOT NULL,
    channel      TEXT NOT NULL,
    resource     TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempt      INTEGER NOT NULL DEFAULT 0,
    lines        INTEGER NOT NULL,
    live         INTEGER NOT NULL,
    due          INTEGER NOT NULL,
    rules        BIGINT NOT NULL,
    formed       BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL DEFAULT 0,
    send_until   BIGINT NOT NULL DEFAULT 0,
    settled_at   BIGINT NOT NULL DEFAULT 0,
    proven_at    BIGINT NOT NULL DEFAULT 0,
    next_look    BIGINT NOT NULL DEFAULT 0,
    first_absent BIGINT NOT NULL DEFAULT 0,
    retry_at     BIGINT NOT NULL DEFAULT 0,
    last_reason  TEXT NOT NULL DEFAULT '',
    body_hash    TEXT NOT NULL,
    receipts     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX deliveries_waiting ON deliveries (channel, due, id) WHERE state = 'waiting';
CREATE INDEX deliveries_sending ON deliveries (channel, send_until) WHERE state = 'sending';
CREATE INDEX deliveries_look ON deliveries (channel, next_look) WHERE next_look > 0;
CREATE INDEX deliveries_live ON deliveries (stream, state) WHERE live > 0;
CREATE INDEX deliveries_proven ON deliveries (stream, proven_at);

-- Bodies and receipts are compressed already.
CREATE TABLE delivery_bodies (delivery BIGINT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE delivery_receipts (
    delivery BIGINT NOT NULL,
    attempt  INTEGER NOT NULL,
    body     BLOB NOT NULL,
    PRIMARY KEY (delivery, attempt)
);

-- attempt is how many attempts the delivery had when the line was dropped: later ones go without it.
CREATE TABLE dropped (
    delivery BIGINT NOT NULL,
    key      TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    PRIMARY KEY (delivery, key)
) WITHOUT ROWID;
CREATE TABLE needs (delivery BIGINT NOT NULL, needs BIGINT NOT NULL, PRIMARY KEY (delivery, needs)) WITHOUT ROWID;

-- Which pulled entry a record answers.
CREATE TABLE answered (
    by_stream INTEGER NOT NULL,
    by_key    TEXT NOT NULL,
    stream    INTEGER NOT NULL,
    key       TEXT NOT NULL,
    PRIMARY KEY (by_stream, by_key)
) WITHOUT ROWID;
CREATE INDEX answered_entry ON answered (stream, key);

-- present is how many records of the stream were not missing when the read was completed.
CREATE TABLE reads (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    stream      INTEGER NOT NULL,
    whole       BOOLEAN NOT NULL,
    started     BIGINT NOT NULL,
    ended       BIGINT NOT NULL DEFAULT 0,
    row_count   BIGINT NOT NULL DEFAULT 0,
    excluded    BIGINT NOT NULL DEFAULT 0,
    source      BIGINT NOT NULL DEFAULT 0,
    outcome     TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT '',
    read_cursor TEXT NOT NULL DEFAULT '',
    guard       TEXT NOT NULL DEFAULT '',
    present     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX reads_stream ON reads (stream, id);
CREATE TABLE releases (
    stream   INTEGER NOT NULL,
    guard    TEXT NOT NULL,
    released BIGINT NOT NULL,
    by_whom  TEXT NOT NULL,
    PRIMARY KEY (stream, guard)
);

CREATE TABLE list_versions (
    stream   INTEGER NOT NULL,
    number   BIGINT NOT NULL,
    state    TEXT NOT NULL,
    started  BIGINT NOT NULL,
    switched BIGINT NOT NULL DEFAULT 0,
    total    BIGINT NOT NULL DEFAULT 0,
    entries  BIGINT NOT NULL DEFAULT 0,
    added    BIGINT NOT NULL DEFAULT 0,
    changed  BIGINT NOT NULL DEFAULT 0,
    removed  BIGINT NOT NULL DEFAULT 0,
    repeated BIGINT NOT NULL DEFAULT 0,
    hash     TEXT NOT NULL DEFAULT '',
    reason   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (stream, number)
);
CREATE TABLE list_entries (
    stream      INTEGER NOT NULL,
    key         TEXT NOT NULL,
    since       BIGINT NOT NULL,
    until       BIGINT NOT NULL DEFAULT 0,
    row_hash    BIGINT NOT NULL,
    credit_code TEXT NOT NULL,
    name        TEXT NOT NULL,
    data        BLOB NOT NULL,
    starts      INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    PRIMARY KEY (stream, key, since)
) WITHOUT ROWID;
CREATE INDEX list_entries_code ON list_entries (stream, credit_code) WHERE credit_code <> '';
CREATE INDEX list_entries_name ON list_entries (stream, name) WHERE name <> '';
CREATE INDEX list_entries_since ON list_entries (stream, since);
CREATE INDEX list_entries_until ON list_entries (stream, until) WHERE until > 0;
CREATE TABLE list_stage (
    stream   INTEGER NOT NULL,
    key      TEXT NOT NULL,
    row_hash BIGINT NOT NULL,
    PRIMARY KEY (stream, key)
) WITHOUT ROWID;

CREATE TABLE runs (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    job     TEXT NOT NULL,
    target  TEXT NOT NULL,
    slot    TEXT NOT NULL,
    node    TEXT NOT NULL,
    started BIGINT NOT NULL,
    ended   BIGINT NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '',
    reason  TEXT NOT NULL DEFAULT '',
    counts  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX runs_job ON runs (job, target, id);
CREATE TABLE events (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       BIGINT NOT NULL,
    run      BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    stream   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    delivery BIGINT NOT NULL,
    attempt  INTEGER NOT NULL,
    key      TEXT NOT NULL,
    detail   TEXT NOT NULL
);
CREATE INDEX events_reason ON events (reason, id);
CREATE INDEX events_key ON events (key, id) WHERE key <> '';
CREATE INDEX events_delivery ON events (delivery, id) WHERE delivery <> 0;

CREATE TABLE rules (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    hash     TEXT NOT NULL,
    in_force BIGINT NOT NULL
);
CREATE TABLE rule_contents (hash TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE rule_files (
    rules BIGINT NOT NULL,
    name  TEXT NOT NULL,
    hash  TEXT NOT NULL,
    PRIMARY KEY (rules, name)
);

CREATE TABLE schedule (
    job     TEXT NOT NULL,
    target  TEXT NOT NULL,
    spec    TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (job, target)
);

-- arrival is the theoretical arrival time of the next message, in microseconds: the whole of the rate limit's memory.
CREATE TABLE channels (
    name         TEXT PRIMARY KEY,
    base         TEXT NOT NULL,
    mock         BOOLEAN NOT NULL,
    stopped      BOOLEAN NOT NULL DEFAULT FALSE,
    stop_reason  TEXT NOT NULL DEFAULT '',
    stopped_by   TEXT NOT NULL DEFAULT '',
    break_until  BIGINT NOT NULL DEFAULT 0,
    last_contact BIGINT NOT NULL DEFAULT 0,
    last_proof   BIGINT NOT NULL DEFAULT 0,
    clock_offset BIGINT NOT NULL DEFAULT 0,
    arrival      BIGINT NOT NULL DEFAULT 0,
    quota_day    INTEGER NOT NULL DEFAULT 0,
    quota_used   INTEGER NOT NULL DEFAULT 0
);
