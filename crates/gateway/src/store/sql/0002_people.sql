-- What customers are called and brought along, out of the journal: erasing a person is deleting rows.

-- One row for each conversation. It is read at a start until it is over, and then kept as messages are.
CREATE TABLE conversations (
  tenant TEXT NOT NULL,
  conversation TEXT NOT NULL,
  customer TEXT NOT NULL,
  over INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_conversations ON conversations (tenant) WHERE over = 0;
CREATE INDEX conversations_of ON conversations (tenant, customer);

-- One row for each open session of a customer.
CREATE TABLE sessions (
  tenant TEXT NOT NULL,
  session TEXT NOT NULL,
  user TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (tenant, session)
) STRICT, WITHOUT ROWID;

-- Gateways before this step had all of it in snapshots and in the journal after them.
INSERT OR REPLACE INTO conversations
SELECT s.tenant, c.key, p.value ->> '$.userId', 0, json_object(
         'conversationId', c.key, 'customer', p.value ->> '$.userId', 'name', coalesce(p.value ->> '$.name', ''),
         'subject', c.value ->> '$.subject', 'attributes', json(coalesce(c.value -> '$.attributes', '{}')))
FROM snapshots AS s, json_each(s.state, '$.switchboard.exchange.conversations') AS c,
     json_each(c.value, '$.participants') AS p
WHERE p.value ->> '$.role' = 'customer';

INSERT OR REPLACE INTO conversations
SELECT j.tenant, e.value ->> '$.conversationId', e.value ->> '$.who.userId', 0, json_object(
         'conversationId', e.value ->> '$.conversationId', 'customer', e.value ->> '$.who.userId',
         'name', coalesce(e.value ->> '$.who.name', ''),
         'subject', e.value ->> '$.subject', 'attributes', json(coalesce(e.value -> '$.attributes', '{}')))
FROM journal AS j, json_each(j.entry, '$.events') AS e
WHERE e.value ->> '$.type' = 'conversationStarted';

UPDATE conversations SET over = 1 WHERE EXISTS (
  SELECT 1 FROM records AS r WHERE r.tenant = conversations.tenant AND r.conversation = conversations.conversation);

INSERT OR REPLACE INTO sessions
SELECT s.tenant, c.key, c.value ->> '$.who.userId', json_object(
         'session', c.key, 'user', c.value ->> '$.who.userId', 'name', coalesce(c.value ->> '$.who.name', ''))
FROM snapshots AS s, json_each(s.state, '$.switchboard.exchange.sessions') AS c
WHERE c.value ->> '$.who.role' = 'customer';

INSERT OR REPLACE INTO sessions
SELECT j.tenant, e.value ->> '$.session', e.value ->> '$.who.userId', json_object(
         'session', e.value ->> '$.session', 'user', e.value ->> '$.who.userId', 'name', coalesce(e.value ->> '$.who.name', ''))
FROM journal AS j, json_each(j.entry, '$.events') AS e
WHERE e.value ->> '$.type' = 'sessionOpened' AND e.value ->> '$.who.role' = 'customer';

DELETE FROM sessions WHERE EXISTS (
  SELECT 1 FROM journal AS j, json_each(j.entry, '$.events') AS e
  WHERE j.tenant = sessions.tenant AND e.value ->> '$.type' = 'sessionClosed' AND e.value ->> '$.session' = sessions.session);
