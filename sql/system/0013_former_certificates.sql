-- A certificate that travels with a signature must be one that was registered: of a key that was certified again, those
-- before it too, for what was sealed under them may still be on its way. DER, one after another.
alter table certificate add column former bytea not null default '';
