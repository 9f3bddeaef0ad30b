import { afterAll, describe, expect, it } from 'vitest';
import { keepStationCertificates } from '../../src/cli/station/enrol-files.ts';
import { createAuthority, issueCertificate, type Role } from '../../src/pki/authority.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { KeyStore } from '../../src/pki/key-store.ts';
import { Workspace } from '../pki/workspace.ts';

const work = new Workspace();
afterAll(() => work.remove());
const now = Date.now();
const authority = createAuthority({ commonName: 'Centre', now, years: 10 });

function certificateOf(role: Role, kind: 'ec' | 'rsa') {
  const period = { notBefore: now - 3_600_000, notAfter: now + 1e10 };
  return issueCertificate(authority, {
    subject: { commonName: role },
    publicKey: makeKey(kind).publicKey,
    role,
    ...period,
  });
}

describe.each(['ec', 'rsa'] as const)('what a station is given as the server’s, %s', kind => {
  const keep = (role: Role) => {
    const store = new KeyStore(work.at(`${role}-${kind}`));
    keepStationCertificates(store, {
      server: [certificateOf(role, kind)],
      authority: [authority.certificate],
    });
    return store.peerCertificates('server', now);
  };

  it('is kept', () => {
    expect(keep('server')).toHaveLength(1);
  });

  it.each(['station', 'operator', 'signatory'] as const)('is refused where it is a %s’s', role => {
    expect(() => keep(role)).toThrow(expect.objectContaining({ code: 'certificate-usage' }));
  });
});
