-- The database of an audit, version 1. Times are not kept: the same reports and rules give the same rows.
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The rules, in the order of the checklist. basis: JSON, as in the JSON result.
CREATE TABLE rule (
  id TEXT PRIMARY KEY, position INTEGER NOT NULL, title TEXT NOT NULL, severity TEXT NOT NULL, basis TEXT NOT NULL
) WITHOUT ROWID;

-- One row a file. id: made from the path, the same in every audit. state: waiting, done. outcome: pass, fail, review, error.
-- text_digest: SHA-256 of its sentences. text_*: what the report says; path_*: what its path says; organ … key: who it is, after roster, path and text.
-- attachment: 1 for what is no report, beside a report of the same organ and year.
CREATE TABLE file (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, address TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
  recipe TEXT, sha256 TEXT, text_digest TEXT, size INTEGER, outcome TEXT, decided TEXT, as_of TEXT, title TEXT, published TEXT,
  document_number TEXT, text_organ TEXT, text_level TEXT, organ_kind TEXT, text_year INTEGER,
  path_organ TEXT, path_level TEXT, path_region TEXT, path_year INTEGER,
  organ TEXT, level TEXT, region TEXT, year INTEGER, key TEXT, origin TEXT, entry INTEGER, notes TEXT,
  failed INTEGER NOT NULL DEFAULT 0, warned INTEGER NOT NULL DEFAULT 0, doubts INTEGER NOT NULL DEFAULT 0,
  error TEXT, attachment INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX file_state ON file (state);
CREATE INDEX file_key ON file (key, year);

-- One row for every rule and file. decided: the outcome after the reviewer's decisions.
CREATE TABLE outcome (
  file INTEGER NOT NULL REFERENCES file ON DELETE CASCADE, rule TEXT NOT NULL, outcome TEXT NOT NULL,
  decided TEXT NOT NULL, findings INTEGER NOT NULL, PRIMARY KEY (file, rule)
) WITHOUT ROWID;

-- Every finding. number: its place among those of the rule, from 1.
CREATE TABLE finding (
  file INTEGER NOT NULL REFERENCES file ON DELETE CASCADE, rule TEXT NOT NULL, number INTEGER NOT NULL,
  outcome TEXT NOT NULL, message TEXT NOT NULL, excerpt TEXT, section TEXT, place TEXT, suggestion TEXT,
  fingerprint TEXT NOT NULL, PRIMARY KEY (file, rule, number)
) WITHOUT ROWID;

-- The whole result and what reports are compared by (msgpack, zlib), and their sketches. Not for others to read.
CREATE TABLE content (
  file INTEGER PRIMARY KEY REFERENCES file ON DELETE CASCADE, result BLOB NOT NULL, traits BLOB, sketch BLOB, whole BLOB
);

-- The roster: who must submit. aliases, years: JSON lists.
CREATE TABLE roster (
  line INTEGER PRIMARY KEY, organ TEXT NOT NULL, level TEXT, region TEXT, aliases TEXT NOT NULL, years TEXT NOT NULL,
  path TEXT
);

-- Who has not submitted: year and line of the roster. hint: a sentence about a file that may be the report after all.
CREATE TABLE missing (
  year INTEGER NOT NULL, line INTEGER NOT NULL, hint TEXT, PRIMARY KEY (year, line)
) WITHOUT ROWID;

-- Several files of one organ and year: one row a file. identical: all have the same text.
CREATE TABLE double (
  key TEXT NOT NULL, year INTEGER NOT NULL, file INTEGER NOT NULL, identical INTEGER NOT NULL,
  PRIMARY KEY (key, year, file)
) WITHOUT ROWID;

-- Reports published after the last day (ISO days).
CREATE TABLE late (file INTEGER PRIMARY KEY, published TEXT NOT NULL, due TEXT NOT NULL);

-- What two reports share. kind: organ, year, double. passages: JSON, both texts with marks.
CREATE TABLE copy (
  here INTEGER NOT NULL, there INTEGER NOT NULL, kind TEXT NOT NULL, characters INTEGER NOT NULL,
  share_here REAL NOT NULL, share_there REAL NOT NULL, passages TEXT NOT NULL, PRIMARY KEY (here, there)
) WITHOUT ROWID;
CREATE INDEX copy_there ON copy (there);

-- Sentences that many organs share. files: JSON, the first of them.
CREATE TABLE common (number INTEGER PRIMARY KEY, text TEXT NOT NULL, organs INTEGER NOT NULL, files TEXT NOT NULL);

-- This year's report against last year's. kind: problem_repeated, plan_unmentioned, same_figure.
CREATE TABLE echo (
  file INTEGER NOT NULL, number INTEGER NOT NULL, earlier INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL,
  text TEXT, place TEXT, earlier_text TEXT NOT NULL, earlier_place TEXT NOT NULL, fingerprint TEXT NOT NULL,
  PRIMARY KEY (file, number)
) WITHOUT ROWID;

-- What reviewers decided; survives a new run. Empty fingerprint: about the rule as a whole.
CREATE TABLE decision (
  path TEXT NOT NULL, rule TEXT NOT NULL, fingerprint TEXT NOT NULL, verb TEXT NOT NULL, outcome TEXT,
  reason TEXT NOT NULL, reviewer TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (path, rule, fingerprint)
) WITHOUT ROWID;
