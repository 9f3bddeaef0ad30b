/** A broker: address and account. Its password is typed, and never shown. */
import { addBroker, adoptBroker, changeBroker } from '../../core/administration/broker.ts';
import type { Broker } from '../../core/administration/ports.ts';
import type { Desk } from '../desk.ts';
import { blaming, EntryScreen } from '../form/entry.ts';
import type { FieldOptions } from '../form/form.ts';

const blame = blaming({ 'broker-url': 'url', 'broker-exists': 'url' });

/** `broker` undefined: a new one. */
export function openBroker(desk: Desk, broker: Broker | undefined): EntryScreen {
  const { installation, operator } = desk.session;
  const { brokers } = desk.texts.settings;
  return new EntryScreen(desk, () => ({
    title: broker?.url ?? brokers.add,
    fields: fieldsOf(desk, broker),
    save: async ({ url = '', userName = '', password = '' }) => {
      const secret = password === '' ? {} : { password };
      if (broker) {
        await changeBroker(installation.administration, operator, broker.id, { url, userName, ...secret });
        return { told: broker.selected ? brokers.changedInUse(url) : brokers.changed(url) };
      }
      await addBroker(installation.administration, operator, {
        url,
        ...(userName === '' ? {} : { userName }),
        ...secret,
      });
      return { told: brokers.added(url) };
    },
    blame,
  }));
}

/** The one that engines are to use, at the first use of an installation: kept and chosen at once. */
export function openFirstBroker(desk: Desk, known: Broker | undefined): EntryScreen {
  const { installation, operator } = desk.session;
  const { setup, settings } = desk.texts;
  return new EntryScreen(desk, () => ({
    title: settings.brokers.add,
    fields: fieldsOf(desk, known),
    save: async ({ url = '', userName = '', password = '' }) => {
      const secret = password === '' ? {} : { password };
      const made = await adoptBroker(installation.administration, operator, { url, userName, ...secret });
      return { told: setup.brokerChosen(made.url) };
    },
    blame,
  }));
}

function fieldsOf({ texts }: Desk, broker: Broker | undefined): FieldOptions[] {
  const { brokers } = texts.settings;
  return [
    {
      id: 'url',
      label: brokers.url,
      value: broker?.url ?? 'mqtts://',
      required: true,
      limit: 200,
      hint: brokers.urlHint,
    },
    {
      id: 'userName',
      label: brokers.userName,
      value: broker?.userName ?? '',
      limit: 200,
      hint: brokers.userNameHint,
    },
    {
      id: 'password',
      label: brokers.password,
      secret: true,
      limit: 200,
      hint: broker?.hasPassword ? brokers.passwordKept : brokers.passwordHint,
    },
  ];
}
