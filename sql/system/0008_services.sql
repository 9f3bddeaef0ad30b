-- What clients ask for: messages, passwords, certificates; what they are told; what they read and what it costs.

alter table client
  -- scrypt; null: made before there were passwords
  add column if not exists password_hash text,
  -- null: still the one that every client begins with
  add column if not exists password_changed_at timestamptz,
  -- The message that changed it last: carried out again, it has been.
  add column password_message bytea,
  -- Records that it may read in one day; null: no limit
  add column reads_per_day integer check (reads_per_day >= 0);

-- Apart from the client, whose change every engine is told of.
create table password_failure (
  client  integer primary key references client,
  count   smallint not null,
  last_at timestamptz not null
);

create table received_message (
  id          bigint generated always as identity primary key,
  client      integer not null references client,
  -- The same message again is the same one.
  message_id  bytea not null,
  subject     text not null,
  text        text not null,
  received_at timestamptz not null default now(),
  read_at     timestamptz,
  unique (client, message_id)
);
create index received_message_unread on received_message (id) where read_at is null;

create table if not exists outgoing_message (
  id         bigint generated always as identity primary key,
  client     integer not null references client,
  subject    text not null,
  text       text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  taken_at   timestamptz
);

create index if not exists outgoing_message_waiting on outgoing_message (id) where taken_at is null;

create table if not exists notice (
  id         bigint generated always as identity primary key,
  client     integer not null references client,
  kind       text not null check (kind in ('recharge', 'correction')),
  amount     bigint not null,
  balance    bigint not null,
  created_at timestamptz not null default clock_timestamp(),
  taken_at   timestamptz
);
create index if not exists notice_waiting on notice (id) where taken_at is null;

-- Of a request that came as an SDC: the message that it came with, and when its answer was handed on.
alter table certificate_request
  add column message_id bytea,
  add column answered_at timestamptz;
create index certificate_request_due on certificate_request (id)
  where decision is not null and message_id is not null and answered_at is null;

create function letter_waits() returns trigger language plpgsql as $$
begin
  perform pg_notify('xms_letter', '');
  return null;
end $$;
create trigger outgoing_message_waits after insert on outgoing_message
  for each statement execute function letter_waits();
create trigger notice_waits after insert on notice for each statement execute function letter_waits();
create trigger certificate_request_decided after update of decision on certificate_request
  for each statement execute function letter_waits();

alter table tariff add column if not exists valid_from timestamptz not null default '-infinity';
insert into tariff (service) values ('IMPORT'), ('CERTIFY') on conflict do nothing;

alter table movement
  add column if not exists bytes integer,
  -- Acts that were charged: records filed, or read.
  add column records integer not null default 1;

-- Records of the centre that a client has read.
create table reading (
  client integer not null references client,
  day    date not null,
  count  integer not null,
  primary key (client, day)
);
