-- What XMServer keeps beside the documents: attempts, provenance, receipts, answers, what is to be billed.

create schema xms;

-- One row for each attempt of a message to get in.
create table xms.inbox (
  id         bigint generated always as identity primary key,
  at         timestamptz not null,
  client     integer,
  message_id bytea,
  service    text,
  table_name text,
  outcome    text not null check (outcome in ('filed', 'duplicate', 'refused')),
  numero     bigint,
  reason     jsonb,
  size       integer not null,
  topic      text not null,
  -- The SDC as it came, of what was refused: it can be looked at, and tried again.
  sdc        bytea,
  -- Tried again then, which is an attempt of its own.
  retried_at timestamptz
);
create index inbox_client on xms.inbox (client, id);
create index inbox_refused on xms.inbox (id) where outcome = 'refused' and retried_at is null;

-- Where a record came from, and the proof: the SignedData that the client signed.
create table xms.provenance (
  client       integer not null,
  message_id   bytea not null,
  table_name   text not null,
  numero       bigint not null,
  numero_there bigint not null,
  -- SHA-256 of the payload, and of table and record alone: the second is equal when a record is sent as a new message.
  digest       bytea not null,
  content      bytea not null,
  signed       bytea not null,
  filed_at     timestamptz not null default now(),
  primary key (client, message_id)
);
create index provenance_record on xms.provenance (client, table_name, numero_there);
create index provenance_numero on xms.provenance (table_name, numero);

-- Sealed messages to clients. They stay after they were sent: a repeat is the same bytes.
create table xms.outbox (
  id         bigint generated always as identity primary key,
  client     integer not null,
  sdc        bytea not null,
  -- Receipts inside.
  count      integer not null,
  created_at timestamptz not null default now(),
  -- Whoever has taken the entry to send it holds it until then.
  leased_until timestamptz,
  sent_at    timestamptz
-- Each row is changed a few times and then rests: waiting for a fifth of the table would leave the indexes of what
-- waits full of what does not any more.
) with (autovacuum_vacuum_scale_factor = 0.02);
create index outbox_waiting on xms.outbox (id) where sent_at is null;
create index outbox_sent on xms.outbox (sent_at) where sent_at is not null;

create table xms.receipt (
  id         bigint generated always as identity primary key,
  client     integer not null,
  about      bytea not null,
  outcome    text not null check (outcome in ('filed', 'refused')),
  numero     bigint,
  reason     jsonb,
  digest     bytea,
  created_at timestamptz not null default now(),
  -- Later than its creation where it could not be sealed then.
  due_at     timestamptz not null default now(),
  outbox     bigint references xms.outbox
) with (autovacuum_vacuum_scale_factor = 0.02);
create index receipt_due on xms.receipt (due_at, id) where outbox is null;
create index receipt_about on xms.receipt (client, about) where outcome = 'filed';
create index receipt_outbox on xms.receipt (outbox);

-- Filed and not charged yet: XMServerSystem is another database, so the charge follows and then the row goes.
create table xms.unbilled (
  client     integer not null,
  message_id bytea not null,
  service    text not null,
  size       integer not null,
  primary key (client, message_id)
);

create table xms.daily (
  day      date primary key,
  received bigint not null default 0,
  filed    bigint not null default 0,
  refused  bigint not null default 0,
  sent     bigint not null default 0
);
