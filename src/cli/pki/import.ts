/** `pki import`, `pki trust`: certificates, keys, authorities and revocation lists that others have made. */
import { XmError } from '../../core/errors.ts';
import type { Role } from '../../pki/authority.ts';
import { isRevocationList } from '../../pki/revocation-list.ts';
import { described } from './listing.ts';
import {
  type OutsideAuthority,
  outsideAuthorities,
  readAuthorities,
  readCertified,
  readOutsideList,
  register,
  removeAuthority,
  takeInList,
  trustAuthorities,
} from './outside.ts';
import {
  type Answer,
  clientOf,
  columns,
  day,
  needed,
  oneOf,
  type PkiSession,
  passphraseOf,
  readInput,
  registryOf,
  roles,
} from './session.ts';

export async function importFile(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { flags, texts } = session;
  const file = needed(session, texts.file, args[0]);
  const bytes = readInput(file);
  if (isRevocationList(bytes)) return importList(session, bytes);
  const client = await clientOf(session);
  const role = roleOf(session, client !== undefined);
  const found = readCertified(file, bytes, passphraseOf(flags), role);
  const owner = { client: client?.matricule, role };
  const registry = registryOf(session);
  await session.system.transaction(connection => register(registry, connection, found, owner));
  const { certificate } = found;
  return {
    json: described(session, { certificate, role }),
    lines: [texts.imported(certificate.subject)],
  };
}

/** That of a client's station or the server's own unless `--role` says otherwise. */
function roleOf(session: PkiSession, isClients: boolean): Role {
  const { flags, texts } = session;
  if (flags.role === undefined) {
    if (isClients) return 'station';
    if (!flags.server) needed(session, '--client | --server', undefined);
    return 'server';
  }
  const role = oneOf(session, '--role', flags.role, roles);
  const isOfClient = role === 'station' || role === 'signatory';
  if (isOfClient && !isClients) needed(session, '--client', undefined);
  if (!isOfClient && isClients) {
    throw new XmError('usage', { detail: texts.oneOf('--role', 'station, signatory') });
  }
  return role;
}

async function importList(session: PkiSession, bytes: Buffer): Promise<Answer> {
  const registry = registryOf(session);
  const list = await readOutsideList(registry, bytes);
  const count = await takeInList(registry, list);
  const issuer = list.issuer.subject;
  return {
    json: { issuer, nextUpdate: new Date(list.nextUpdate).toISOString(), revoked: count },
    lines: [session.texts.listKept(issuer, count)],
  };
}

/** Without a file: the authorities that are trusted. */
export async function trust(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { system, flags, texts } = session;
  if (flags.remove !== undefined) {
    await removeAuthority(registryOf(session), flags.remove);
    return { json: { removed: flags.remove }, lines: [texts.removed(flags.remove)] };
  }
  if (args[0] === undefined) {
    const known = await outsideAuthorities(system);
    const rows = known.map(({ subject, notAfter, fingerprint, anchor }) => [
      anchor ? texts.anchor : texts.intermediate,
      day(notAfter),
      subject,
      fingerprint,
    ]);
    return { json: known.map(jsonOf), lines: rows.length === 0 ? [texts.none] : columns(rows) };
  }
  const added = readAuthorities(args[0], readInput(args[0]));
  await trustAuthorities(registryOf(session), added);
  return {
    json: added.map(jsonOf),
    lines: added.flatMap(one => [
      texts.trusted(one.subject, one.anchor),
      `${texts.sha256} ${one.fingerprint}`,
    ]),
  };
}

function jsonOf({ subject, notAfter, fingerprint, anchor }: OutsideAuthority) {
  return { subject, notAfter: new Date(notAfter).toISOString(), sha256: fingerprint, anchor };
}
