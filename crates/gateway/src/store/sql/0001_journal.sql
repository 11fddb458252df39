-- Who writes a tenant's journal. Each opening raises the epoch; a writer with another one is refused.
CREATE TABLE leases (
  tenant TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The facts, in order. The position is unique, so that two writers can't both be right.
CREATE TABLE journal (
  tenant TEXT NOT NULL,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (tenant, position)
) STRICT, WITHOUT ROWID;

-- The newest state of each tenant, with the position up to which it holds the facts.
CREATE TABLE snapshots (
  tenant TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;

CREATE TABLE messages (
  tenant TEXT NOT NULL,
  conversation TEXT NOT NULL,
  number INTEGER NOT NULL,
  internal INTEGER NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (tenant, conversation, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
  tenant TEXT NOT NULL,
  conversation TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (tenant, conversation)
) STRICT, WITHOUT ROWID;

-- One row, written again and again to see whether writing works.
CREATE TABLE probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  n INTEGER NOT NULL
) STRICT;
