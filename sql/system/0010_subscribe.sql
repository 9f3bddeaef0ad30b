-- "MQTT Subscribe" is a command to engines, too.

alter table command drop constraint command_verb_check;
alter table command add check (verb in ('pause', 'resume', 'cycle', 'subscribe', 'stop'));
