-- Certificates: what each is for and why it was withdrawn; requests that wait; authorities from outside; revocation lists.

alter table certificate
  add column role text not null default 'station'
    check (role in ('server', 'station', 'operator', 'signatory')),
  -- As it is shown; of certificates that belong to no client it also tells which one succeeds which.
  add column subject text,
  -- CRLReason by name (RFC 5280 §5.3.1)
  add column revocation_reason text,
  add constraint certificate_revocation check (revocation_reason is null or revoked_at is not null);
create index certificate_end on certificate (not_after, key_id);
create index certificate_revoked on certificate (not_after) where revoked_at is not null;

create table certificate_request (
  id          integer generated always as identity primary key,
  client      integer not null references client,
  -- The same request again is the same one.
  key_id      bytea not null unique check (length(key_id) = 8),
  der         bytea not null,
  -- What client and operator read to each other
  fingerprint text not null,
  received_at timestamptz not null default now(),
  decision    text check (decision in ('accepted', 'refused')),
  decided_at  timestamptz,
  reason      text,
  check ((decision is null) = (decided_at is null))
);
create index certificate_request_waiting on certificate_request (id) where decision is null;

create table trusted_authority (
  -- SHA-256 of the DER certificate
  fingerprint bytea primary key check (length(fingerprint) = 32),
  der         bytea not null,
  -- False: stands between, and is believed only under one that is trusted.
  anchor      boolean not null,
  added_at    timestamptz not null default now()
);

-- The newest list of each authority, ours among them.
create table revocation_list (
  -- Key id of the authority
  authority   bytea primary key check (length(authority) = 8),
  der         bytea not null,
  this_update timestamptz not null,
  next_update timestamptz not null
);
create sequence revocation_list_number;
