/** `licence show`, `licence set`: the key of this installation. */
import { existsSync, readFileSync } from 'node:fs';
import { sentence, XmError } from '../../core/errors.ts';
import { type LicenceStore, licenceState, setLicence } from '../../core/licence.ts';
import type { Operator } from '../../core/operator.ts';
import { calendarDay, grouped } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import { type Answer, readInput } from '../pki/session.ts';
import type { LicenceCall } from './vendor.ts';

export interface InstalledCall extends LicenceCall {
  readonly store: LicenceStore;
  readonly operator: Operator;
}

const standardInput = 0;

export async function showLicence({ store, language, texts }: InstalledCall): Promise<Answer> {
  const { installation, limits, licence, problem } = await licenceState(store);
  const upTo = (count: number) => texts.upTo(grouped(count, language));
  const day = (text: string) => calendarDay(text, language);
  const rows = [
    [texts.installation, installation],
    [texts.edition, licence ? texts.licensed : texts.silver],
    ...(licence
      ? [
          [texts.holder, licence.holder],
          [texts.issued, day(licence.issued)],
          [texts.until, licence.until === undefined ? texts.endless : day(licence.until)],
        ]
      : []),
    [texts.clients, upTo(limits.clients)],
    [texts.operators, upTo(limits.operators)],
    ...(problem ? [[texts.problem, sentence(problem.code, problem.params, language)]] : []),
  ];
  return {
    json: { installation, limits, licence, problem: problem?.code },
    lines: table(rows),
  };
}

/** The words may be the key itself, in groups as it was printed. */
export async function setKey(call: InstalledCall, args: readonly string[]): Promise<Answer> {
  const { store, operator, texts } = call;
  await setLicence(store, operator, keyOf(args, texts));
  const { json, lines } = await showLicence(call);
  return { json, lines: [texts.set, ...lines] };
}

function keyOf(args: readonly string[], texts: InstalledCall['texts']): string {
  const [first, ...more] = args;
  if (first === undefined) throw new XmError('usage', { detail: texts.needs(texts.keyWord) });
  if (first === '-') return readFileSync(standardInput, 'utf8');
  return more.length === 0 && existsSync(first) ? readInput(first).toString() : args.join('\n');
}
