#!/bin/sh
# Accounts of the broker, while it runs, as a user who may call rabbitmqctl:
#
#   account.sh server NAME          the account of the engines
#   account.sh client MATRICULE     the account of an office
#   account.sh remove NAME
#
# Writes the password, which is made here, and nothing else.
set -eu

usage() {
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# account CLIENT-ID SENDS RECEIVES, by regular expressions, topics as routing keys. A subscription is a queue with the
# client id in its name: an account that may touch no other queue can take nobody else's.
account() {
  password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
  queue="mqtt-subscription-$1qos1"
  rabbitmqctl --quiet import_definitions >&2 <<JSON
{
  "users": [{ "name": "$name", "password": "$password", "tags": [] }],
  "permissions": [{
    "user": "$name", "vhost": "/",
    "configure": "^$queue\$", "write": "^($queue|amq\\\\.topic)\$", "read": "^($queue|amq\\\\.topic)\$"
  }],
  "topic_permissions": [{
    "user": "$name", "vhost": "/", "exchange": "amq.topic", "write": "^$2\$", "read": "^$3\$"
  }]
}
JSON
  printf '%s\n' "$password"
}

[ $# = 2 ] || usage
name=$2
case $name in '' | *[!A-Za-z0-9_-]*) usage ;; esac

case $1 in
server)
  # Any client id of ours: with MQTT 3.1.1 the engines take turns as xms-server, with MQTT 5 each has its own.
  account 'xms-[A-Za-z0-9_-]+' 'xms\\.d\\.[0-9]+' 'xms\\.u\\.(\\*|[0-9]+)'
  ;;
client)
  case $name in 0* | *[!0-9]* | ??????????*) usage ;; esac
  account "xms-$name" "xms\\\\.u\\\\.$name" "xms\\\\.d\\\\.$name"
  ;;
remove) rabbitmqctl --quiet delete_user "$name" ;;
*) usage ;;
esac
