/** Certificate requests of clients that wait until somebody has compared their fingerprint. */
import type { CertificateRequestRow } from '../../core/console-ports.ts';
import type { Page, PageRequest } from '../../core/page.ts';
import { moment } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import type { Desk } from '../desk.ts';
import type { BindingId } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';

export class Requests extends ListScreen<CertificateRequestRow> {
  readonly places = ['list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('requests', { sort: 'id', descending: false }));
  }

  get title(): string {
    return this.desk.texts.security.request.title;
  }

  get nothing(): string {
    return this.desk.texts.security.request.nothing;
  }

  hints(): readonly BindingId[] {
    return this.list.chosen ? ['open-row', 'search'] : ['refresh'];
  }

  protected override load(request: PageRequest): Promise<Page<CertificateRequestRow>> {
    return this.desk.session.installation.security.requests(request);
  }

  protected override openRow(row: CertificateRequestRow): void {
    this.desk.open('request', row);
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
