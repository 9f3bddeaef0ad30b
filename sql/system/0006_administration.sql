-- Administration: passwords and search of clients, failed log-ins, signatories, messages to clients.

-- What is searched and sorted by: lower case, no accents, whatever is neither letter nor digit as one blank. Its own
-- function, because the extension unaccent may be missing and is not immutable; "C", so that no locale changes an index.
create function folded(text) returns text language sql immutable strict parallel safe as $$
  select trim(regexp_replace(
    lower(replace(replace(replace(replace(translate(
      regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g'),
      'ØøĐđŁłƁɓƊɗŊŋƐɛƆɔƏəƎǝ', 'ooddllbbddnneeooeeee'), 'Œ', 'oe'), 'œ', 'oe'), 'Æ', 'ae'), 'æ', 'ae') collate "C"),
    '[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g'))
$$;
create function folded_words(text) returns tsvector language sql immutable strict parallel safe as $$
  select array_to_tsvector(string_to_array(public.folded($1), ' '))
$$;
-- Every word of the search is the beginning of a word that is found.
create function search_query(text) returns tsquery language sql immutable strict parallel safe as $$
  select coalesce(string_agg(quote_literal(word) || ':*', ' & '), '')::tsquery
    from unnest(string_to_array(public.folded($1), ' ')) word
$$;

alter table client
  -- scrypt; null: made before there were passwords
  add column password_hash text,
  -- null: still the one that every client begins with
  add column password_changed_at timestamptz,
  add column nom_key text collate "C" not null generated always as (folded(nom)) stored,
  add column ville_key text collate "C" not null generated always as (folded(ville)) stored,
  add column words tsvector not null generated always as (folded_words(
    nom || ' ' || ville || ' ' || matricule::text || ' ' || telephone || ' ' || regexp_replace(telephone, '\D', '', 'g')
  )) stored;
drop index client_nom;
create index client_nom on client (nom_key, matricule);
create index client_ville on client (ville_key, matricule);
create index client_telephone on client (telephone collate "C", matricule);
create index client_status on client (status, matricule);
create index client_created on client (created_at, matricule);
create index client_words on client using gin (words);

alter table operator
  -- As the operator calls it (guide §2.8, "Nom Certificat")
  add column certificate_name text not null default '',
  add column password_changed_at timestamptz not null default now();

-- Failed log-ins by the name that was typed, known or not: an answer must not tell which names exist.
create table login_failure (
  user_name text primary key,
  count     smallint not null,
  last_at   timestamptz not null
);
create index login_failure_age on login_failure (last_at);

-- Persons entitled to sign acts for a client.
create table signatory (
  id          integer generated always as identity primary key,
  client      integer not null references client,
  name        text not null check (name <> ''),
  -- "Officier d'état civil", "Maire", …
  quality     text not null default '',
  certificate bytea references certificate,
  valid_from  date not null,
  -- The last day; null: until further notice
  valid_until date check (valid_until >= valid_from),
  created_at  timestamptz not null default now(),
  name_key    text collate "C" not null generated always as (folded(name)) stored,
  words       tsvector not null generated always as (folded_words(name || ' ' || quality || ' ' || client::text)) stored
);
create index signatory_name on signatory (name_key, id);
create index signatory_client on signatory (client, id);
create index signatory_from on signatory (valid_from, id);
create index signatory_words on signatory using gin (words);

-- Messages of operators to clients; the engine takes them, seals them and puts them into its outbox.
create table outgoing_message (
  id         bigint generated always as identity primary key,
  client     integer not null references client,
  subject    text not null,
  text       text not null,
  -- User name, or os:<account>
  created_by text not null,
  created_at timestamptz not null default now(),
  taken_at   timestamptz
);
create index outgoing_message_waiting on outgoing_message (id) where taken_at is null;
create index outgoing_message_client on outgoing_message (client, id);

create index journal_operator on journal (operator, id);
create index journal_act on journal (act, id);

-- What a new client may write and read; `xmserver setting set` changes it.
insert into setting (name, value) values ('defaultWrites', '["Naissance", "Mariage", "Deces"]'), ('defaultReads', '[]')
on conflict (name) do nothing;
