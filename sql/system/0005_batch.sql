-- Several records in one message: who may send them, and each of them charged by itself.

alter table client add column batch boolean not null default false;

-- Place of the record in the message that is charged, from 0.
alter table movement add column index smallint not null default 0;
drop index movement_message;
create unique index movement_message on movement (client, message_id, index) where kind = 'charge';

-- Instead of a foreign key, which asks and locks once for each row: each statement locks the accounts of all its rows
-- once. An account is of a client, and neither can go while movements name it.
alter table movement drop constraint movement_client_fkey;
create function movement_has_account() returns trigger language plpgsql as $$
begin
  perform from account where client in (select client from written) order by client for key share;
  if exists (select from written w where not exists (select from account a where a.client = w.client)) then
    raise foreign_key_violation using message = 'a movement of a client without an account';
  end if;
  return null;
end $$;
create trigger movement_account after insert on movement referencing new table as written
  for each statement execute function movement_has_account();

create function account_has_movements() returns trigger language plpgsql as $$
begin
  if exists (select from movement where client = old.client) then
    raise foreign_key_violation using message = 'an account with movements stays';
  end if;
  return old;
end $$;
create trigger account_stays before delete on account
  for each row execute function account_has_movements();
create trigger account_keeps_client before update of client on account
  for each row when (old.client <> new.client) execute function account_has_movements();
create function account_is_not_truncated() returns trigger language plpgsql as $$
begin
  raise exception 'accounts with movements stay';
end $$;
create trigger account_not_truncated before truncate on account
  for each statement execute function account_is_not_truncated();
