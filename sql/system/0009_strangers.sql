-- Whoever knows a matricule can try passwords under keys of his own. What he does wrong is counted apart, so that it
-- does not lock the client's own key out.
alter table password_failure add column by_stranger boolean not null default false;
alter table password_failure drop constraint password_failure_pkey;
alter table password_failure add primary key (client, by_stranger);
