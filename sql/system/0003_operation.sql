-- Settings, brokers, engines, commands to them, and the journal of what operators and the system did.

create table setting (
  name  text primary key,
  value jsonb not null
);

create table broker (
  id        integer generated always as identity primary key,
  url       text not null unique,
  user_name text,
  password  text,
  selected  boolean not null default false
);
create unique index broker_selected on broker (selected) where selected;

create table engine (
  id      text primary key,
  status  jsonb not null,
  seen_at timestamptz not null default now()
);

create table command (
  id         bigint generated always as identity primary key,
  -- null: all engines
  engine     text,
  verb       text not null check (verb in ('pause', 'resume', 'cycle', 'stop')),
  operator   integer references operator,
  created_at timestamptz not null default now()
);
create function command_given() returns trigger language plpgsql as $$
begin
  perform pg_notify('xms_command', json_build_object('id', new.id, 'engine', new.engine, 'verb', new.verb)::text);
  return null;
end $$;
create trigger command_given after insert on command for each row execute function command_given();

-- Each row holds the hash of the one before: a row that is changed or taken out breaks the chain.
create table journal (
  id       bigint primary key,
  at       timestamptz not null default clock_timestamp(),
  operator text,
  act      text not null,
  detail   jsonb not null default '{}',
  hash     bytea not null
);
create function journal_chain() returns trigger language plpgsql as $$
declare
  previous record;
begin
  -- One writer at a time, or two rows would name the same predecessor. Numbered here and not by a sequence, which would
  -- number in another order than the one that is chained.
  perform pg_advisory_xact_lock(hashtextextended('xms_journal', 0));
  select id, hash into previous from journal order by id desc limit 1;
  new.id := coalesce(previous.id, 0) + 1;
  new.hash := journal_hash(previous.hash, new);
  return new;
end $$;
create function journal_hash(previous bytea, entry journal) returns bytea language sql stable as $$
  select sha256(coalesce(previous, ''::bytea) || convert_to(
    jsonb_build_array(entry.id, extract(epoch from entry.at), entry.operator, entry.act, entry.detail)::text, 'UTF8'))
$$;
create trigger journal_chain before insert on journal for each row execute function journal_chain();

create function journal_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is only ever added to';
end $$;
create trigger journal_final before update or delete or truncate on journal
  for each statement execute function journal_is_final();
