/** What becomes of one message: the rules, in the order they are asked. */
import { hex, type Message, type Opened, type Service } from '../message.ts';
import type { Arrival, ClientAccess, OpenResult, Reason, Signer } from '../ports.ts';
import type { FormTable } from '../record.ts';
import { judgeExport } from './services/export.ts';
import { judgeQuestion } from './services/question.ts';

export interface Known {
  readonly signers: ReadonlyMap<string, Signer>;
  readonly clients: ReadonlyMap<number, ClientAccess>;
  readonly tables: ReadonlyMap<string, FormTable>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whose topic it came on, 0: nobody's; undefined: that was looked at before. */
  readonly topic?: number;
  /** How long questions are remembered; undefined: their dates were looked at before. */
  readonly answerDays?: number;
}

export interface Judgement {
  /** The client who signed; undefined where nobody known did. */
  readonly client?: ClientAccess;
  /** Of a stranger whose ENROL is to be answered: who he says he is. */
  readonly claimed?: number;
  readonly opened?: Opened;
  readonly verdict: Arrival['verdict'];
}

export function judge(result: OpenResult, known: Known): Judgement {
  if (!result.ok) return { verdict: { refuse: result.reason } };
  const signer = known.signers.get(hex(result.signer));
  if (result.stranger && !signer) return judgeStranger(result, known);
  if (!signer) return refused('sdc-signer-unknown', { signer: hex(result.signer) });
  const client = known.clients.get(signer.matricule);
  if (!client) return refused('client-unknown', { client: signer.matricule });
  const opened: Opened = result;
  const fault =
    certificateFault(signer, known.now) ??
    clientFault(client) ??
    sizeFault(opened, client) ??
    dateFault(opened.message, known);
  if (fault) return { client, opened, verdict: { refuse: fault } };
  return { client, opened, verdict: judgeService(opened, client, known) };
}

function judgeService({ message }: Opened, client: ClientAccess, known: Known): Arrival['verdict'] {
  switch (message.service) {
    case 'EXPORT':
      return judgeExport(message, client, known.tables);
    case 'IMPORT':
    case 'CERTIFY':
    case 'ACCOUNT':
    case 'PROFILE':
    case 'PASSWORD':
    case 'MESSAGE':
    case 'ENROL':
      return judgeQuestion(message, client, known.tables);
    default:
      // From the server to clients only: one that comes in is a reflection or a forgery.
      return { refuse: { code: 'service-denied', params: { service: message.service } } };
  }
}

/** Whoever is signed by a key that nobody knows may ask for its certificate, and nothing else. */
function judgeStranger(opened: Opened, known: Known): Judgement {
  const { message } = opened;
  // His topic is all that speaks for a stranger: the broker lets each publish on his own.
  if (message.service !== 'ENROL' || (known.topic ?? message.matricule) !== message.matricule) {
    return refused('sdc-signer-unknown', { signer: hex(opened.signer) });
  }
  const verdict = judgeQuestion(message, known.clients.get(message.matricule), known.tables);
  return 'ask' in verdict ? { opened, claimed: message.matricule, verdict } : { opened, verdict };
}

function certificateFault(signer: Signer, now: number): Reason | undefined {
  if (signer.revokedAt !== undefined && signer.revokedAt <= now)
    return { code: 'certificate-revoked', params: {} };
  if (now < signer.notBefore || now > signer.notAfter) return { code: 'certificate-expired', params: {} };
  return undefined;
}

function clientFault(client: ClientAccess): Reason | undefined {
  return client.status === 0 ? { code: 'client-suspended', params: {} } : undefined;
}

/** Only the topic told, before it was opened, who may send what is larger: whoever signed it answers for it. */
function sizeFault({ oversize }: Opened, client: ClientAccess): Reason | undefined {
  return oversize === undefined || client.batch
    ? undefined
    : { code: 'sdc-too-large', params: { size: oversize } };
}

/** What is done once under its own key for ever, EXPORT, MESSAGE and ENROL, may be of any date. */
export const datedServices: ReadonlySet<Service> = new Set([
  'IMPORT',
  'CERTIFY',
  'ACCOUNT',
  'PROFILE',
  'PASSWORD',
]);
const dayMs = 86_400_000;

/** A question that is no longer remembered would be carried out again: it is one that somebody has recorded. */
function dateFault({ service, at }: Message, { now, answerDays }: Known): Reason | undefined {
  if (answerDays === undefined || !datedServices.has(service)) return undefined;
  const isOff = Math.abs(now - at * 1000) > answerDays * dayMs;
  return isOff ? { code: 'question-date', params: { days: answerDays } } : undefined;
}

function refused(code: Reason['code'], params: Reason['params']): Judgement {
  return { verdict: { refuse: { code, params } } };
}
