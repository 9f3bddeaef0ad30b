-- Accounts: a ledger of movements; the balance is kept with it in the same transaction.
-- Amounts are whole numbers of the smallest unit of the currency.

create table account (
  client  integer primary key references client,
  balance bigint not null default 0
);

create table movement (
  id         bigint generated always as identity primary key,
  client     integer not null references client,
  at         timestamptz not null default now(),
  kind       text not null check (kind in ('recharge', 'charge', 'correction')),
  service    text,
  -- The message that is charged; none for what an operator does.
  message_id bytea,
  amount     bigint not null
);
create index movement_client on movement (client, id);
-- Charging a message twice is charging it once.
create unique index movement_message on movement (client, message_id) where kind = 'charge';

create function movement_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'a movement is never changed: write a correction';
end $$;
create trigger movement_final before update or delete or truncate on movement
  for each statement execute function movement_is_final();

create table tariff (
  service  text primary key,
  per_act  bigint not null default 0 check (per_act >= 0),
  per_kilobyte bigint not null default 0 check (per_kilobyte >= 0)
);
insert into tariff (service) values ('EXPORT');
