/** Certificate requests of clients that wait until somebody has compared their fingerprint. */
import type { CertificateRequestRow } from '../../core/console-ports.ts';
import type { Key } from '../../terminal/key.ts';
import { moment } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { type Column, List } from '../list/list.ts';
import type { Screen } from '../screens.ts';

export class Requests implements Screen {
  readonly places = ['list'] as const;
  readonly list: List<CertificateRequestRow>;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, lists } = desk.session;
    this.list = new List({
      columns: columnsFor(desk),
      state: lists.of('requests', { sort: 'id', descending: false }),
      load: request => installation.security.requests(request),
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<CertificateRequestRow> {
    return this.list;
  }

  hints(): readonly BindingId[] {
    return this.list.chosen ? ['open-row', 'search'] : ['refresh'];
  }

  key(key: Key): boolean {
    const { search, picked, chosen } = this.list;
    const isOpening = bindingOf('list', key) === 'open-row' && !search && !picked;
    if (!isOpening || !chosen) return this.list.key(key);
    this.#desk.open('request', chosen);
    return true;
  }

  /** One was decided on top of it. */
  shown(): void {
    this.list.refresh();
  }

  leave(): boolean {
    return this.list.leave();
  }

  close(): void {
    this.list.close();
  }
}

function columnsFor({ texts, language }: Desk): Column<CertificateRequestRow>[] {
  const words = pkiTexts[language];
  return [
    { id: 'id', title: words.number, width: 5, align: 'right', sortable: true, text: ({ id }) => `${id}` },
    {
      id: 'client',
      title: words.client,
      width: 22,
      text: ({ client, clientName }) => `${client} ${clientName}`,
    },
    {
      id: 'received',
      title: words.received,
      width: 16,
      text: ({ receivedAt }) => moment(receivedAt, Date.now(), language),
    },
    {
      id: 'fingerprint',
      title: texts.security.request.begins,
      text: ({ fingerprint }) => fingerprint.slice(0, beginning),
    },
  ];
}

/** Four of the eight groups: enough to find one, too few to accept it by. */
const beginning = 23;
