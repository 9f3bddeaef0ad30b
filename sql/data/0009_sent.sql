-- What was sent is found as what came in is. By client: one entry for each SDC, as xms.inbox has one for each message; no
-- other index leads from a client to what was sealed for it. How often: by the entry, whose numbers grow, so that what is
-- sent goes to the end of the index, which is in memory.
create index outbox_client on xms.outbox (client, id);
create index sent_outbox on xms.sent (outbox);

-- Which SDC a letter became: by its key XMServerSystem knows what is in it.
alter table xms.letter add column outbox bigint;
create index letter_outbox on xms.letter (outbox) where outbox is not null;

-- What a message of one record did to a record that was there; null: nothing, or it is a message of several.
alter table xms.inbox add column act text check (act in ('changed', 'cancelled'));
create index inbox_act on xms.inbox (id) where act is not null;
