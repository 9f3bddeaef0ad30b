-- Recharges and corrections with their reason, tariffs with a history, invoices, notices to clients.

alter table movement
  -- What the charge was for: bytes of the SDC.
  add column bytes integer,
  -- Of a recharge the number of the payment's receipt, of a correction the id of the act: twice is once.
  add column reference text,
  add column reason text,
  -- Who, as the journal has it; none: the system.
  add column operator text,
  -- When it is written, under the lock of its account: the order of a client's movements is that of their moments.
  alter column at set default clock_timestamp(),
  -- Not of the rows that are there already.
  add constraint movement_recharge check (kind <> 'recharge' or (amount > 0 and reference is not null)) not valid,
  add constraint movement_correction
    check (kind <> 'correction' or (amount <> 0 and reference is not null and coalesce(reason, '') <> '')) not valid;
create unique index movement_reference on movement (kind, reference) where reference is not null;

-- In force is the newest that has begun; what was charged before keeps what it was charged.
alter table tariff drop constraint tariff_pkey;
alter table tariff add column valid_from timestamptz not null default '-infinity';
alter table tariff add primary key (service, valid_from);

create table invoice (
  -- Without gaps: given under the table's lock, and not by a sequence, which loses numbers.
  number         integer primary key check (number > 0),
  client         integer not null references client,
  first_day      date not null,
  last_day       date not null,
  created_at     timestamptz not null default clock_timestamp(),
  operator       text,
  -- As they were then.
  issuer         text not null,
  nom            text not null,
  ville          text not null,
  currency       text not null,
  decimals       smallint not null,
  -- balance_before + recharged + corrected - total = balance_after
  balance_before bigint not null,
  recharged      bigint not null,
  corrected      bigint not null,
  total          bigint not null,
  balance_after  bigint not null,
  check (first_day <= last_day),
  check (balance_before + recharged + corrected - total = balance_after)
);
create index invoice_client on invoice (client, last_day);

create table invoice_line (
  invoice integer not null references invoice,
  day     date not null,
  service text not null,
  count   integer not null check (count > 0),
  bytes   bigint not null,
  amount  bigint not null,
  primary key (invoice, day, service)
);

create function invoice_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'an invoice is never changed: write a correction';
end $$;
create trigger invoice_final before update or delete or truncate on invoice
  for each statement execute function invoice_is_final();
create trigger invoice_line_final before update or delete or truncate on invoice_line
  for each statement execute function invoice_is_final();

-- What clients are to be told of their account; the engine seals and sends it.
create table notice (
  id         bigint generated always as identity primary key,
  client     integer not null references client,
  kind       text not null check (kind in ('recharge', 'correction')),
  amount     bigint not null,
  -- After it
  balance    bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  taken_at   timestamptz
);
create index notice_waiting on notice (id) where taken_at is null;
