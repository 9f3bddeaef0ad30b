/** `client exchange`: several records in one SDC, and how many records a client reads in a day. */
import { showClient } from '../../core/administration/client.ts';
import { changeExchange } from '../../core/administration/client-exchange.ts';
import { type Command, usage } from '../administration/session.ts';
import { matriculeOf, pageOf } from './listing.ts';

export const exchange: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const matricule = matriculeOf(session, args[0]);
  const { batch, readsPerDay } = flags;
  if (batch !== undefined && batch !== 'on' && batch !== 'off')
    throw usage(texts.oneOf('--batch', 'on, off'));
  if (batch !== undefined || readsPerDay !== undefined) {
    await changeExchange(administration, operator, matricule, {
      batch: batch === undefined ? undefined : batch === 'on',
      readsPerDay: readsPerDay === undefined || readsPerDay === 'none' ? readsPerDay : Number(readsPerDay),
    });
  }
  return pageOf(session, await showClient(administration, operator, matricule));
};
