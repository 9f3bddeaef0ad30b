-- What is kept about messages is found by the message id first: the ids of stations begin with the time, so that what
-- comes in goes to the end of the index, which is in memory, however large it has grown and whichever client sends.
alter table xms.provenance
  drop constraint provenance_pkey,
  add primary key (message_id, client, index);
alter table xms.answer
  drop constraint answer_pkey,
  add primary key (about, client, outbox);
alter table xms.request
  drop constraint request_pkey,
  add primary key (message_id, client);
