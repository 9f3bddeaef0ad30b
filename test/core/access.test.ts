/** Who may what, cell by cell; docs/services.md shows the same table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Act, access, accessFault, actOf, acts } from '../../src/core/access.ts';
import { judgeExport } from '../../src/core/engine/services/export.ts';
import { judgeQuestion } from '../../src/core/engine/services/question.ts';
import { type ErrorCode, isErrorCode } from '../../src/core/errors.ts';
import type { ExportMessage, Request } from '../../src/core/message.ts';
import type { ClientAccess } from '../../src/core/ports.ts';
import type { FormTable, Value } from '../../src/core/record.ts';

const table: FormTable = {
  name: 'Naissance',
  columns: [
    { name: 'Status', kind: 'integer', type: 'smallint', nullable: false, hasDefault: true },
    { name: 'NumeroActe', kind: 'text', type: 'text', nullable: true, hasDefault: false },
  ],
};
const tables = new Map([[table.name, table]]);
const head = { id: Buffer.alloc(8), recipient: Buffer.alloc(8), at: 1 };
const record = new Map<string, Value>([
  ['Status', 2],
  ['NumeroActe', '1'],
]);
const messages: Readonly<Record<Exclude<Act, 'EXPORT'>, Request>> = {
  IMPORT: { ...head, service: 'IMPORT', query: { table: 'Naissance', columns: [], order: [] } },
  CERTIFY: { ...head, service: 'CERTIFY', table: 'Naissance', paper: new Map([['NumeroActe', '1']]) },
  ACCOUNT: { ...head, service: 'ACCOUNT' },
  PROFILE: { ...head, service: 'PROFILE' },
  'PROFILE-CHANGE': { ...head, service: 'PROFILE', change: { name: 'x' } },
  PASSWORD: { ...head, service: 'PASSWORD', old: 'a', new: 'b' },
  MESSAGE: { ...head, service: 'MESSAGE', subject: '', text: '' },
  ENROL: { ...head, service: 'ENROL', matricule: 1, password: '', request: Buffer.alloc(1) },
};
const filing: ExportMessage = { ...head, service: 'EXPORT', table: 'Naissance', records: [record] };

function clientOf(change: Partial<ClientAccess>): ClientAccess {
  const recipient = { keyId: Buffer.alloc(8), spki: Buffer.alloc(1) };
  return {
    matricule: 1,
    name: '',
    status: 3,
    recipient,
    writes: new Set(),
    reads: new Set(),
    batch: false,
    hasInitialPassword: false,
    ...change,
  };
}

/** What the rules of the engine say: `yes`, or the code of the refusal. */
function judged(act: Act, client: ClientAccess): string {
  const verdict =
    act === 'EXPORT' ? judgeExport(filing, client, tables) : judgeQuestion(messages[act], client, tables);
  return 'refuse' in verdict ? verdict.refuse.code : 'yes';
}

/** By client status, 0 to 3: what somebody gets who has both rights to the table, and his own password. */
const cells: Readonly<Record<Act, readonly [ErrorCode, ...(ErrorCode | 'yes')[]]>> = {
  EXPORT: ['client-suspended', 'service-denied', 'yes', 'yes'],
  IMPORT: ['client-suspended', 'service-denied', 'service-denied', 'yes'],
  CERTIFY: ['client-suspended', 'service-denied', 'service-denied', 'yes'],
  ACCOUNT: ['client-suspended', 'yes', 'yes', 'yes'],
  PROFILE: ['client-suspended', 'yes', 'yes', 'yes'],
  'PROFILE-CHANGE': ['client-suspended', 'yes', 'yes', 'profile-locked'],
  PASSWORD: ['client-suspended', 'yes', 'yes', 'yes'],
  MESSAGE: ['client-suspended', 'yes', 'yes', 'yes'],
  ENROL: ['client-suspended', 'yes', 'yes', 'yes'],
};
const needs: Partial<Record<Act, 'writes' | 'reads'>> = {
  EXPORT: 'writes',
  IMPORT: 'reads',
  CERTIFY: 'reads',
};
const granted = new Set(['Naissance']);
const both = { writes: granted, reads: granted };

const everyCell = acts.flatMap(act =>
  [0, 1, 2, 3].flatMap(status =>
    [both, { writes: granted }, { reads: granted }, {}].flatMap(rights =>
      [false, true].map(initial => ({ act, status, rights, initial })),
    ),
  ),
);

describe('who may what', () => {
  it.each(everyCell)('$act, status $status, $rights, initial password: $initial', cell => {
    const { act, status, rights, initial } = cell;
    const client = clientOf({ status, ...rights, hasInitialPassword: initial });
    const right = needs[act];
    let due: string = cells[act][status] ?? '';
    if (due === 'yes' && initial && act !== 'PASSWORD' && act !== 'ENROL') due = 'password-initial';
    if (due === 'yes' && right && !(right in rights)) due = 'table-denied';
    expect(accessFault(act, client, 'Naissance')?.code ?? 'yes').toBe(due);
    // ENROL is signed by a key that may be nobody's yet: its password says who asks, and the answer judges him.
    if (act !== 'ENROL') expect(judged(act, client)).toBe(due);
  });

  it('a right to one table is none to another, nor to one that does not exist', () => {
    const client = clientOf({ reads: new Set(['Deces', 'Perdue']), writes: new Set(['Deces']) });
    expect(judged('IMPORT', client)).toBe('table-denied');
    expect(judged('EXPORT', client)).toBe('table-denied');
    const query = { table: 'Perdue', columns: [], order: [] };
    const verdict = judgeQuestion({ ...head, service: 'IMPORT', query }, client, tables);
    expect(verdict).toMatchObject({ refuse: { code: 'table-unknown' } });
  });

  it('a message changes a profile where it has a change', () => {
    expect(actOf('PROFILE', true)).toBe('PROFILE-CHANGE');
    expect(actOf('PROFILE', false)).toBe('PROFILE');
    for (const service of ['RECEIPT', 'ROWS', 'STATEMENT', 'NOTICE', 'CERTIFICATE'] as const) {
      expect(actOf(service, false)).toBeUndefined();
    }
  });
});

describe('docs/services.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/services.md'), 'utf8');

  it('shows the table', () => {
    const rows = [
      ...page.matchAll(/^\| `([A-Z-]+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$/gm),
    ];
    expect(rows.map(row => row.slice(1))).toEqual(
      acts.map(act => {
        const rule: (typeof access)[Act] = access[act];
        const right = 'right' in rule ? rule.right : 'none';
        return [act, ...rule.statuses.map(told), right, told(rule.initially)];
      }),
    );
  });

  it('names errors of the catalogue only', () => {
    const named = [...page.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code]) => code as string);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter(code => !isErrorCode(code))).toEqual([]);
  });
});

function told(may: boolean): string {
  return may ? 'yes' : 'no';
}
