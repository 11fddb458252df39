-- A customer's history is read by customer, newest first: when a conversation was over stands beside whose it was.
ALTER TABLE conversations ADD COLUMN ended_at INTEGER;
UPDATE conversations SET ended_at = (
  SELECT r.ended_at FROM records AS r WHERE r.tenant = conversations.tenant AND r.conversation = conversations.conversation)
WHERE over = 1;
DROP INDEX conversations_of;
CREATE INDEX conversations_of ON conversations (tenant, customer, ended_at, conversation);
