/** What stands of a new installation, as the databases tell it: nothing is remembered elsewhere, so nothing is done twice. */
import { listBrokers } from '../../core/administration/broker.ts';
import { listClients, showClient } from '../../core/administration/client.ts';
import type { Broker } from '../../core/administration/ports.ts';
import type { Session } from '../session/session.ts';

export const setupSteps = ['broker', 'client'] as const;
export type SetupStep = (typeof setupSteps)[number];

export interface Standing {
  /** The one that engines use. */
  readonly broker: Broker | undefined;
  /** Known, and not yet chosen: what a wizard that was cut off has left. */
  readonly unchosen: Broker | undefined;
  readonly client: { readonly matricule: number; readonly name: string } | undefined;
  /** The tables that this client may write. */
  readonly tables: readonly string[];
}

const firstClient = { search: '', sort: 'matricule', descending: false, from: 'start', limit: 1 } as const;

/** Throws `privilege-needed`, and what the database throws. */
export async function standing({ installation, operator }: Session): Promise<Standing> {
  const { administration } = installation;
  const brokers = await listBrokers(administration, operator);
  const [client] = (await listClients(administration, operator, firstClient)).rows;
  const sheet = client && (await showClient(administration, operator, client.matricule));
  const written = sheet?.rights.filter(({ write }) => write) ?? [];
  return {
    broker: brokers.find(({ selected }) => selected),
    unchosen: brokers.find(({ selected }) => !selected),
    client,
    tables: written.map(({ table }) => table),
  };
}

export function isDone(step: SetupStep, found: Standing): boolean {
  return found[step] !== undefined;
}
