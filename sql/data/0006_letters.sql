-- Letters of which nothing is left to repeat are let go, the oldest first.
create index letter_posted on xms.letter (posted_at);
