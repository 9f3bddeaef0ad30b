/** What the connection to PostgreSQL and the first-use wizard say. */
import type { ConnexionTexts, SetupTexts } from '../fr/setup.ts';

export const connexion: ConnexionTexts = {
  title: 'Connection to PostgreSQL',
  host: 'host',
  port: 'port',
  user: 'user',
  password: 'password',
  sslmode: 'TLS',
  ca: 'authority',
  portWrong: 'A number from 1 to 65535.',
  passwordKept: 'empty: the password that is kept stays',
  passwordHint: 'empty: no password, or that of PGPASSWORD',
  caHint: 'PEM file of who vouches for the server; empty: the system’s',
  sslmodes: {
    '': 'as PGSSLMODE says; without it, not encrypted',
    disable: 'not encrypted',
    require: 'encrypted, server not checked',
    'verify-ca': 'encrypted, authority checked',
    'verify-full': 'encrypted, authority and server name checked',
  },
  notes: [
    'The databases XMServerSystem and XMServerData are created there, or upgraded.',
    'Only a connection that has succeeded is kept.',
  ],
  kept: 'Connection kept.',
  notAsked: 'Nothing to give: PostgreSQL is embedded, or the console only looks.',
};

export const setup: SetupTexts = {
  acts: { setup: { name: 'First use', commands: ['setup'], running: '', done: '' } },
  keys: {
    connexion: { hint: 'connection', help: 'give another connection to PostgreSQL' },
    'setup-next': { hint: 'go on', help: 'do the step that comes; at the end, the Monitor' },
    'setup-skip': { hint: 'skip', help: 'skip the step that comes' },
    'setup-test': { hint: 'test the broker', help: 'test the broker that is chosen' },
  },
  places: { setup: 'First use' },

  title: 'First use',
  complete: 'First use: all is in place',
  incomplete: 'First use: the rest later',
  step: (number, what) => `First use ${number} / 4 · ${what}`,
  lacksOperator: 'No operator yet: "xmserver setup" creates the first one.',

  firstOperator: 'The first operator',
  superviseur: [
    'The Superviseur, privilege 4: databases, certificates, licence, operators.',
    'They type their own password, twice: nothing is shown.',
  ],
  certificate: 'Server certificate, SHA-256:',
  operatorMade: userName => `Operator created, logged in: ${userName}, privilege 4.`,

  connexion: 'PostgreSQL',
  certificateLabel: 'certificate',
  certificateWhere: 'authority and server: File / Security',
  operator: 'operator',
  tables: 'it writes',
  noTables: 'no table: Clients / Rights on tables',
  now: 'to be done',
  later: 'then',
  skippedState: menu => `skipped; come back to it by ${menu}`,
  skipped: (name, menu) => `Skipped: ${name}. Come back to it by ${menu}.`,
  nothingLeft: 'No step is left to be skipped.',
  brokerChosen: url => `Broker chosen: ${url}. T tests it.`,
  steps: {
    broker: {
      name: 'broker',
      menu: 'File / Brokers',
      what: 'The broker',
      how: 'SDCs go through it. Enter: address and account; P: skip this step.',
    },
    client: {
      name: 'first client',
      menu: 'Clients / Create a client',
      what: 'The first client',
      how: 'A centre, an agency. Enter: create it; P: skip this step.',
    },
  },
  trial: [
    'This is the trial. For real, with a PostgreSQL and a broker of your own:',
    '"xmserver setup" after "xmserver stop", or with another folder (--data).',
    'Enter: the Monitor, where L launches the engine.',
  ],
  office: dataFolder => [
    'To the office: give its matricule, an account at the broker, and server.crt of',
    `${dataFolder}/certificates`,
    'It types "xmstation init", then "xmstation enrol --online"; its request is',
    'accepted in File / Security, the fingerprint compared on the telephone.',
    'Enter: the Monitor, where L launches the engine.',
  ],
};
