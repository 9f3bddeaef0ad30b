/** Whether a question is one to be answered: asked when it comes in, and again before it is answered. */
import { accessFault, actOf } from '../../access.ts';
import type { Request } from '../../message.ts';
import type { ClientAccess, Reason } from '../../ports.ts';
import { queryFault, queryLimits } from '../../query-rules.ts';
import type { FormTable } from '../../record.ts';
import { paperFault } from './certify.ts';

/** `client`: who signed it, or of a stranger's ENROL who he says he is, where there is one. */
export function judgeQuestion(
  message: Request,
  client: ClientAccess | undefined,
  tables: ReadonlyMap<string, FormTable>,
): { readonly ask: Request } | { readonly refuse: Reason } {
  const refuse = questionFault(message, client, tables);
  return refuse ? { refuse } : { ask: message };
}

function questionFault(
  message: Request,
  client: ClientAccess | undefined,
  tables: ReadonlyMap<string, FormTable>,
): Reason | undefined {
  const { service } = message;
  // Whoever asks to be let in is told of his password only: who is a client here is nobody's business.
  if (service === 'ENROL') return undefined;
  if (!client) return { code: 'client-unknown', params: {} };
  const act = actOf(service, service === 'PROFILE' && message.change !== undefined);
  if (!act) return { code: 'service-denied', params: { service } };
  switch (message.service) {
    case 'IMPORT': {
      // Which table a text names tells the parser, when its turn comes.
      if (typeof message.query === 'string') {
        const tooLong = message.query.length > queryLimits.text;
        return accessFault(act, client) ?? (tooLong ? { code: 'query-too-complex', params: {} } : undefined);
      }
      const table = tables.get(message.query.table);
      return (
        accessFault(act, client, message.query.table) ??
        (table ? queryFault(message.query, table) : unknown(message.query.table))
      );
    }
    case 'CERTIFY': {
      const table = tables.get(message.table);
      return (
        accessFault(act, client, message.table) ??
        (table ? paperFault(message.paper, table) : unknown(message.table))
      );
    }
    default:
      return accessFault(act, client);
  }
}

function unknown(table: string): Reason {
  return { code: 'table-unknown', params: { table } };
}
