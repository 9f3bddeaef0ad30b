/** What the screens of the menu Signatories say. */
import type { SignatoriesTexts } from '../fr/signatories.ts';

export const signatories: SignatoriesTexts = {
  menu: 'Signatories',
  acts: {
    signatories: { name: 'List of signatories', commands: ['signatories'], running: '', done: '' },
    'signatory-create': {
      name: 'Create a signatory',
      commands: ['create-signatory'],
      running: '',
      done: '',
    },
    'signatory-change': { name: 'Change', commands: ['change-signatory'], running: '', done: '' },
    'signatory-end': { name: 'End', commands: ['end-signatory'], running: '', done: '' },
  },
  keys: {
    'menu-signataires': { hint: 'Signatories', help: 'menu Signatories' },
    'signatory-create': { hint: 'create', help: 'create a signatory' },
    'signatory-change': { hint: 'change', help: 'change the signatory' },
    'signatory-end': { hint: 'end', help: 'set the last day' },
  },
  places: { signatories: 'Signatories' },

  title: 'Signatories',
  nothing: 'No signatory found.',
  noneChosen: 'Choose a signatory in the list first (:signatories).',
  named: (id, name) => `no. ${id} "${name}"`,
  number: 'no.',
  client: 'client',
  clientHint: 'its matricule',
  name: 'name',
  quality: 'quality',
  certificate: 'certificate',
  certificateHint: 'the key, 16 hexadecimal digits; empty: none',
  from: 'from',
  until: 'until',
  untilHint: 'YYYY-MM-DD; empty: without end',
  made: signatory => `Signatory saved: ${signatory}.`,
  end: (signatory, until) => `End on ${until} the signatory ${signatory}?`,
  ended: (signatory, until) => `Signatory ${signatory}: until the end of ${until}.`,
};
