/**
 * Whatever is typed or pasted into whatever field of whatever form: it is taken as it is seen, or the field says what is
 * wrong with it, and then nothing is saved and nothing that was typed is lost. A form that is added fails here until its
 * fields stand in the table.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentence, XmError } from '../../../src/core/errors.ts';
import { type Language, languages } from '../../../src/core/language.ts';
import type { Phase } from '../../../src/screens/console.ts';
import { EntryScreen, type FormDesk } from '../../../src/screens/form/entry.ts';
import type { FormField } from '../../../src/screens/form/form.ts';
import { ListStates } from '../../../src/screens/list/states.ts';
import { type ScreenId, type Screens, screens } from '../../../src/screens/screens.ts';
import { firstOperator } from '../../../src/screens/setup/first-operator.ts';
import { Connexion } from '../../../src/screens/start/connexion.ts';
import { Monitor } from '../../../src/screens/transmissions/monitor.ts';
import { Transfer } from '../../../src/screens/transmissions/transfer.ts';
import { Workspace } from '../../../src/screens/workspace.ts';
import { displayWidth, loadWidths } from '../../../src/terminal/glyph.ts';
import { KeyParser } from '../../../src/terminal/key-parser.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { lose } from '../../db/databases.ts';
import { Centre } from '../fichier/centre.ts';
import { opening, openingsOf } from '../openings.ts';
import { Stage } from '../stage.tsx';
import { StandIn } from '../stand-in.ts';

const [save, clear, tab] = ['\x13', '\x15', '\t'];
const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

/** What acts on a terminal, turns the order of what stands beside it, or hides. */
const unseen = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u061c\u00ad]/u;

/**
 * `free`: any text that is seen. `word`: letters. `strict`: a number, a day, an amount, an address: none of the texts
 * below. `secret`: any text, never seen. `twice`: what needs another field
 * beside it, as a password that must be typed twice, and has it not.
 */
type Kind = 'free' | 'word' | 'strict' | 'secret' | 'twice';
type Fields = Readonly<Record<string, readonly [kind: Kind, right?: string]>>;

type FormId = { [Id in ScreenId]: Screens[Id] extends EntryScreen ? Id : never }[ScreenId];
type EarlyId = Exclude<Phase['name'], 'start' | 'login' | 'work' | 'quitting'>;

const profile: Fields = { name: ['free', 'Centre'], town: ['free'], telephone: ['strict'] };
const sheet: Fields = { name: ['free', 'Ebolo Anne'], certificateName: ['free'] };
const passwords: Fields = { password: ['twice', 'quatre chevaux'], again: ['twice', 'quatre chevaux'] };
const payment: Fields = { amount: ['strict', '100'] };
const signature: Fields = {
  name: ['free', 'Nom # '],
  quality: ['free'],
  certificate: ['strict'],
  from: ['strict'],
  until: ['strict'],
};
const address: Fields = {
  url: ['strict', 'mqtt://mq#.example.org'],
  userName: ['free'],
  password: ['secret'],
  keepAliveS: ['strict'],
  authority: ['strict'],
  clientCertificate: ['strict'],
  clientKey: ['twice'],
};
const numbers = [
  'cyclePeriodS',
  'attemptDays',
  'answerDays',
  'readingOverdraft',
  'currency',
  'currencyDecimals',
  't2dWatch',
];
const letter = Array.from(
  { length: 8 },
  (_, n) => [`line${n + 1}`, ['free', n === 0 ? 'Texte' : '']] as const,
);
const keyLines = Array.from({ length: 6 }, (_, n) => [`line${n}`, ['strict', n === 0 ? 'A' : '']] as const);

/** Fields that are typed into, each with what is right for it; `#` is another number each time. */
const forms: Readonly<Record<FormId | EarlyId, Fields>> = {
  'client-create': { ...profile, matricule: ['strict'] },
  'client-change': profile,
  'client-recharge': { ...payment, reference: ['free', 'R/#'] },
  'client-correct': { ...payment, reason: ['free', 'erreur'] },
  'client-invoice': { period: ['strict'] },
  'client-status': {},
  'client-message': { subject: ['free', 'Objet'], ...Object.fromEntries(letter) },
  'client-rights': {},
  'operator-create': { userName: ['word', 'u#'], ...sheet, ...passwords },
  'operator-change': sheet,
  'operator-password': passwords,
  'signatory-create': { client: ['strict', '1001'], ...signature },
  'signatory-change': signature,
  'signatory-end': { until: ['strict'] },
  settings: {
    serverName: ['free', 'Centre'],
    ...Object.fromEntries(numbers.map(name => [name, ['strict']])),
    defaultWrites: ['strict'],
    defaultReads: ['strict'],
  },
  broker: address,
  tariff: { perAct: ['strict'], perKilobyte: ['strict'], from: ['strict'] },
  'own-password': {
    current: ['twice', 'zzzz'],
    next: ['twice', 'quatre chevaux'],
    again: ['twice', 'quatre chevaux'],
  },
  'setup-broker': address,
  'setup-client': { ...profile, matricule: ['strict'] },
  'licence-key': Object.fromEntries(keyLines),
  revocation: {},
  refusal: { reason: ['free', 'illisible'] },
  'certificate-register': { file: ['strict'], passphrase: ['twice'] },
  'certificate-issue': { file: ['strict'], out: ['strict'], years: ['strict'] },
  'authority-import': { file: ['strict'] },
  'server-renew': { years: ['strict'] },
  'revocation-list': { days: ['strict'], out: ['strict'] },
  'client-exchange': { reads: ['strict'] },
  't2d-import': { other: ['strict'] },
  't2d-export': { other: ['strict'], client: ['strict'] },
  connexion: { host: ['free'], port: ['strict'], user: ['free'], password: ['secret'], ca: ['free'] },
  'first-operator': { userName: ['word', 'u#'], name: ['free', 'Nom'], ...passwords },
};

interface Sample {
  /** As the terminal sends it. */
  readonly typed: string | Uint8Array;
  /** What is in the field then. */
  readonly seen: string;
  /** Told before it is saved. */
  readonly leftOut?: 'lines' | 'invisible';
  /** Kinds of fields that take it; those that hold a secret as a free text. */
  readonly takenBy: readonly Kind[];
}

const free: readonly Kind[] = ['free', 'secret'];
const words: readonly Kind[] = [...free, 'word'];

const samples: Readonly<Record<string, Sample>> = {
  'a word': { typed: 'douze', seen: 'douze', takenBy: words },
  'control characters as keys': { typed: 'a\0b\x02c\x07', seen: 'abc', takenBy: words },
  'a title for the terminal as keys': { typed: 'a\x1b]0;x\x07b\x1b[31m', seen: 'a0;xb', takenBy: free },
  'control characters': {
    typed: pasted('a\0b\x07c\x1b[31md\x7fe\x85f\x9bg'),
    seen: 'abc[31mdefg',
    leftOut: 'invisible',
    takenBy: free,
  },
  'bidirectional controls': {
    typed: pasted('\u202eab\u2066c\u2069\u200f'),
    seen: 'abc',
    leftOut: 'invisible',
    takenBy: words,
  },
  'characters of no width': {
    typed: '\u2060a\u200bb\ufeff\u00adc',
    seen: 'abc',
    leftOut: 'invisible',
    takenBy: words,
  },
  lines: { typed: pasted('\nun\r\ndeux\ttrois\n'), seen: 'un', leftOut: 'lines', takenBy: words },
  'one line with its end': { typed: pasted('cent dix\r\n'), seen: 'cent dix', takenBy: free },
  'a tab': { typed: pasted('a\tb'), seen: 'a b', takenBy: free },
  accents: { typed: 'Éloïse', seen: 'Éloïse', takenBy: words },
  'accents apart': { typed: 'E\u0301loi\u0308se', seen: 'E\u0301loi\u0308se', takenBy: words },
  Hebrew: { typed: 'שלום 123', seen: 'שלום 123', takenBy: free },
  Arabic: { typed: pasted('مركز ٢٠٢٦'), seen: 'مركز ٢٠٢٦', takenBy: free },
  'both ways': { typed: 'Kribi קריבי 12', seen: 'Kribi קריבי 12', takenBy: free },
  'wide letters': { typed: '東京都', seen: '東京都', takenBy: words },
  pictures: { typed: '👨‍👩‍👧 🇨🇲', seen: '👨‍👩‍👧 🇨🇲', takenBy: free },
  'half a character': { typed: pasted('a\ud800b'), seen: 'a\ufffdb', takenBy: [] },
  'another encoding': {
    typed: Buffer.from('Yaound\xe9 2', 'latin1'),
    seen: 'Yaound\ufffd 2',
    takenBy: [],
  },
};

const centre = await Centre.open(Date.now());
const standIn = centre.ports();
const room = async () => ({ clients: 1_000_000, operators: 1_000_000 });
standIn.stores = { ...standIn.stores, administration: { ...standIn.stores.administration, limits: room } };
const installation = await standIn.start(() => undefined);
let given: Awaited<ReturnType<typeof openingsOf>>;
let turn = 0;

beforeAll(async () => {
  await loadWidths();
  given = await openingsOf(centre);
});

afterAll(() => centre.remove());

/** As in form.ts. */
const usualLimit = 120;

type Samples = readonly (readonly [name: string, sample: Sample])[];
type Row = readonly [id: FormId | EarlyId, field: string, kind: Kind];

const isForm = (id: ScreenId): id is FormId => Object.hasOwn(forms, id);

const bytes = (typed: Sample['typed']) => Buffer.from(typed as string);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

/** Everything that saving could have changed. */
async function written(): Promise<string> {
  const [row] = await centre.system.query<{ all: string }>(
    `select concat((select count(*) from journal), ' ', (select count(*) from movement), ' ',
                   (select count(*) from tariff), ' ', (select count(*) from invoice)) as "all"`,
  );
  return row?.all ?? '';
}

/** What was made by the trial before does not stand in the way of the next. */
async function forget(): Promise<void> {
  await centre.system.query(`update operator set user_name = 'o' || id where user_name <> 'mbome'`);
  await centre.system.query(
    'update certificate_request set decision = null, decided_at = null, reason = null',
  );
  await centre.system.query(`update signatory set name = 'Nom ' || id`);
}

class Trial {
  readonly said: string[] = [];
  readonly entry: EntryScreen;
  readonly #keys: KeyParser;

  constructor(id: FormId | EarlyId, language: Language) {
    const texts = consoleTexts[language];
    const say = (text: string) => void this.said.push(text);
    const ask: FormDesk['ask'] = async (text, choices) => {
      this.said.push(text);
      return choices.at(-1)?.id;
    };
    if (id === 'connexion' || id === 'first-operator') {
      const fault = (error: unknown) => void this.said.push(String(error));
      const desk: FormDesk = { texts, language, say, ask, fault, back: () => undefined };
      this.entry = id === 'connexion' ? connexion(desk) : early(desk);
      this.#keys = new KeyParser(key => this.entry.key(key));
      return;
    }
    const workspace = new Workspace({
      texts,
      language,
      session: {
        installation,
        operator: { id: 1, userName: 'mbome', name: 'Mbome François', privilege: 4 },
        monitor: new Monitor(installation),
        lists: new ListStates(),
        transfer: new Transfer(installation.t2d),
      },
      say,
      ask,
      copy: async () => undefined,
      closeSession: () => undefined,
      quit: () => undefined,
    });
    (workspace.open as (screen: ScreenId, ...argument: unknown[]) => void).call(
      workspace,
      id,
      ...opening(given, id),
    );
    this.entry = workspace.top.screen as EntryScreen;
    this.#keys = new KeyParser(key => workspace.key(key));
  }

  get fields(): readonly FormField[] {
    return this.entry.form?.fields ?? [];
  }

  get faults(): string[] {
    return this.fields.flatMap(({ fault }) => fault ?? []);
  }

  get typed(): readonly FormField[] {
    return this.fields.filter(({ options }) => !options.choices && !options.readOnly);
  }

  /** Filled in with what is right. */
  async begin(fields: Fields): Promise<void> {
    await until(() => this.entry.form !== undefined || this.entry.isOver);
    for (const field of this.fields) {
      const [, right] = fields[field.options.id] ?? [];
      if (right !== undefined) field.text.value = right.replace('#', `${++turn}`);
    }
  }

  async fill(fields: Fields, id: string, typed: Sample['typed']): Promise<FormField> {
    await this.begin(fields);
    const field = this.fields.find(one => one.options.id === id);
    if (!field) throw new Error(`no field ${id}`);
    this.replace(field, typed);
    return field;
  }

  replace(field: FormField, typed: Sample['typed']): void {
    for (let tabs = 0; this.entry.form?.focused !== field && tabs < 40; tabs++) this.type(tab);
    this.type(clear);
    this.type(typed);
  }

  type(typed: Sample['typed']): void {
    this.#keys.push(Buffer.from(typed as string));
  }

  expectSeen(what: string): void {
    expect(
      [...this.said, ...this.faults].filter(text => unseen.test(text)),
      what,
    ).toEqual([]);
  }

  async save(): Promise<void> {
    this.type(save);
    await until(() => this.entry.isOver || !this.entry.form?.isSaving);
  }
}

function connexion(desk: FormDesk): EntryScreen {
  const known = { server: { host: 'db1', port: 5432, user: 'xms' }, hasPassword: true };
  return new Connexion(desk, {
    known,
    reason: { code: 'database-newer', params: {} },
    connect: async () => undefined,
    onConnected: () => undefined,
  }).entry;
}

function early(desk: FormDesk): EntryScreen {
  return firstOperator(desk, installation, { onOpened: () => undefined, onTaken: () => undefined });
}

/** One of a form's fields that are typed into. */
const rows = Object.entries(forms).flatMap(([id, fields]) =>
  Object.entries(fields).map(([field, [kind]]) => [id as FormId | EarlyId, field, kind] as const),
);

describe('the table', () => {
  it.each(Object.keys(screens) as ScreenId[])('has %s, if it is a form, and all its fields', async id => {
    const trial = new Trial(id as FormId, 'fr');
    expect(trial.entry instanceof EntryScreen).toBe(isForm(id));
    if (isForm(id)) await expectFields(trial, id);
  });

  it.each(['connexion', 'first-operator'] as const)('has all fields of %s', id =>
    expectFields(new Trial(id, 'fr'), id),
  );

  async function expectFields(trial: Trial, id: FormId | EarlyId): Promise<void> {
    await until(() => trial.entry.form !== undefined);
    expect(trial.typed.map(({ options }) => options.id)).toEqual(Object.keys(forms[id]));
  }
});

/** What a field has of a sample, and what it says of it. */
function expectTold(field: FormField, sample: Sample, language: Language, what: string): boolean {
  const { leftOut, tooLong } = consoleTexts[language].entry;
  const { flows = false, limit = usualLimit } = field.options;
  expect(field.text.value, what).toBe(sample.seen);
  if (sample.seen.normalize('NFC').length > limit) expect(field.fault, what).toBe(tooLong(limit));
  else if (sample.leftOut && !(flows && sample.leftOut === 'lines')) {
    expect(field.fault, what).toBe(leftOut[sample.leftOut]);
    return true;
  }
  return false;
}

const isTaken = ({ takenBy, seen }: Sample, kind: Kind, limit = usualLimit) =>
  takenBy.includes(kind) && seen.normalize('NFC').length <= limit;

/** In every field that takes it. */
async function expectTaken(
  id: FormId | EarlyId,
  language: Language,
  sample: Sample,
  what: string,
): Promise<void> {
  await forget();
  const trial = new Trial(id, language);
  await trial.begin(forms[id]);
  const taking = trial.typed.filter(({ options }) =>
    isTaken(sample, forms[id][options.id]?.[0] ?? 'strict', options.limit),
  );
  if (taking.length === 0) return;
  let isTold = false;
  for (const field of taking) {
    trial.replace(field, sample.typed);
    isTold = expectTold(field, sample, language, what) || isTold;
  }
  if (isTold) {
    await trial.save();
    expect(trial.entry.isOver, what).toBe(false);
  }
  await trial.save();
  expect([trial.faults, trial.entry.isOver], what).toEqual([[], true]);
  trial.expectSeen(what);
}

/** All of them in one form: it stays open. */
async function expectRefused([id, name, kind]: Row, language: Language, refused: Samples): Promise<void> {
  const { required, tooLong, illegible } = consoleTexts[language].entry;
  const before = await written();
  const trial = new Trial(id, language);
  const field = await trial.fill(forms[id], name, '');
  const { limit = usualLimit, secret = false } = field.options;
  if (field.options.required) {
    for (const typed of secret ? [''] : ['', '   ']) {
      trial.replace(field, typed);
      await trial.save();
      expect([trial.entry.isOver, field.fault, field.text.value]).toEqual([false, required, typed]);
    }
  }
  for (const [sampleName, sample] of refused) {
    const what = `${sampleName} in ${id} ${name}`;
    trial.replace(field, sample.typed);
    if (expectTold(field, sample, language, what)) await trial.save();
    await trial.save();
    expect([trial.entry.isOver, field.text.value], what).toEqual([false, sample.seen]);
    if (sample.seen.normalize('NFC').length > limit) expect(field.fault, what).toBe(tooLong(limit));
    else if (sample.seen.includes('\ufffd')) expect(field.fault, what).toBe(illegible);
    else if (kind === 'twice' || id === 'licence-key')
      expect(trial.faults.concat(trial.said), what).not.toEqual([]);
    else expect(field.fault, what).toMatch(/^\P{Ll}.*\.$/u);
  }
  for (const length of [1, 20_000]) {
    const text = '9'.repeat(limit + length);
    trial.replace(field, pasted(text));
    expect(field.fault).toBe(tooLong(limit));
    await trial.save();
    expect([trial.entry.isOver, field.fault]).toEqual([false, tooLong(limit)]);
    expect(text.startsWith(field.text.value) && field.text.value.length > limit).toBe(true);
  }
  expect(await written()).toBe(before);
  trial.expectSeen(`${id} ${name}`);
}

/** A password is hashed, which takes its time; the other fields stand in the form of the change, too. */
const slow: ReadonlySet<string> = new Set<FormId>(['client-create', 'setup-client', 'operator-create']);
const someOf = 8;

describe.each(languages)('%s', language => {
  it.each(rows)('%s refuses for %s what is not %s', async (...row) => {
    const [id, name, kind] = row;
    const { limit } = (await new Trial(id, language).fill(forms[id], name, '')).options;
    const refused = Object.entries(samples).filter(([, sample]) => !isTaken(sample, kind, limit));
    await expectRefused(row, language, refused);
  });

  it.each(Object.keys(forms) as (keyof typeof forms)[])('%s takes what is seen', async id => {
    for (const [place, [sampleName, sample]] of Object.entries(samples).entries()) {
      const isHere = place % languages.length === languages.indexOf(language);
      // What is taken is taken in either language.
      if (isHere && (!slow.has(id) || place % someOf < languages.length))
        await expectTaken(id, language, sample, `${sampleName} in ${id}`);
    }
  });
});

/** A name as a database may have it that others have filled. */
const spoof = 'Kribi\u202e1001\u2066\u200b\x1b[2J\x9b31m';

describe.each(languages)('what is drawn, %s', language => {
  const texts = consoleTexts[language];

  function expectWithin({ frame }: Stage, what: string): void {
    const lines = frame.split('\n');
    expect(lines, what).toHaveLength(24);
    expect(
      lines.filter(line => displayWidth(line) > 80 || unseen.test(line)),
      what,
    ).toEqual([]);
  }

  async function drawing(ports: StandIn): Promise<Stage> {
    const stage = new Stage({ language, ports });
    await stage.settle();
    return stage;
  }

  async function expectDrawn(stage: Stage, screen: EntryScreen, what: string): Promise<void> {
    await until(() => screen.form !== undefined);
    await stage.settle();
    const { fields = [] } = screen.form ?? {};
    const inEach = (typed: Sample['typed']) =>
      stage.type(Buffer.concat(fields.flatMap(() => [bytes(clear), bytes(typed), bytes(tab)])));
    const shown = (frame: string) => {
      const said = screen.form?.focused?.fault ?? screen.entry?.title ?? '';
      return frame.replace(/\s+/g, ' ').includes(said.replace(/\s+/g, ' '));
    };
    for (const [place, [name, { typed }]] of Object.entries(samples).entries()) {
      if (place % languages.length !== languages.indexOf(language)) continue;
      await inEach(typed);
      await stage.until(shown);
      expectWithin(stage, `${what}, ${name}`);
    }
    await inEach(pasted('東'.repeat(1_500)));
    // Without a field to type into it would be saved.
    if (fields.some(({ fault }) => fault !== undefined)) await stage.type(save);
    await stage.until(shown);
    expectWithin(stage, what);
  }

  it('keeps each form within its columns', async () => {
    const stage = await drawing(standIn);
    await stage.logIn();
    await stage.until(texts.monitor.title);
    const { phase } = stage.console;
    if (phase.name !== 'work') throw new Error('nobody is logged in');
    const { workspace } = phase;
    for (const id of (Object.keys(forms) as ScreenId[])
      .filter(isForm)
      .filter(one => Object.hasOwn(screens, one))) {
      (workspace.open as (one: ScreenId, ...argument: unknown[]) => void).call(
        workspace,
        id,
        ...opening(given, id),
      );
      await expectDrawn(stage, workspace.top.screen as EntryScreen, id);
      workspace.back();
    }
    stage.close();
  });

  it('keeps the forms before the log-in within their columns', async () => {
    const refused = new StandIn();
    refused.known = { server: { host: 'db1', port: 5432, user: 'xms' }, hasPassword: true };
    refused.starting = () =>
      Promise.reject(new XmError('database-unreachable', { host: spoof, detail: spoof }));
    const lacking = new StandIn();
    lacking.lacksOperator = true;
    for (const ports of [refused, lacking]) {
      const stage = await drawing(ports);
      expectWithin(stage, 'as it is opened');
      const { phase } = stage.console;
      if (phase.name !== 'connexion' && phase.name !== 'first-operator') throw new Error(phase.name);
      await expectDrawn(stage, phase.name === 'connexion' ? phase.connexion.entry : phase.entry, phase.name);
      stage.close();
    }
  });

  it('keeps the log-in, the search and the command line within theirs', async () => {
    const stage = await drawing(standIn);
    for (const [name, { typed }] of Object.entries(samples)) {
      await stage.type(
        Buffer.concat([bytes(clear), bytes(typed), bytes(tab), bytes(clear), bytes(typed), bytes(tab)]),
      );
      expectWithin(stage, `log-in, ${name}`);
    }
    await stage.type(`${tab}${clear}${tab}${clear}`);
    await stage.logIn();
    await stage.until(texts.monitor.title);
    for (const [name, { typed }] of Object.entries(samples)) {
      for (const place of [':', `:clients\r`]) {
        await stage.type(place === ':' ? place : `${place}/`);
        await stage.type(typed);
        expectWithin(stage, `${place}, ${name}`);
        stage.console.key({ name: 'escape', text: '' });
        await stage.settle();
      }
    }
    stage.close();
  });

  it('shows a name that others have filled as what it is, in lists, forms, messages and questions', async () => {
    const { system } = centre;
    await system.query('update client set nom = $1 where matricule = 1001', [spoof]);
    standIn.messages.rows = standIn.messages.rows.map(row => ({ ...row, clientName: spoof }));
    const stage = await drawing(standIn);
    await stage.logIn();
    for (const [keys, shown] of [
      [`:clients 1001\r`, '1001'],
      ['t', texts.acts['client-status'].name],
      [`0${save}`, 'Kribi 1001'],
    ] as const) {
      await stage.type(keys);
      await stage.until(shown);
      expectWithin(stage, shown);
    }
    expect(stage.console.question?.text).toContain('Kribi');
    stage.close();
    await system.query(`update client set nom = 'Kribi' where matricule = 1001`);
  });
});

/**
 * Nothing of theirs is asked of the database; a key that is none is refused before, and a file that is none
 * (fichier/certificate-files.test.ts has files, and loses the database).
 */
const asksNothing: readonly string[] = [
  'licence-key',
  't2d-import',
  't2d-export',
  'connexion',
  'first-operator',
  'certificate-register',
  'certificate-issue',
  'authority-import',
];

it.each(languages)(
  'is kept by every form where the database is lost in the middle of an entry, %s',
  async language => {
    const { kept } = consoleTexts[language].entry;
    const lacking = new XmError('database-unreachable');
    await forget();
    const ids = (Object.keys(forms) as (keyof typeof forms)[]).filter(id => !asksNothing.includes(id));
    const trials = ids.map(id => new Trial(id, language));
    for (const [place, trial] of trials.entries()) await trial.begin(forms[ids[place] as FormId]);
    const regain = await lose(centre.system);
    try {
      for (const [place, trial] of trials.entries()) {
        const values = trial.entry.form?.values;
        await trial.save();
        expect([trial.entry.isOver, trial.entry.form?.values], ids[place]).toEqual([false, values]);
        const told = sentence(lacking.code, {}, language).slice(1, 12);
        expect(trial.said.at(-1), ids[place]).toContain(kept('').trim());
        expect(trial.said.at(-1), ids[place]).toContain(told);
      }
    } finally {
      await regain();
    }
  },
);

it('has filed nothing that is not seen', async () => {
  const columns = await centre.system.query<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from information_schema.columns
      where table_schema = 'public' and data_type in ('text', 'jsonb', 'character varying')`,
  );
  expect(columns.length).toBeGreaterThan(20);
  for (const { table, column } of columns) {
    const found = await centre.system.query<{ text: string | null }>(
      `select "${column}"::text as text from "${table}"`,
    );
    const wrong = found.flatMap(({ text }) =>
      text && unseen.test(text.replace(/[\n\t]/g, ' ')) ? [text] : [],
    );
    expect([table, column, wrong]).toEqual([table, column, []]);
  }
});
