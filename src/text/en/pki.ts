/** What `xmserver pki` writes. */
import type { PkiTexts } from '../fr/pki.ts';

export const pki: PkiTexts = {
  role: 'role',
  roles: {
    authority: 'authority',
    server: 'server',
    station: 'station',
    operator: 'operator',
    signatory: 'signatory',
  },
  key: 'key',
  client: 'client',
  subject: 'holder',
  issuer: 'issued by',
  serial: 'serial number',
  from: 'valid from',
  until: 'until',
  sha256: 'SHA-256',
  fingerprint: 'fingerprint to compare',
  state: 'state',
  states: { valid: 'valid', future: 'not yet valid', ended: 'ended', revoked: 'revoked' },
  none: 'none',
  files: 'files',
  number: 'no.',
  received: 'received',
  commandMissing: 'pki: give a command',
  unknown: name => `unknown command: pki ${name}`,
  file: 'FILE',
  keyOrFile: 'KEY or FILE',
  anchor: 'anchor',
  intermediate: 'intermediate',
  needs: option => `give ${option}`,
  oneOf: (option, values) => `${option}: ${values}`,
  accepted: id => `request no. ${id} accepted`,
  refused: id => `request no. ${id} refused`,
  filed: id => `request no. ${id} filed: compare the fingerprint, then accept it`,
  requestWritten: file => `request written: ${file}`,
  revoked: subject => `certificate revoked: ${subject}`,
  listWritten: (file, number, count) => `revocation list no. ${number}, ${count} certificates: ${file}`,
  listKept: (issuer, count) => `revocation list of ${issuer} taken in, ${count} certificates revoked here`,
  imported: subject => `certificate registered: ${subject}`,
  renewed: (keyId, file) =>
    `new key of the server ${keyId}: give ${file} to the stations; engines take it up within a cycle, sign with it after 30 days, and accept the old one until its end`,
  serverRevoked:
    'running engines give this key up at once, and stop where they have no other; stations keep it until certificates/server….crt is removed there',
  authorityRenewed: (keyId, until) =>
    `new root ${keyId}; the old one stays accepted until ${until}: by then renew the server's key (pki renew) and give authority.crt to the stations`,
  trusted: (subject, anchor) =>
    anchor ? `authority accepted: ${subject}` : `intermediate authority known: ${subject}`,
  removed: fingerprint => `authority removed: ${fingerprint}`,
  daysLeft: days => (days < 0 ? `ended ${-days} days ago` : days === 1 ? '1 day' : `${days} days`),
};
