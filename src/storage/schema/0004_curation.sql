-- How a person wants to see a run: its colour, and whether at all.
ALTER TABLE runs ADD COLUMN color INTEGER;                      -- of the palette; null: by its place in the home
ALTER TABLE runs ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
