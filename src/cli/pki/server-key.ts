/** `pki init`, `renew-authority`, `renew`, `request make`: the authority, and the generations of the server's own key. */
import { hex } from '../../core/message.ts';
import { alone } from '../../db/lock.ts';
import { spkiOf } from '../../pki/certificate.ts';
import { makeRequest, requestPem, spokenFingerprint } from '../../pki/request.ts';
import { defaultName, newServerKey, serverName, serverYears } from './issuance.ts';
import { described, ofAuthority, tableOf } from './listing.ts';
import { revocationList } from './revocation.ts';
import {
  type Answer,
  columns,
  day,
  journal,
  needed,
  type PkiSession,
  registryOf,
  writeOutput,
  yearsOf,
} from './session.ts';

const authorityYears = 20;

/** Makes what is missing; can be repeated. */
export function init(session: PkiSession): Promise<Answer> {
  const { store, system, flags, now } = session;
  // As at the first start of a console or an engine: one process at a time.
  return alone(system, 'first_start', async () => {
    const commonName = flags.name ?? defaultName;
    if (!store.authorityCertificate()) {
      // Two names: a certificate that bears its issuer's name looks self-signed.
      store.createAuthority({ commonName: `${commonName} CA`, now, years: yearsOf(session, authorityYears) });
    }
    if (store.certificates('server').length === 0) {
      const kind = flags.rsa ? 'rsa' : 'ec';
      await newServerKey(registryOf(session), 'server-key', { kind, commonName, years: serverYears });
    }
    const servers = store
      .certificates('server')
      .map(({ certificate }) => ({ certificate, role: 'server' as const }));
    return tableOf(
      session,
      [...ofAuthority(session), ...servers].map(one => described(session, one)),
    );
  });
}

/** A further generation. */
export async function renew(session: PkiSession): Promise<Answer> {
  const { store, flags, texts } = session;
  const certificate = await newServerKey(registryOf(session), 'server-renew', {
    kind: flags.rsa ? 'rsa' : 'ec',
    commonName: flags.name ?? serverName(store),
    years: yearsOf(session, serverYears),
  });
  return {
    json: described(session, { certificate, role: 'server' }),
    lines: [texts.renewed(hex(certificate.keyId), `${store.certificates('server').at(-1)?.name}.crt`)],
  };
}

/** A further root. What the older ones have issued stays good until their end; each has a new revocation list. */
export function renewAuthority(session: PkiSession): Promise<Answer> {
  const { store, system, texts, now } = session;
  return alone(system, 'first_start', async () => {
    const old = store.authority().certificate;
    const { certificate } = store.renewAuthority({ now, years: yearsOf(session, authorityYears) });
    const detail = { key: hex(certificate.keyId), serial: certificate.serial, subject: certificate.subject };
    await journal(system, 'authority-renew', { ...detail, before: hex(old.keyId) });
    const list = await revocationList({ ...session, flags: { ...session.flags, out: undefined } });
    return {
      json: { ...described(session, { certificate, role: 'authority' }), list: list.json },
      lines: [texts.authorityRenewed(hex(certificate.keyId), day(old.notAfter)), ...list.lines],
    };
  });
}

/** For an outside authority; its certificate comes in by `pki import --server`. */
export async function makeServerRequest(session: PkiSession): Promise<Answer> {
  const { store, flags, texts } = session;
  const out = needed(session, '--out', flags.out);
  const keys = store.pendingKey('server', flags.rsa ? 'rsa' : 'ec');
  writeOutput(out, requestPem(makeRequest(keys, { commonName: flags.name ?? defaultName })));
  const fingerprint = spokenFingerprint(spkiOf(keys.publicKey));
  return {
    json: { file: out, fingerprint },
    lines: [texts.requestWritten(out), ...columns([[texts.fingerprint, fingerprint]])],
  };
}
