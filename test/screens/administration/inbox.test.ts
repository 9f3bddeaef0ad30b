/** What clients write, at the console: what is new is seen, read, and answered. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Privilege } from '../../../src/core/operator.ts';
import { receiveMessage } from '../../../src/db/system/received-message.ts';
import { lose } from '../../db/databases.ts';
import type { Stage } from '../stage.tsx';
import { now, running } from '../stand-in.ts';
import { Centre } from './centre.ts';

const centre = await Centre.found(5);
const save = '\x13';
let stage: Stage;

beforeEach(async () => {
  centre.ports.engine.status = running;
  await centre.system.query('truncate received_message restart identity');
  await centre.receive(
    [1024, 'Vieux', 'déjà lu', now - 3],
    [1025, 'Panne', 'Plus de courant.', now - 2],
    [1026, 'RE: Papier', 'Merci.', now - 1],
  );
  await centre.system.query(`update received_message set read_at = now() where subject = 'Vieux'`);
  await centre.count();
});

afterEach(() => {
  centre.ports.readOnly = false;
  stage.close();
});

async function opened(privilege?: Privilege): Promise<void> {
  stage = await centre.open({}, privilege);
}

async function unread(): Promise<string[]> {
  const rows = await centre.system.query<{ subject: string }>(
    'select subject from received_message where read_at is null order by id',
  );
  return rows.map(({ subject }) => subject);
}

describe('the list', () => {
  it('has what nobody has read first, marked, and the newest of them first', async () => {
    await opened();
    await stage.typed(['b', /Papier[\s\S]*Panne[\s\S]*Vieux/]);
    expect(stage.frame).toMatch(
      /▸ non lu .*1026.*Papier\n +non lu .*1025.*Panne\n +\d.*1024 Mbalmayo II.*Vieux/,
    );
    await stage.typed(['s\x1b[C\r', /reçu↑/]);
    await stage.until(/Vieux[\s\S]*Panne[\s\S]*Papier/);
  });

  it('is searched by client, in a command, too', async () => {
    await opened();
    await stage.typed([':courrier 1025\r', '/ 1025']);
    await stage.until('Panne');
    expect(stage.frame).not.toContain('Papier');
    await stage.typed([':inbox mbal\r', '/ mbal']);
    await stage.until('Vieux');
    await stage.typed(['/zzz\r', 'Aucun message trouvé']);
    await stage.esc();
    await stage.until('Papier');
  });

  it('is turned page by page, whatever is read meanwhile', async () => {
    await centre.receive(
      ...Array.from({ length: 40 }, (_, n) => [1027, `n${n + 100}`, '…', now + n] as const),
    );
    await opened();
    await stage.typed([':courrier\r', 'n139'], ['\x1b[6~', '']);
    await stage.until(frame => !frame.includes('n139'));
    const first = /▸ .* n(\d+)/.exec(stage.frame)?.[1];
    await stage.typed(['\r', `› Message n° `]);
    await stage.esc();
    // It was read, and stands elsewhere; the page begins with the next.
    await stage.until(new RegExp(`▸ non lu .* n${Number(first) - 1}`));
    await stage.typed(['\x1b[F', 'Vieux'], ['\x1b[H', /▸ .* n139/]);
  });
});

describe('a message', () => {
  it('counts as read once it is opened, and the Monitor tells how many are not', async () => {
    await opened();
    expect(stage.frame).toContain('courrier : 2 non lus');
    await stage.typed(['b', 'Panne'], ['\r', 'Merci.']);
    await expect.poll(unread).toEqual(['Panne']);
    await centre.count();
    await stage.until('courrier : 1 non lu');
    await stage.esc();
    await stage.until(/▸ non lu .*Panne/);
    const [row] = await centre.system.query(`select operator, detail from journal order by id desc limit 1`);
    expect(row).toEqual({ operator: 'mbome', detail: { client: 1026, message: 3 } });
  });

  it('is answered by M, by the form of every message, and once', async () => {
    await opened();
    await stage.typed(
      ['b', 'Panne'],
      ['\x1b[B', /▸ .*Panne/],
      ['\r', 'Plus de courant.'],
      ['m', 'Re: Panne'],
    );
    expect(stage.frame).toMatch(/client +1025 « Mairie de Yaoundé II »/);
    await stage.typed([`\tDemain.${save}`, /Message n° \d+ pour Mairie/]);
    expect(stage.frame).toContain('Plus de courant.');
    const [row] = await centre.system.query(
      'select client, subject, text from outgoing_message order by id desc limit 1',
    );
    expect(row).toEqual({ client: 1025, subject: 'Re: Panne', text: 'Demain.' });
  });

  it('that answers already is no answer to an answer; a long subject fits', async () => {
    await opened();
    await stage.typed(['b', 'Papier'], ['m', /objet +RE: Papier/]);
    await stage.esc();
    await centre.receive([1024, 'é'.repeat(200), '…', now]);
    await stage.typed(['\x1b[H', /▸ .*éé/], ['m', /objet +.*é…/]);
    await stage.typed([`\tOui${save}`, /Message n° \d+ pour/]);
    const [row] = await centre.system.query<{ subject: string }>(
      'select subject from outgoing_message order by id desc limit 1',
    );
    expect(row?.subject).toHaveLength(120);
  });

  it('is read, and stays unread, by who only looks', async () => {
    await opened(1);
    await stage.typed(['b', 'Papier'], ['\r', 'Merci.'], ['m', 'Privilège 2 nécessaire']);
    expect(await unread()).toEqual(['Panne', 'RE: Papier']);
    stage.close();
    centre.ports.readOnly = true;
    await opened();
    await stage.typed(['b', 'Papier'], ['\r', 'Merci.'], ['m', /lecture seule/i]);
    expect(await unread()).toEqual(['Panne', 'RE: Papier']);
  });

  it('can do nothing to the terminal, and keeps its lines', async () => {
    await receiveMessage(
      centre.system,
      1024,
      Buffer.alloc(8),
      'a\x1b[2Jb',
      `un\r\ndeux\x07 ${'x'.repeat(200)}`,
    );
    await opened();
    await stage.typed(['b', /▸ non lu .*Mbalmayo/], ['\r', 'deux']);
    expect(stage.frame.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(stage.frame.split('\n').every(line => line.length <= 80)).toBe(true);
    expect(stage.frame).toMatch(/^ un$/m);
  });

  it('is read while the database is away, which is said', async () => {
    await opened();
    await stage.typed(['b', 'Papier']);
    const regain = await lose(centre.system);
    await stage.typed(['\r', 'Merci.']);
    await stage.until('PostgreSQL injoignable');
    await regain();
    expect(await unread()).toEqual(['Panne', 'RE: Papier']);
  });

  it('of no client is answered: none is chosen', async () => {
    await opened();
    await stage.typed([':clients\r', '1024'], [':répondre\r', 'Choisissez d’abord un message']);
  });
});

describe('exchange and quota', () => {
  it('are set by the Superviseur, in one act, and stand on the sheet', async () => {
    await opened(4);
    await stage.typed(
      [':clients 1025\r', 'une fiche par SDC, lectures sans limite'],
      ['l', 'fiches par SDC ▸une'],
    );
    await stage.typed([`\x1b[C\t1200${save}`, 'échange et quota enregistrés']);
    await stage.until('plusieurs fiches par SDC, 1 200 lectures par jour');
    const [row] = await centre.system.query('select act, detail from journal order by id desc limit 1');
    expect(row).toEqual({
      act: 'client-rights',
      detail: {
        client: 1025,
        before: { batch: false, readsPerDay: null },
        after: { batch: true, readsPerDay: 1200 },
      },
    });
    await stage.typed(['l', '1200'], [`\t\x15${save}`, 'enregistrés']);
    await stage.until('lectures sans limite');
  });

  it('records of one SDC are for who manages clients; the quota is told to be the Superviseur’s', async () => {
    await opened(2);
    await stage.typed([':clients 1026\r', '› 1026 '], ['l', 'fiches par SDC']);
    await stage.typed([`\x1b[C\t9${save}`, /lectures par jour .*\n +Privilège 4 nécessaire/]);
    expect(
      await centre.system.query('select batch, reads_per_day from client where matricule = 1026'),
    ).toEqual([{ batch: false, reads_per_day: null }]);
    await stage.typed([`\x15${save}`, 'enregistrés']);
    await stage.until('plusieurs fiches par SDC');
  });

  it.each([
    ['douze', 'Un nombre entier, en chiffres.'],
    ['-1', 'Un nombre entier, en chiffres.'],
    ['9999999999', 'un nombre de 0 à'],
  ])('refuses %j', async (text, seen) => {
    await opened(4);
    await stage.typed([':clients 1026\r', '› 1026 '], ['l', 'fiches par SDC'], [`\t${text}${save}`, seen]);
    expect(await centre.system.query('select reads_per_day from client where matricule = 1026')).toEqual([
      { reads_per_day: null },
    ]);
  });
});
