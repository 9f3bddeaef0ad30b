/** How a client may exchange: records of one SDC, and records of the centre that it reads in a day. */
import { showClient } from '../../core/administration/client.ts';
import { changeExchange } from '../../core/administration/client-exchange.ts';
import type { Desk } from '../desk.ts';
import { EntryScreen } from '../form/entry.ts';
import { aboutClient, clientField, named } from './named.ts';

const [single, several] = ['single', 'several'] as const;

export function exchangeEntry(desk: Desk, matricule: number): EntryScreen {
  const { texts, session } = desk;
  const { clients, entry } = texts;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const sheet = await showClient(administration, session.operator, matricule);
    const had = { batch: sheet.batch ? several : single, reads: `${sheet.readsPerDay ?? ''}` };
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-exchange'].name,
      fields: [
        clientField(desk, sheet),
        {
          id: 'batch',
          label: clients.batch,
          value: had.batch,
          choices: [single, several].map(id => ({ id, label: clients.batchChoices[id] })),
          hint: entry.choose,
        },
        {
          id: 'reads',
          label: clients.readsPerDay,
          value: had.reads,
          limit: 10,
          hint: clients.readsHint,
          check: value => (/^\d+$/.test(value) ? undefined : entry.numberWrong),
        },
      ],
      notes: [clients.batchNote, clients.quotaNote],
      blame: ({ code }, { reads }) => {
        if (code === 'reads-invalid') return 'reads';
        if (code !== 'privilege-needed') return undefined;
        return reads === had.reads ? 'batch' : 'reads';
      },
      // Only what was changed here: somebody else may have changed the other meanwhile.
      save: async ({ batch, reads = '' }) => {
        await changeExchange(administration, session.operator, matricule, {
          batch: batch === had.batch ? undefined : batch === several,
          readsPerDay: reads === had.reads ? undefined : reads === '' ? 'none' : Number(reads),
        });
        return { told: clients.exchangeSet(named(desk, sheet)) };
      },
    };
  });
}
