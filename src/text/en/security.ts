/** File / Security: certificates, requests, revocation. */
import type { security as french } from '../fr/security.ts';

export const security: typeof french = {
  inForce: 'Certificates in force',
  all: 'Certificates, ended and revoked ones included',
  nothing: 'No certificate found.',
  end: 'end',
  left: days => (days === 1 ? '1 day left' : `${days} days left`),
  authority: (holder, day, days) =>
    days < 0 ? `Authority ${holder}: ended on ${day}` : `Authority ${holder}: until ${day}`,
  noAuthority: 'No authority on this machine.',
  ending: (count, day) => `Ending within 60 days: ${count}, from ${day} on.`,
  nothingEnds: 'Nothing ends within 60 days.',
  waiting: count => `Requests that wait: ${count} (D).`,
  noneWaits: 'No request waits.',
  revokedOn: 'revoked on',
  alreadyRevoked: 'This certificate is revoked already.',
  reasons: {
    unspecified: 'not specified',
    keyCompromise: 'key lost or stolen',
    affiliationChanged: 'its holder belongs elsewhere now',
    superseded: 'replaced by another',
    cessationOfOperation: 'the office has closed',
    privilegeWithdrawn: 'right withdrawn',
  },
  revoke: {
    title: 'Revocation',
    key: 'key',
    reason: 'reason',
    hint: 'why; a question follows',
    question: holder => `Revoke ${holder}? There is no way back: nothing of it is accepted any more.`,
    keep: { letter: 'n', label: 'keep' },
    revoke: { letter: 'y', label: 'revoke' },
    kept: 'The certificate is not revoked.',
    done: holder => `Certificate revoked: ${holder}. The revocation list is made anew.`,
  },

  request: {
    title: 'Certificate requests that wait',
    one: (id, client) => `Request no. ${id} · ${client}`,
    nothing: 'No request waits.',
    begins: 'fingerprint begins with',
    advice: [
      'Call the client at the number on file: his station shows the same digits.',
      'If a single one differs, refuse: somebody else may have sent this request.',
    ],
    question: client => `${client}: has the client read exactly these 40 digits?`,
    wait: { letter: 'n', label: 'not yet' },
    accept: { letter: 'y', label: 'yes, accept' },
    accepted: client => `${client}: certificate made. The engine sends it to the station.`,
  },
  refusal: {
    title: 'Refusal',
    reason: 'reason',
    hint: 'the client will read it',
    done: client => `${client}: request refused.`,
  },
};
