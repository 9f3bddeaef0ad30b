/** What was sealed for clients: its kind, and what is known of what is in it. */
import type { SentDetail, SentRow } from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import type { Service } from '../core/message.ts';
import { findSent, type Sent, type SentSearch } from '../db/data/sent.ts';
import { clientsWith } from '../db/system/client.ts';
import { letterUnder } from '../db/system/letter.ts';
import type { OpenInstallation } from './installation.ts';

/** Clients whose pages are merged into one. */
const mostClients = 100;

interface SentKind {
  readonly kind: SentRow['kind'];
  readonly service?: Service;
}

export function kindOf({ count, service, letter = '' }: Sent): SentKind {
  if (count > 0) return { kind: 'receipts' };
  if (letter.startsWith('message ')) return { kind: 'message' };
  if (letter.startsWith('notice ')) return { kind: 'notice' };
  const asked = service ?? (letter.startsWith('enrolment ') ? 'ENROL' : undefined);
  return asked === undefined ? { kind: 'other' } : { kind: 'answer', service: asked };
}

/** By the words of clients. Throws `search-wide`. */
export async function searchByWords(
  { system }: Pick<OpenInstallation, 'system'>,
  words: string,
): Promise<SentSearch> {
  const clients = await clientsWith(system, words, mostClients + 1);
  if (clients.length > mostClients) throw new XmError('search-wide', { limit: mostClients });
  return { clients };
}

type Known = Pick<SentDetail, 'about' | 'written' | 'notice'>;

/** Throws `sent-unknown`. */
export async function readSentMessage(
  { system, documents }: Pick<OpenInstallation, 'system' | 'documents'>,
  id: number,
): Promise<{ readonly sent: Sent; readonly sdc: Uint8Array; readonly known: Known }> {
  const found = await findSent(documents, id);
  if (!found) throw new XmError('sent-unknown', { id });
  const { sdc, about, ...sent } = found;
  const letter = sent.letter === undefined ? undefined : await letterUnder(system, sent.letter);
  if (!letter) return { sent, sdc, known: { about } };
  const { service: _service, ...body } = letter;
  return { sent, sdc, known: { about, ...('text' in body ? { written: body } : { notice: body }) } };
}
