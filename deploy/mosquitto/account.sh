#!/bin/sh
# Accounts of the broker, while it runs:
#
#   account.sh server NAME          the account of the engines: all of them use the same one
#   account.sh client MATRICULE     the account of an office
#   account.sh password NAME        a new password
#   account.sh remove NAME          disconnected, and gone
#
# Writes the password, which is made here, and nothing else. The connection of the broker's administrator stands in
# ~/.config/mosquitto_ctrl (README.md of this folder).
set -eu

usage() {
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# mosquitto_ctrl 2.0 ends with 0 when the broker says no, too.
ctrl() {
  if ! answer=$(mosquitto_ctrl dynsec "$@" 2>&1) || [ "${answer#*rror: }" != "$answer" ]; then
    printf '%s\n' "$answer" >&2
    exit 1
  fi
}

# By standard input, where `ps` does not show it; mosquitto_ctrl asks for it twice.
ctrl_with_password() {
  ctrl "$@" <<PASSWORD
$password
$password
PASSWORD
}

# allow ROLE SENDS RECEIVES SUBSCRIPTION…: what is not named is denied.
allow() {
  role=$1
  ctrl createRole "$role"
  ctrl addRoleACL "$role" publishClientSend "$2" allow
  ctrl addRoleACL "$role" publishClientReceive "$3" allow
  shift 3
  for filter; do ctrl addRoleACL "$role" subscribeLiteral "$filter" allow; done
  ctrl addClientRole "$role" "$role"
}

[ $# = 2 ] || usage
name=$2
case $name in '' | *[!A-Za-z0-9_.-]*) usage ;; esac
password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')

case $1 in
server)
  ctrl_with_password createClient "$name"
  # Both, because engines share where the broker and the protocol allow it.
  allow "$name" 'xms/d/+' 'xms/u/+' 'xms/u/+' '$share/xms/xms/u/+'
  ;;
client)
  case $name in 0* | *[!0-9]* | ??????????*) usage ;; esac
  # With its own client id and no other: whoever comes with a client id is given the session that waits for it.
  ctrl_with_password createClient "$name" -c "xms-$name"
  allow "$name" "xms/u/$name" "xms/d/$name" "xms/d/$name"
  ;;
password)
  ctrl_with_password setClientPassword "$name"
  ;;
remove)
  ctrl deleteClient "$name"
  ctrl deleteRole "$name"
  exit
  ;;
*) usage ;;
esac
printf '%s\n' "$password"
