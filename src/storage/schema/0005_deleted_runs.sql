-- A run that a person deleted: in the trash as a whole, its files among the other deleted ones, until that is emptied. Its row
-- stays, for the branches that it has.
ALTER TABLE runs ADD COLUMN deleted_at TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN in_trash INTEGER NOT NULL DEFAULT 0;  -- 1: it can be restored
ALTER TABLE checkpoints ADD COLUMN with_run INTEGER NOT NULL DEFAULT 0;  -- 1: deleted with its run, and restored with it
CREATE INDEX runs_trash ON runs(deleted_at) WHERE in_trash = 1;
CREATE INDEX runs_branches ON runs(parent_run) WHERE parent_run <> '';

-- What a run that is gone for good branched from is a branch's parent no longer.
CREATE TRIGGER branch_gone AFTER UPDATE OF in_trash ON runs WHEN NEW.parent_run <> '' BEGIN
  UPDATE runs SET checkpoint_revision = checkpoint_revision + 1 WHERE id = NEW.parent_run;
END;
