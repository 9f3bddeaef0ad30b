/** How a client may exchange: several records in one SDC, and how many of the centre's it reads in a day. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { difference, perform } from './act.ts';
import { lockFor } from './client.ts';
import type { Administration, Exchange } from './ports.ts';

export interface ExchangeChange {
  /** Undefined: as it is. */
  readonly batch?: boolean | undefined;
  /** `none`: no limit. */
  readonly readsPerDay?: number | 'none' | undefined;
}

const mostReads = 1_000_000_000;

/** Reading is SDS, and for the Superviseur to limit. Throws `privilege-needed`, `client-unknown`, `reads-invalid`. */
export function changeExchange(
  administration: Administration,
  operator: Operator,
  matricule: number,
  { batch, readsPerDay }: ExchangeChange,
): Promise<Exchange> {
  return perform(administration, operator, 'client-rights', async (records, actor) => {
    await lockFor(records, actor, matricule);
    const before = await records.exchange(matricule);
    const after: Exchange = { batch: batch ?? before.batch, ...limitOf(readsPerDay ?? before.readsPerDay) };
    if (after.readsPerDay !== before.readsPerDay) demand(actor, 'client-sds');
    const changes = difference(inFull(before), inFull(after));
    if (changes) await records.writeExchange(matricule, after);
    return { result: after, detail: changes && { client: matricule, ...changes } };
  });
}

/** No limit is a value, too: it can be what has changed. */
function inFull({ batch, readsPerDay = null }: { batch: boolean; readsPerDay?: number | null }) {
  return { batch, readsPerDay };
}

function limitOf(readsPerDay: number | 'none' | undefined): Pick<Exchange, 'readsPerDay'> {
  if (readsPerDay === undefined || readsPerDay === 'none') return {};
  if (Number.isInteger(readsPerDay) && readsPerDay >= 0 && readsPerDay <= mostReads) return { readsPerDay };
  throw new XmError('reads-invalid', { value: String(readsPerDay), most: mostReads });
}
