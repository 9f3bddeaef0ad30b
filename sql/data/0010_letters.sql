-- A letter goes out once more when its client is heard from after it was sent: a broker acknowledges also what it has
-- nobody to keep for, and no receipt tells of letters. Those of before have gone the way that they had: a default that
-- is dropped again marks them without writing each.
alter table xms.letter
  add column client integer,
  add column repeated_at timestamptz default now();
alter table xms.letter alter column repeated_at drop default;
create index letter_unheard on xms.letter (client, posted_at) where repeated_at is null and outbox is not null;
