/**
 * `npm run bench:questions`: an import of 1 000 acts from a large table, one by one and several in each SDC, and
 * certifications, as an office asks them: over a real broker, the built engine and real sealing; seconds from the
 * publish of the question to the arrival of the last SDC of its answer. `--rows`: of the table (default 10 million).
 */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { hex, type Message, type MessageId, type Request, topics } from '../src/core/message.ts';
import { CalendarDate, type Value } from '../src/core/record.ts';
import { createOpener } from '../src/sdc/opener.ts';
import { createSealer } from '../src/sdc/sealer.ts';
import type { RunningEngine } from '../test/site/engine.ts';
import type { Office } from '../test/site/enrol.ts';
import { Collector, Senders } from '../test/site/load.ts';
import { cpuSeconds } from '../test/site/process.ts';
import { makeSite, type Site } from '../test/site/site.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rows: { type: 'string', default: '10000000' } },
});
const rows = Number(values.rows);
const rounds = 7;
const say = (line: string) => void (values.json || console.log(line));

type Question<R = Request> = R extends R ? Omit<R, 'id' | 'recipient' | 'at'> : never;

const site = await makeSite(2, 'ec');
let engine: RunningEngine;
try {
  await fill(site);
  engine = await site.startEngine();
  const [single, batch] = site.offices as [Office, Office];
  const table = { table: 'Naissance', columns: [], order: [] };
  const last = rows - 1_000;
  const imports = { service: 'IMPORT', query: table } as const;
  const late = `select * from Naissance where Status = 2 and Numero >= ${last} order by Numero limit 1000`;
  const paper = (n: number) =>
    new Map<string, Value>([
      ['NumeroActe', `${n}/2026`],
      ['Nom', 'éyoum'],
    ]);
  const named = (n: number) =>
    new Map<string, Value>([
      ['Nom', `Nom ${n}`],
      ['DateNaissance', dayOf(n)],
    ]);
  const result = {
    import_1000_s: await median('import of 1 000, one a SDC', single, 1_000, () => imports),
    import_1000_late_s: await median(
      'the same at the end of the table, as SELECT text',
      single,
      1_000,
      () => ({
        service: 'IMPORT',
        query: late,
      }),
    ),
    // Nobody else has that name.
    import_named_s: await median('import of one, by name', single, 1, n => ({
      service: 'IMPORT',
      query: `select * from Naissance where Nom = 'Nom ${n * 1_000}'`,
    })),
    import_1000_batch_s: await median('import of 1 000, several a SDC', batch, 1_000, () => imports),
    certify_number_s: await median('certification by number', single, 1, n => ({
      service: 'CERTIFY',
      table: 'Naissance',
      paper: paper(n * 1_000),
    })),
    certify_name_s: await median('certification by name and date', single, 1, n => ({
      service: 'CERTIFY',
      table: 'Naissance',
      paper: named(n * 1_000),
    })),
    rows,
    cores: availableParallelism(),
    node: process.version,
    at: new Date().toISOString(),
  };
  if (values.json) console.log(JSON.stringify(result));
  await engine.stop();
} finally {
  await site.close();
}

function dayOf(n: number): CalendarDate {
  return new CalendarDate(14_610 + (n % 9_000));
}

/** Acts as full as a centre's; numbers and names that no other has. */
async function fill({ system, documents }: Site): Promise<void> {
  const startedAt = performance.now();
  const step = 500_000;
  for (let from = 1; from <= rows; from += step) {
    await documents.query(
      `insert into "Naissance" ("Status", "NumeroActe", "Region", "Departement", "Arrondissement", "Centre", "Nom",
         "Prenoms", "Sexe", "DateNaissance", "LieuNaissance", "NomPere", "NomMere", "Declarant", "DateActe")
       select 2, n || '/2026', 'Littoral', 'Wouri', 'Douala IV', 'Bonassama', 'Nom ' || n, 'Merveille', 'F',
              date '2010-01-01' + (n % 9000)::int, 'Hôpital de Bonassama', 'PRISO Victor', 'NJOH Delphine',
              'NJOH Delphine', date '2026-01-01'
         from generate_series($1::bigint, $2::bigint) n`,
      [from, Math.min(rows, from + step - 1)],
    );
  }
  await documents.query('vacuum analyze "Naissance"');
  await system.query('update client set status = 3');
  await system.query('update access_right set may_read = true');
  await system.query('update client set batch = true where matricule = (select max(matricule) from client)');
  say(`${rows} acts in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

/** Seconds of the median of some rounds. */
async function median(
  what: string,
  office: Office,
  records: number,
  question: (round: number) => Question,
): Promise<number> {
  const senders = await Senders.connect(site.broker.url, 1);
  const collector = await Collector.connect(site.broker.url);
  const seconds: number[] = [];
  let bytes = 0;
  const cpuBefore = cpus();
  try {
    for (let round = 1; round <= rounds; round++) {
      const id = randomBytes(8);
      const message = {
        ...question(round),
        id,
        recipient: site.server.keyId,
        at: Math.floor(Date.now() / 1000),
      } as Message;
      const [sealed] = await createSealer({ signer: office }).seal([{ message, recipient: site.server }]);
      collector.arrived.length = 0;
      const startedAt = performance.now();
      await senders.send(
        [{ topic: topics.up(office.matricule), sdc: sealed?.sdc ?? Buffer.alloc(0), id: hex(id) }],
        1,
      );
      await arrived(collector, office, id, records);
      seconds.push(((collector.arrived.at(-1)?.at ?? 0) - startedAt) / 1000);
      bytes = collector.arrived.reduce((sum, { sdc }) => sum + sdc.length, 0);
    }
  } finally {
    await senders.close();
    await collector.close();
  }
  const middle = seconds.sort((a, b) => a - b)[rounds >> 1] as number;
  const cpu = cpus().map((s, i) => ((s - (cpuBefore[i] ?? 0)) / rounds).toFixed(3));
  say(
    `${what}: ${middle.toFixed(3)} s (${seconds.map(s => s.toFixed(2)).join(' ')}), ${bytes} bytes; CPU s: engine ${cpu[0]}, PostgreSQL ${cpu[1]}`,
  );
  return Number(middle.toFixed(4));
}

function cpus(): number[] {
  return [cpuSeconds(engine.pid), cpuSeconds(site.postgres.pid, true)];
}

/** Resolves when all of the answer has come; throws where it is not what was asked for. */
async function arrived(
  collector: Collector,
  office: Office,
  about: MessageId,
  records: number,
): Promise<void> {
  const opener = createOpener({ recipients: [office] });
  let seen = 0;
  for (let count = 0; count < records; ) {
    while (collector.arrived.length === seen) await collector.next;
    const batch = collector.arrived.slice(seen);
    seen += batch.length;
    const results = await opener.open(
      batch.map(({ sdc }) => ({ sdc, isBatch: true })),
      async () => [site.server],
    );
    for (const opened of results) {
      if (!opened.ok) throw new Error(opened.reason.code);
      const { message } = opened;
      if (message.service === 'ROWS' && hex(message.about) === hex(about)) count += message.records.length;
      else if (message.service === 'CERTIFY-ANSWER') count++;
      else throw new Error(JSON.stringify(message, (_, v) => (typeof v === 'bigint' ? `${v}` : v)));
    }
  }
}
