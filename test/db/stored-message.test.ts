import { afterAll, expect, it } from 'vitest';
import { identityOf } from '../../src/cli/open-station.ts';
import { serverKeys } from '../../src/cli/server-keys.ts';
import { filingParts } from '../../src/cli/stored-message.ts';
import { DataFolder } from '../../src/config.ts';
import { issueCertificate } from '../../src/pki/authority.ts';
import { KeyStore } from '../../src/pki/key-store.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { Workspace } from '../pki/workspace.ts';
import { closed, identity, message, verdict } from '../sdc/identity.ts';
import { clone } from './databases.ts';

const work = new Workspace();
afterAll(() => work.remove());

it('what files beside the engine (T2D, a retry) opens what other tools seal: named by issuer and serial number', async () => {
  const now = Date.now();
  const store = new KeyStore(work.at('XMSData'));
  const authority = store.createAuthority({ commonName: 'Centre', now, years: 10 });
  const certificate = issueCertificate(authority, {
    subject: { commonName: 'XMServer' },
    publicKey: store.pendingKey('server', 'rsa').publicKey,
    role: 'server',
    notBefore: now - 3_600_000,
    notAfter: now + 1e10,
  });
  store.keepCertificate('server', certificate);
  const keys = serverKeys(new DataFolder(work.at('XMSData')), now);
  const { opener } = filingParts({
    system: await clone('XMServerSystem'),
    documents: await clone('XMServerData'),
    keys,
  });
  const recipient = { ...identityOf(keys.signer), spki: Buffer.from(certificate.spki) };
  const signer = identity();
  const [sealed] = await createSealer({ signer }).seal([{ message: message(recipient), recipient }]);
  const [result] = await opener.open(closed(sealed?.sdc as Uint8Array), async () => [signer]);
  expect(verdict(result)).toBe('opened');
});
