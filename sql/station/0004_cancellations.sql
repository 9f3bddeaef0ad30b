-- What tells the centre that its record is cancelled: such a row stays at Status 0, and is told once.

alter table xms.kept add column cancels boolean not null default false;
