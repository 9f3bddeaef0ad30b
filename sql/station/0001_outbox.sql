-- What a station keeps beside its forms: every SDC until its receipt, and the receipt as proof.

create schema xms;

create table xms.kept (
  message_id    bytea primary key,
  table_name    text not null,
  numero        bigint not null,
  sdc           bytea not null,
  -- The first 8 bytes of SHA-256 over the SDC: how the server names one that it could not open.
  sdc_hash      bytea not null,
  digest        bytea not null,
  sealed_at     timestamptz not null default now(),
  attempts      integer not null default 0,
  sent_at       timestamptz,
  outcome       text check (outcome in ('filed', 'refused')),
  outcome_at    timestamptz,
  reason        jsonb,
  server_numero bigint,
  -- The SignedData of the server's receipt.
  receipt       bytea
);
create index kept_waiting on xms.kept (sealed_at) where outcome is null;
create index kept_refused on xms.kept (sealed_at) where outcome = 'refused';
create index kept_hash on xms.kept (sdc_hash);
create index kept_record on xms.kept (table_name, numero);
