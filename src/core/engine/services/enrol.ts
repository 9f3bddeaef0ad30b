/**
 * ENROL: a key asks for its certificate. The password says for whom; an operator compares the fingerprint and decides.
 * `done` says that the request waits for that; CERTIFICATE follows, or a refusal.
 */
import { accessFault } from '../../access.ts';
import { XmError } from '../../errors.ts';
import type { EnrolMessage } from '../../message.ts';
import type { Affairs, ReadKeyRequest } from '../../service-ports.ts';
import { isRight } from './password.ts';
import { done, type Reply } from './reply.ts';

/**
 * `signer`: the client whose certificate signed it; undefined: a stranger. Throws `request-invalid`, `key-unsuitable`,
 * `password-locked`, `password-wrong` (an unknown client and one that is another's look the same), `client-suspended`,
 * `certificate-known`.
 */
export async function answerEnrol(
  { id, matricule, password, request }: EnrolMessage,
  signer: number | undefined,
  affairs: Pick<Affairs, 'beginPassword' | 'endPassword' | 'fileEnrolment'>,
  readRequest: ReadKeyRequest,
): Promise<Reply> {
  const asked = readRequest(request);
  if (signer !== undefined && signer !== matricule) throw new XmError('password-wrong');
  const byStranger = signer === undefined;
  const check = await affairs.beginPassword(matricule, byStranger);
  // At once, though the time then tells that there is no such client: matricules are no secret, and whoever has a key,
  // which is anybody, could make us compute hashes all day.
  if (!check || !(await isRight(password, check.hash))) throw new XmError('password-wrong');
  await affairs.endPassword(matricule, byStranger);
  const { status } = check;
  const none = new Set<string>();
  const fault = accessFault('ENROL', { status, hasInitialPassword: false, writes: none, reads: none });
  if (fault) throw new XmError(fault.code, fault.params);
  if (!(await affairs.fileEnrolment(matricule, id, asked)))
    throw new XmError('certificate-known', { subject: matricule });
  return done(id);
}
