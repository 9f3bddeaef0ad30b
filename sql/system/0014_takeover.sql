-- A dead engine's row stays until what waits for it is taken over: whoever has begun with that may fail, or die as well.

-- Whoever has taken it has it until then; null: it lives, or nobody has found it dead yet.
alter table engine add column taken_until timestamptz;
