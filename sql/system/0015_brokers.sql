-- How a broker is spoken to, the same for every engine and console. Certificates are public, and stand here for all of
-- them; a private key never does: client_key names its file in secrets/ of each machine.

alter table broker
  -- null: MQTT 5 where the broker speaks it, else 3.1.1
  add column mqtt_version text check (mqtt_version in ('5', '3.1.1')),
  add column keep_alive_s integer not null default 60 check (keep_alive_s between 10 and 1200),
  -- null: the system's authorities and our own
  add column authority text,
  add column client_certificate text,
  add column client_key text check (client_key ~ '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$'),
  add check ((client_certificate is null) = (client_key is null));
