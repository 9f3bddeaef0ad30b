-- Records that came from the centre, what the office itself has written, and what became of answers.

-- Which row of ours a record of the centre is: it lands once, and is never sent back.
create table xms.imported (
  table_name    text not null,
  -- Its Numero at the centre, and here.
  server_numero bigint not null,
  numero        bigint not null,
  imported_at   timestamptz not null default now(),
  primary key (table_name, server_numero)
);
create unique index imported_record on xms.imported (table_name, numero);
-- What this office has filed is a record of the centre, too.
create index kept_filed on xms.kept (table_name, server_numero) where outcome = 'filed';

alter table xms.asked
  -- Of a MESSAGE: what it says, for its SDC is the centre's to open.
  add column note jsonb,
  -- Of an ENROL: the centre has it, and an operator decides.
  add column pending_at timestamptz,
  -- Of what is asked: the same again waits for this answer, and is not asked (and paid) twice.
  add column question_hash bytea,
  -- The answer has done what it came for: it was told, its records have landed, the certificate is in its place.
  add column taken_at timestamptz;
create index asked_same on xms.asked (question_hash) where taken_at is null;
create index asked_answered on xms.asked (answered_at) where answered_at is not null;
create index received_unasked on xms.received (received_at) where about is null;
