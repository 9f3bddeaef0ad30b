-- Several records in one message; questions until their answers, and what the server sends.

-- Of several records in one message each has a row; the first keeps what is the message's.
alter table xms.kept
  add column index smallint not null default 0,
  drop constraint kept_pkey,
  add primary key (message_id, index),
  alter column sdc drop not null,
  alter column sdc_hash drop not null,
  alter column digest drop not null,
  add constraint kept_message check ((index = 0) = (num_nonnulls(sdc, sdc_hash, digest) = 3)),
  -- renewed: refused, and then sealed anew in another message.
  drop constraint kept_outcome_check,
  add constraint kept_outcome_check check (outcome in ('filed', 'refused', 'renewed'));

create table xms.asked (
  message_id  bytea primary key,
  service     text not null,
  sdc         bytea not null,
  sdc_hash    bytea not null,
  asked_at    timestamptz not null default now(),
  attempts    integer not null default 0,
  sent_at     timestamptz,
  answered_at timestamptz,
  -- What a receipt says of it; null where it was answered by messages.
  outcome     jsonb
);
create index asked_waiting on xms.asked (asked_at) where answered_at is null;
create index asked_hash on xms.asked (sdc_hash);

create table xms.received (
  message_id  bytea primary key,
  service     text not null,
  -- The question; null: the server sent it by itself.
  about       bytea,
  part        integer not null,
  is_last     boolean not null,
  -- The SignedData: the message, and proof of it.
  signed      bytea not null,
  received_at timestamptz not null
);
create index received_about on xms.received (about, part);
