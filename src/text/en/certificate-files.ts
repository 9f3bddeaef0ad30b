/** File / Security, what comes from files and goes there: certificates, requests, authorities, revocation lists. */
import type { CertificateFilesTexts } from '../fr/certificate-files.ts';

export const certificateFiles: CertificateFilesTexts = {
  acts: {
    'certificate-register': {
      name: 'Register a certificate',
      commands: ['register-certificate'],
      running: '',
      done: '',
    },
    'certificate-issue': {
      name: 'Make a certificate',
      commands: ['make-certificate'],
      running: '',
      done: '',
    },
    authorities: { name: 'Outside authorities', commands: ['authorities'], running: '', done: '' },
    'authority-import': {
      name: 'Trust an authority',
      commands: ['trust-authority'],
      running: '',
      done: '',
    },
    'server-renew': { name: 'New key of the server', commands: ['new-server-key'], running: '', done: '' },
    'revocation-list': { name: 'Revocation list', commands: ['revocation-list'], running: '', done: '' },
  },
  keys: {
    'certificate-register': { hint: 'register', help: 'register a certificate from a file' },
    'certificate-issue': { hint: 'make', help: 'make a certificate for a request (file)' },
    authorities: { hint: 'authorities', help: 'show the outside authorities that are trusted' },
    'authority-import': { hint: 'trust', help: 'trust an authority, or take in its list (file)' },
    'authority-remove': { hint: 'remove', help: 'trust this authority no more, after a question' },
    'server-renew': { hint: 'key', help: 'give the server a new key; the old one stays accepted' },
    'revocation-list': { hint: 'list', help: 'make a new revocation list' },
    'intake-enter': { hint: 'confirm', help: 'confirm what is shown, after a question' },
  },
  places: {
    'client-certificates': 'Certificates of a client',
    authorities: 'Outside authorities',
    intake: 'Before it is entered',
  },

  owner: 'for',
  theServer: 'the server',
  client: 'client',
  clientHint: 'its matricule',
  clientOrServerHint: 'its matricule; empty: the server',
  file: 'file',
  fileHint: 'PEM, DER or PKCS#12, whole path: /media/key/office.p12, or ~',
  whole: 'A whole path: /media/key/x.crt, or ~/x.crt.',
  passphrase: 'passphrase',
  request: 'request (file)',
  requestHint: 'PKCS#10, PEM or DER, whole path or ~',
  out: 'certificate (file)',
  outHint: 'to be created, whole path or ~: /media/key/office.crt',
  years: 'years',
  yearsWrong: most => `A number of years, from 1 to ${most}.`,
  keyKind: 'key',
  keyAndKind: (kind, key) => `${kind}, ${key}`,
  asked: 'name asked for',
  notEntered: 'Nothing is entered.',

  registration: {
    notes: ['The certificate is shown first; nothing is entered before a question.'],
    keyLeft: 'The private key in the file is not kept: it has no business here.',
    keyKept: 'The private key in the file is kept in secrets/; the old one stays accepted.',
    question: holder => `Register the certificate of ${holder}?`,
    done: holder => `Certificate registered: ${holder}.`,
  },
  issuance: {
    notes: ['The fingerprint of the request is shown first, to be compared with its author.'],
    advice: ['Compare by telephone; if a single digit differs, answer no.'],
    question: owner => `${owner}: do they read exactly these 40 digits there?`,
    done: file => `Certificate made and registered: ${file}`,
  },

  authorities: {
    title: 'Outside authorities that are trusted',
    nothing: 'None: only the authority of this installation is trusted.',
    kind: 'kind',
    anchor: 'root',
    between: 'intermediate',
    notes: ['An authority, or the revocation list of one that is trusted already.'],
    fileHint: 'PEM or DER, whole path: /media/key/authority.crt, or ~',
    compare: [
      'Compare the SHA-256 with what the authority publishes, by another way.',
      'All that it signs will be accepted: no stranger here.',
    ],
    question: 'Is the SHA-256 exactly what the authority publishes?',
    done: holder => `Authority trusted: ${holder}.`,
    remove: holder => `Trust the authority ${holder} no more?`,
    removed: holder => `Authority removed: ${holder}. Certificates that are registered stay.`,
  },
  list: {
    title: 'Revocation list',
    made: 'made on',
    next: 'next one before',
    named: 'certificates named',
    here: 'registered here',
    noneHere: 'none',
    question: count =>
      count === 0
        ? 'Take this list in? It revokes nothing that is registered here.'
        : `Take this list in? It revokes here, with no way back: ${count}.`,
    done: issuer => `Revocation list taken in: ${issuer}.`,
  },
  renewal: {
    kind: 'key',
    notes: [
      'The new key comes beside the old one, which stays accepted until its end.',
      'Engines take it up within a cycle; it signs 30 days later.',
    ],
    question: 'Give the server a new key?',
    done: key => `New key of the server: ${key}. It signs in 30 days.`,
  },
  publication: {
    days: 'days',
    daysHint: 'how long the list is good, from 1 to 365',
    daysWrong: 'A number of days, from 1 to 365.',
    fileHint: 'to be created, whole path or ~; empty: data folder only',
    done: (number, revoked, file) => `List no. ${number}, ${revoked} revoked: ${file}`,
  },
};
