-- What people say about their presence, out of the journal: one row for each who says something.
CREATE TABLE status_messages (
  tenant TEXT NOT NULL,
  user TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, user)
) STRICT, WITHOUT ROWID;
