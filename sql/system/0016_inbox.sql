-- What clients write: what nobody has read first; consoles are told when something comes, and when it was read.

create index received_message_order on received_message (((read_at is null)::integer), id);

create function inbox_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('xms_inbox', '');
  return null;
end $$;
create trigger received_message_came after insert or update of read_at on received_message
  for each row execute function inbox_changed();
