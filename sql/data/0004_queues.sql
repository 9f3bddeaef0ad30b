-- Several records in one message; questions; and queues apart from what they are about: a row that rests is written
-- once, a row that waits is narrow and goes when its turn has come.

alter table xms.provenance
  -- Place of the record in its message, from 0.
  add column index smallint not null default 0,
  drop constraint provenance_pkey,
  add primary key (client, message_id, index),
  -- Once for each message: null where another of its records has it.
  alter column signed drop not null;

alter table xms.inbox
  drop constraint inbox_outcome_check,
  add constraint inbox_outcome_check
    check (outcome in ('filed', 'partly', 'duplicate', 'refused', 'asked', 'repeated')),
  -- Of a message with several records: how many became what, and why, by their place in it.
  add column filed smallint,
  add column refused smallint,
  add column reasons jsonb;
drop index xms.inbox_refused;
create index inbox_refused on xms.inbox (id) where outcome in ('refused', 'partly') and retried_at is null;

alter table xms.unbilled
  add column index smallint not null default 0,
  -- Acts that are charged.
  add column records integer not null default 1,
  drop constraint unbilled_pkey,
  add primary key (client, message_id, index);

-- Receipts that wait to be sealed.
create table xms.due (
  id       bigint generated always as identity,
  client   integer not null,
  about    bytea not null,
  -- Of each record: the Numero of a filed one as text, the reason of a refused one as an object.
  outcomes jsonb not null,
  -- SHA-256 of the payload; null: nothing was filed.
  digest   bytea,
  -- Later than its creation where it could not be sealed then.
  due_at   timestamptz not null default now(),
  primary key (due_at, id)
) with (autovacuum_vacuum_scale_factor = 0.02);
create index due_about on xms.due (client, about) where digest is not null;

-- Which SDCs answered a message of which something was filed, or a question: a repeat gets them again.
create table xms.answer (
  client integer not null,
  about  bytea not null,
  outbox bigint not null,
  primary key (client, about, outbox)
);
create index answer_outbox on xms.answer (outbox);

-- SDCs that wait to be sent.
create table xms.outgoing (
  outbox bigint primary key,
  -- Whoever has taken the entry to send it holds it until then.
  leased_until timestamptz
) with (autovacuum_vacuum_scale_factor = 0.02);

-- Each time that an SDC was sent.
create table xms.sent (
  id     bigint generated always as identity primary key,
  outbox bigint not null,
  at     timestamptz not null default now()
);

-- Questions: asked once, whatever the network repeats; answered after the commit that took them in.
create table xms.request (
  client       integer not null,
  message_id   bytea not null,
  -- SHA-256 of the payload.
  digest       bytea not null,
  service      text not null,
  at           timestamptz not null,
  sdc          bytea not null,
  -- Whoever has taken it to answer it holds it until then.
  leased_until timestamptz,
  answered_at  timestamptz,
  primary key (client, message_id)
);
create index request_open on xms.request (at) where answered_at is null;
create index request_answered on xms.request (answered_at) where answered_at is not null;

insert into xms.due (client, about, outcomes, digest, due_at)
  select client, about, jsonb_build_array(case outcome when 'filed' then to_jsonb(numero::text) else reason end), digest,
         due_at
    from xms.receipt where outbox is null order by id;
insert into xms.answer (client, about, outbox)
  select distinct client, about, outbox from xms.receipt where outbox is not null and outcome = 'filed';
insert into xms.outgoing (outbox, leased_until) select id, leased_until from xms.outbox where sent_at is null;
insert into xms.sent (outbox, at) select id, sent_at from xms.outbox where sent_at is not null order by sent_at, id;

drop table xms.receipt;
alter table xms.outbox drop column leased_until, drop column sent_at, reset (autovacuum_vacuum_scale_factor);
