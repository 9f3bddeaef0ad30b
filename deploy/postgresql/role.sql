-- The role of engines and consoles, and the two databases that it owns: all that `xmserver init` needs. Run once, by a
-- superuser: psql -f role.sql postgres. The password then: \password xmserver.
-- It creates no databases, no roles, and reads nothing of the cluster's others.
create role xmserver login;
-- What clients' queries run as: the role above lets it read the form tables, and nothing else.
create role xmserver_reader nologin;
grant xmserver_reader to xmserver;
create database "XMServerSystem" owner xmserver encoding 'UTF8' template template0;
create database "XMServerData" owner xmserver encoding 'UTF8' template template0;
-- By default every role may connect to every database.
revoke all on database "XMServerSystem" from public;
revoke all on database "XMServerData" from public;
