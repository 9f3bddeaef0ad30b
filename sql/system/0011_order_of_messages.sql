-- As in XMServerData: charges by the message id first, which begins with the time.
drop index movement_message;
create unique index movement_message on movement (message_id, client, index) where kind = 'charge';
