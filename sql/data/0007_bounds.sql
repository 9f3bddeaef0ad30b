-- What clients cause does not grow without end: letters of which nothing is left to repeat are let go, the oldest first;
-- of the questions that wait each client has so many.
create index letter_posted on xms.letter (posted_at);
create index request_waiting on xms.request (client) where answered_at is null;
