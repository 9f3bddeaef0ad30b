/** Clients are created, and their name, town and telephone changed (guide §4.1). */
import { randomUUID } from 'node:crypto';
import { changeClient, createClient, showClient } from '../../core/administration/client.ts';
import { matriculeOf, nameLimit, nameOf, telephoneOf } from '../../core/administration/field.ts';
import type { ClientProfile } from '../../core/administration/ports.ts';
import type { Desk } from '../desk.ts';
import { blaming, checkedBy, EntryScreen } from '../form/entry.ts';
import type { FieldOptions } from '../form/form.ts';
import { aboutClient, clientField } from './named.ts';
import { statusChoices } from './status.ts';

/** All services but SDS: what an ordinary office needs. */
const ordinaryStatus = 2;

const blame = blaming({
  'name-invalid': 'name',
  'town-invalid': 'town',
  'telephone-invalid': 'telephone',
  'matricule-invalid': 'matricule',
  'client-exists': 'matricule',
  'client-status-invalid': 'status',
  'recorded-before': 'name',
});

/** `next`: where it goes then; by default to the client's sheet. */
export function creation(
  desk: Desk,
  next = (matricule: number) => desk.open('client', matricule),
): EntryScreen {
  const { texts, session } = desk;
  const { clients, entry } = texts;
  // Of this form: saved again after a lost connection, it is the same client.
  const reference = randomUUID();
  return new EntryScreen(desk, () => ({
    title: texts.acts['client-create'].name,
    fields: [
      ...profileFields(desk),
      {
        id: 'status',
        label: clients.status,
        choices: statusChoices(desk),
        value: `${ordinaryStatus}`,
      },
      {
        id: 'matricule',
        label: clients.matricule,
        limit: 10,
        hint: clients.matriculeHint,
        check: value =>
          /^\d+$/.test(value) ? checkedBy(desk, text => matriculeOf(Number(text)))(value) : entry.numberWrong,
      },
    ],
    notes: [clients.firstPassword, clients.sdsNote],
    blame: error => (error.code === 'privilege-needed' ? 'status' : blame(error)),
    save: async ({ name = '', town = '', telephone = '', status, matricule = '' }) => {
      const made = await createClient(session.installation.administration, session.operator, {
        name,
        town,
        telephone,
        status: Number(status),
        matricule: matricule === '' ? undefined : Number(matricule),
        reference,
      });
      return {
        told: clients.madeOne(made.matricule, made.name),
        next: () => next(made.matricule),
      };
    },
  }));
}

export function change(desk: Desk, matricule: number): EntryScreen {
  const { texts, session } = desk;
  const { administration } = session.installation;
  return new EntryScreen(desk, async () => {
    const sheet = await showClient(administration, session.operator, matricule);
    return {
      about: aboutClient(sheet),
      title: texts.acts['client-change'].name,
      fields: [clientField(desk, sheet), ...profileFields(desk, sheet)],
      blame,
      save: async ({ name = '', town = '', telephone = '' }) => {
        const changes = { name, town, telephone };
        const changed = await changeClient(administration, session.operator, matricule, changes);
        return { told: texts.clients.changed(matricule, changed.name) };
      },
    };
  });
}

function profileFields(desk: Desk, known?: ClientProfile): FieldOptions[] {
  const { clients } = desk.texts;
  const { name = '', town = '', telephone = '' } = known ?? {};
  return [
    {
      id: 'name',
      label: clients.name,
      value: name,
      limit: nameLimit,
      required: true,
      check: checkedBy(desk, nameOf),
    },
    { id: 'town', label: clients.town, value: town, limit: nameLimit },
    {
      id: 'telephone',
      label: clients.telephone,
      value: telephone,
      limit: 40,
      check: checkedBy(desk, telephoneOf),
    },
  ];
}
