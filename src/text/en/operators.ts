/** What the screens of the menu Users say. */
import type { OperatorsTexts } from '../fr/operators.ts';

export const operators: OperatorsTexts = {
  menu: 'Users',
  acts: {
    operators: { name: 'List of users', commands: ['users'], running: '', done: '' },
    'operator-create': { name: 'Create a user', commands: ['create-user'], running: '', done: '' },
    'operator-change': { name: 'Change', commands: ['change-user'], running: '', done: '' },
    'operator-password': { name: 'New password', commands: ['user-password'], running: '', done: '' },
    'operator-suspend': { name: 'Suspend', commands: ['suspend-user'], running: '', done: '' },
  },
  keys: {
    'menu-utilisateurs': { hint: 'Users', help: 'menu Users' },
    'operator-create': { hint: 'create', help: 'create a user' },
    'operator-change': { hint: 'change', help: 'name, certificate, privilege' },
    'operator-password': { hint: 'password', help: 'new password' },
    'operator-suspend': { hint: 'suspend', help: 'suspend the user' },
  },
  places: { operators: 'Users' },

  title: 'Users',
  nothing: 'No user found.',
  noneChosen: 'Choose a user in the list first (:users).',
  named: (userName, name) => `${userName} "${name}"`,
  number: 'number',
  created: 'date',
  name: 'name',
  userName: 'user name',
  certificateName: 'certificate name',
  privilege: 'privilege',
  privileges: ['suspended', 'reads', 'clients and signatories', 'head of centre', 'Superviseur'],
  privilegeLine: (level, words) => `${level}  ${words}`,
  password: 'password',
  again: 'once more',
  personally: 'The person types the password, twice: nothing is shown.',
  made: operator => `User created: ${operator}.`,
  changed: operator => `User saved: ${operator}.`,
  passwordSet: operator => `Password saved: ${operator}.`,
  suspend: operator => `Suspend user ${operator}?`,
  suspending: 'Suspending…',
  suspended: operator => `User suspended: ${operator}.`,
};
