/** A broker: address and account. Its password is typed, and never shown. */
import { addBroker, changeBroker } from '../../core/administration/broker.ts';
import type { Broker } from '../../core/administration/ports.ts';
import type { Desk } from '../desk.ts';
import { blaming, EntryScreen } from '../form/entry.ts';

/** `broker` undefined: a new one. */
export function openBroker(desk: Desk, broker: Broker | undefined): EntryScreen {
  const { installation, operator } = desk.session;
  const { brokers } = desk.texts.settings;
  return new EntryScreen(desk, () => ({
    title: broker ? brokers.one(broker.url) : brokers.add,
    fields: [
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
    ],
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
    blame: blaming({ 'broker-url': 'url', 'broker-exists': 'url' }),
  }));
}
