-- What makes a client, or a message to it, one however often it is sent; null: made without.

alter table client add column reference text;
create unique index client_reference on client (reference) where reference is not null;
alter table outgoing_message add column reference text;
create unique index outgoing_message_reference on outgoing_message (reference) where reference is not null;
