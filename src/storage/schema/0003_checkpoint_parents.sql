-- What an averaged checkpoint is the mean of: ids, comma-separated, A first. Not a run's parent: the mean stands by itself,
-- and nothing goes on from one of them in its place.

ALTER TABLE checkpoints ADD COLUMN parents TEXT NOT NULL DEFAULT '';
