-- A number that changes with any row of a run's checkpoints, and with a new branch of one: who keeps a copy of them reads
-- again only those of runs where it did.

ALTER TABLE runs ADD COLUMN checkpoint_revision INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER checkpoint_inserted AFTER INSERT ON checkpoints BEGIN
  UPDATE runs SET checkpoint_revision = checkpoint_revision + 1 WHERE id = NEW.run;
END;
CREATE TRIGGER checkpoint_updated AFTER UPDATE ON checkpoints BEGIN
  UPDATE runs SET checkpoint_revision = checkpoint_revision + 1 WHERE id = NEW.run;
END;
CREATE TRIGGER checkpoint_deleted AFTER DELETE ON checkpoints BEGIN
  UPDATE runs SET checkpoint_revision = checkpoint_revision + 1 WHERE id = OLD.run;
END;
CREATE TRIGGER branch_inserted AFTER INSERT ON runs WHEN NEW.parent_run <> '' BEGIN
  UPDATE runs SET checkpoint_revision = checkpoint_revision + 1 WHERE id = NEW.parent_run;
END;
