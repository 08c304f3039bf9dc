-- The catalog, version 1. Ids are 16 hex digits; times are ISO 8601, UTC; paths are relative to the home, so that it
-- can be moved. A NaN, which SQLite has none of, stands as the text 'nan' in a REAL column.

CREATE TABLE runs (
  number            INTEGER PRIMARY KEY,  -- in order of creation
  id                TEXT NOT NULL UNIQUE,
  name              TEXT NOT NULL,
  status            TEXT NOT NULL,
  step              INTEGER NOT NULL DEFAULT 0,
  total_steps       INTEGER NOT NULL DEFAULT 0,
  epoch             INTEGER NOT NULL DEFAULT 0,
  parent_checkpoint TEXT NOT NULL DEFAULT '',
  parent_run        TEXT NOT NULL DEFAULT '',
  parent_step       INTEGER NOT NULL DEFAULT 0,
  created_at        TEXT NOT NULL,
  updated_at        TEXT NOT NULL,
  spec              TEXT NOT NULL,        -- JSON
  device            TEXT NOT NULL DEFAULT '',
  threads           INTEGER NOT NULL DEFAULT 0,
  best_step         INTEGER,              -- these three are null together
  best_metric       TEXT,
  best_value        REAL,
  steps_repeated    INTEGER,              -- of the newest resume; these three are null together
  steps_identical   INTEGER,
  first_difference  TEXT,
  failure           TEXT NOT NULL DEFAULT '',
  note              TEXT NOT NULL DEFAULT '',
  tags              TEXT NOT NULL DEFAULT ''  -- a line each
);
CREATE INDEX runs_name ON runs(name, number);
CREATE INDEX runs_parent ON runs(parent_checkpoint) WHERE parent_checkpoint <> '';

CREATE TABLE checkpoints (
  number       INTEGER PRIMARY KEY,  -- in order of storing
  id           TEXT NOT NULL UNIQUE,
  run          TEXT NOT NULL REFERENCES runs(id),
  step         INTEGER NOT NULL,
  epoch        INTEGER NOT NULL,
  kind         TEXT NOT NULL,
  roles        TEXT NOT NULL,              -- comma-separated, without "best" and "branch"
  best         INTEGER NOT NULL DEFAULT 0, -- 1: the best of its run by the monitor
  monitored    REAL,                       -- what its epoch was judged by, for retention
  loss         REAL,
  metrics      TEXT NOT NULL DEFAULT '',   -- "name value" a line
  path         TEXT NOT NULL,
  bytes        INTEGER NOT NULL,
  hash         TEXT NOT NULL,
  file_hash    TEXT NOT NULL,
  pinned       INTEGER NOT NULL DEFAULT 0,
  note         TEXT NOT NULL DEFAULT '',
  tags         TEXT NOT NULL DEFAULT '',
  created_at   TEXT NOT NULL,
  verified_at  TEXT NOT NULL DEFAULT '',
  state        TEXT NOT NULL DEFAULT 'ready',
  save_seconds REAL NOT NULL DEFAULT 0,
  pending      TEXT NOT NULL DEFAULT '',   -- what is still to be done with its file: unlink, trash, restore, empty
  in_trash     INTEGER NOT NULL DEFAULT 0,
  deleted_at   TEXT NOT NULL DEFAULT '',
  state_before TEXT NOT NULL DEFAULT ''    -- it was deleted: what undelete makes of it
);
CREATE INDEX checkpoints_step ON checkpoints(run, step, number);
CREATE INDEX checkpoints_path ON checkpoints(path);
CREATE INDEX checkpoints_ready ON checkpoints(run, step, number, bytes) WHERE state = 'ready';
CREATE INDEX checkpoints_best ON checkpoints(run) WHERE best = 1;
CREATE INDEX checkpoints_pending ON checkpoints(run) WHERE pending <> '';
CREATE INDEX checkpoints_trash ON checkpoints(deleted_at) WHERE in_trash = 1;

-- A packed stretch of one series (src/storage/metric_chunk.h). Stretches that are not superseded do not overlap.
CREATE TABLE metric_chunks (
  number     INTEGER PRIMARY KEY,
  run        TEXT NOT NULL REFERENCES runs(id),
  series     TEXT NOT NULL,
  superseded INTEGER NOT NULL DEFAULT 0,  -- 1: repeated after a crash, and differently
  first_step INTEGER NOT NULL,
  last_step  INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  data       BLOB NOT NULL
);
CREATE INDEX metric_chunks_steps ON metric_chunks(run, series, superseded, last_step);

CREATE TABLE events (
  number     INTEGER PRIMARY KEY,
  run        TEXT NOT NULL REFERENCES runs(id),
  step       INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  detail     TEXT NOT NULL,  -- JSON
  created_at TEXT NOT NULL
);
CREATE INDEX events_run ON events(run, step, number);

CREATE TABLE recoveries (
  number INTEGER PRIMARY KEY,
  at     TEXT NOT NULL,
  report TEXT NOT NULL  -- JSON: interrupted, adopted, quarantined, missing, damaged
);
