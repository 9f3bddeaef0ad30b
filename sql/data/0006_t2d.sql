-- Clients who brought messages as files (T2D): a broker that they never connect to would take what is meant for them, so
-- what was sent to them since goes as files, too.
create table xms.carried (
  client integer primary key,
  -- When a file came last.
  at     timestamptz not null default now(),
  -- What was sent later than this (xms.sent.id) goes into files.
  since  bigint not null
);
