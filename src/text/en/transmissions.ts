/** Transmissions: Test Broker, MQTT Subscribe and T2D. */
import type {
  subscription as frenchSubscription,
  t2d as frenchT2d,
  brokerTest as frenchTest,
} from '../fr/transmissions.ts';

export const brokerTest: typeof frenchTest = {
  title: 'Test Broker',
  begins: 'The test begins; it takes a minute at most. Esc interrupts it.',
  runs: 'The test is under way. Esc interrupts it.',
  ending: 'Ending the test: what it has left at the broker is removed…',
  aborted: 'Test interrupted: what follows is all that it has seen.',
  ended: 'Test over.',
};

export const subscription: typeof frenchSubscription = {
  title: 'MQTT Subscribe',
  link: 'link',
  protocol: 'protocol',
  topics: 'subscribed to',
  none: 'nothing just now',
  advice: [
    'R subscribes the engine anew, at the broker that File / Brokers has in use.',
    '$share: engines share the messages among them.',
  ],
};

export const t2d: typeof frenchT2d = {
  acts: {
    t2d: { name: 'T2D', commands: ['t2d'], running: '', done: '' },
    't2d-import': { name: 'T2D: import', commands: ['t2d-import'], running: '', done: '' },
    't2d-export': { name: 'T2D: export', commands: ['t2d-export'], running: '', done: '' },
    't2d-stop': {
      name: 'T2D: stop',
      commands: ['t2d-stop'],
      running: '',
      done: 'Asked to stop: what is in hand is finished first.',
    },
  },
  keys: {
    t2d: { hint: 'T2D', help: 'T2D: SDCs as files, on a USB key or by mail' },
    't2d-import': { hint: 'import', help: 'file the SDCs of a folder or a key' },
    't2d-export': { hint: 'export', help: 'write receipts and answers into a folder' },
    't2d-stop': { hint: 'stop', help: 'stop: what is done stays done, the rest waits' },
  },
  title: 'T2D: SDCs as files',
  importing: 'Import',
  exporting: 'Export',
  watched: 'watched folder',
  on: 'on; turned off in File / Settings',
  off: 'off; turned on in File / Settings',
  waits: 'waiting there',
  waiting: (incoming, outgoing) => `${incoming} to file (in/) · ${outgoing} to take away (out/)`,
  advice: [
    'I files the SDCs that an office has brought: dealt with, they move to done/, refused, to refused/ with the reason.',
    'E writes receipts and answers to take back to it.',
  ],
  directions: { import: 'import', export: 'export' },
  client: 'client',
  everybody: 'all',
  state: 'state',
  states: {
    running: 'under way; X stops it, other screens stay open',
    stopping: 'asked to stop; what is in hand is finished first',
    done: 'over',
    stopped: 'stopped; what is done stays done, the rest waits',
    failed: 'interrupted; what is done stays done, the rest waits',
  },
  files: 'files',
  results: 'result',
  waitsForDatabase: 'The import waits for the database, then goes on.',
  again: 'Nothing is lost: do it again for what was not read or not moved.',
  runs: 'T2D is under way: X stops it (Transmissions / T2D).',
  nothingRuns: 'No T2D import or export is under way.',
  begun: 'T2D: under way. X stops it.',
  ended: {
    done: result => `T2D is over: ${result}.`,
    stopped: result => `T2D stopped: ${result}.`,
  },
  folder: 'folder',
  folderHint: 'what is plugged in, the last folder, your own',
  other: 'or another',
  otherImportHint: 'whole path, of folder or file; empty: the one above',
  otherExportHint: 'whole path of a folder; empty: the one above',
  whole: 'A whole path: /media/key, or ~ for your own folder.',
  clientHint: 'matricule; empty: all clients',
  clientWrong: 'A matricule, in digits; or nothing.',
  quit: 'Quit XMServer? T2D, which is under way, stops; the rest waits.',
};
