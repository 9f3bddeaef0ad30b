/** `xmserver message`: the journal of messages, and what was sent: search, look at one, try again, send again. */

import type { DataFolder } from '../config.ts';
import { faultText, sentence, XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { hex } from '../core/message.ts';
import type { ArrivalOutcome } from '../core/ports.ts';
import { printable } from '../core/printable.ts';
import {
  type Attempt,
  findAttempt,
  listAttempts,
  markRetried,
  type Retriable,
  retriableAttempts,
} from '../db/data/journal.ts';
import { giveCommand } from '../db/system/engine.ts';
import { writeJournal } from '../db/system/operator.ts';
import { textForm } from '../sdc/text-form.ts';
import { type ProgramTexts, programTexts } from '../text/program.ts';
import { exitCodes, positive } from './command-line.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { type OpenInstallation, openInstallation } from './installation.ts';
import { moment } from './lines.ts';
import { base64, type Call, idOf, type MessageFlags, pageSize } from './message/call.ts';
import { resend, sent } from './message/sent.ts';
import { contentsOf, fileAgain } from './stored-message.ts';

type Command = (installation: OpenInstallation, call: Call) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { list, show, retry: retryRefused, sent, resend };
const retryBatch = 200;

/** `args` are the words after `message`. */
export async function runMessage(
  folder: DataFolder,
  args: readonly string[],
  flags: MessageFlags,
  language: Language,
): Promise<number> {
  const texts = programTexts[language];
  const [name = 'list', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new XmError('usage', { detail: texts.commandUnknown(`message ${name}`) });
  const installation = await openInstallation(folder, {
    applicationName: 'xmserver message',
    embedded: false,
  });
  try {
    return await command(installation, { args: rest, flags, language, texts });
  } finally {
    await installation.close();
  }
}

async function list({ documents }: OpenInstallation, { flags, language, texts }: Call): Promise<number> {
  const limit = flags.limit === undefined ? pageSize : positive('--limit', flags.limit, language);
  const attempts = await listAttempts(documents, flags, limit);
  if (flags.json) console.log(JSON.stringify(attempts.map(told)));
  else if (attempts.length === 0) console.log(texts.message.none);
  else for (const attempt of attempts) console.log(lineOf(attempt, texts, language));
  return exitCodes.ok;
}

async function show(installation: OpenInstallation, { args, flags, language, texts }: Call): Promise<number> {
  const id = idOf(args[0], language);
  const attempt = await findAttempt(installation.documents, id);
  if (!attempt) throw new XmError('message-unknown', { id });
  const { sdc, signed, question, acts, ...rest } = attempt;
  const contents = await contentsOf(installation, attempt);
  const content = contents.length > 1 ? contents : contents[0];
  if (flags.json) {
    const sealed = sdc ?? question;
    const bytes = {
      ...(sealed ? { sdc: base64(sealed) } : {}),
      ...(signed ? { signed: base64(signed) } : {}),
    };
    console.log(
      JSON.stringify({ ...told(rest), ...(acts ? { acts } : {}), ...(content ? { content } : {}), ...bytes }),
    );
    return exitCodes.ok;
  }
  console.log(lineOf(rest, texts, language));
  if (acts) console.log(`  ${texts.message.effects(acts)}`);
  for (const [i, record] of contents.entries()) {
    const reason = rest.reasons?.[i];
    if (contents.length > 1) {
      console.log(`${i + 1}. ${reason ? sentence(reason.code, reason.params, language) : ''}`.trimEnd());
    }
    for (const [name, value] of Object.entries(record)) {
      for (const line of `  ${name}: ${value}`.split(/\r?\n/)) console.log(printable(line));
    }
  }
  const kept = sdc ?? question ?? signed;
  if (kept) console.log(textForm(kept));
  return exitCodes.ok;
}

/** Those of the ids, or with `--all` every one that was not tried again yet. */
async function retryRefused(installation: OpenInstallation, call: Call): Promise<number> {
  const { args, flags, texts } = call;
  if (args.length === 0 && !flags.all) throw new XmError('usage', { detail: texts.message.whichOnes });
  const tally = { filed: 0, partly: 0, duplicate: 0, refused: 0, asked: 0, repeated: 0 };
  for await (const batch of flags.all ? allRefused(installation) : ofIds(installation, call)) {
    const outcomes = await fileAgain(
      installation,
      batch,
      error => void (error !== undefined && console.error(faultText(error))),
    );
    await markRetried(
      installation.documents,
      batch.map(({ id }) => id),
    );
    for (const [i, outcome] of outcomes.entries()) {
      tally[outcome.kind]++;
      if (!flags.json) console.log(`${batch[i]?.id}  ${outcomeText(outcome, call)}`);
    }
  }
  await writeJournal(
    installation.system,
    'message-retry',
    { ...tally, ids: args },
    commandLineOperator().userName,
  );
  // The receipts leave now, not at the next full minute.
  await giveCommand(installation.system, 'cycle', undefined);
  const { refused, partly, ...taken } = tally;
  const done = Object.values(taken).reduce((sum, count) => sum + count);
  console.log(flags.json ? JSON.stringify(tally) : texts.message.retried(done, refused + partly));
  return refused + partly > 0 ? exitCodes.refused : exitCodes.ok;
}

async function* allRefused({ documents }: OpenInstallation): AsyncGenerator<Retriable[]> {
  for (let after = 0; ; ) {
    const batch = await retriableAttempts(documents, after, retryBatch);
    if (batch.length === 0) return;
    after = batch.at(-1)?.id ?? after;
    yield batch;
  }
}

async function* ofIds(
  { documents }: OpenInstallation,
  { args, language }: Call,
): AsyncGenerator<Retriable[]> {
  for (const arg of args) {
    const id = idOf(arg, language);
    const attempt = await findAttempt(documents, id);
    if (!attempt) throw new XmError('message-unknown', { id });
    if (!attempt.sdc) throw new XmError('message-filed', { id });
    yield [{ id, topic: attempt.topic, sdc: attempt.sdc }];
  }
}

function told(attempt: Attempt) {
  const { messageId, at, retriedAt, ...rest } = attempt;
  return {
    ...rest,
    at: new Date(at).toISOString(),
    ...(messageId ? { messageId: hex(messageId) } : {}),
    ...(retriedAt === undefined ? {} : { retriedAt: new Date(retriedAt).toISOString() }),
  };
}

function lineOf(attempt: Attempt, texts: ProgramTexts, language: Language): string {
  const { id, at, client, table, service, outcome, numero, act, reason, filed, refused, size, retriedAt } =
    attempt;
  const parts = [
    `${id}`,
    moment(at, language),
    client === undefined ? texts.unknownSender : `${client}`,
    table ?? service ?? '',
    act ? texts.message.acts[act] : texts.events[outcome],
    numero === undefined ? '' : `${texts.number} ${numero}`,
    filed === undefined || refused === undefined ? '' : texts.message.records(filed, refused),
    reason ? sentence(reason.code, reason.params, language) : '',
    `${size} ${texts.bytes}`,
    retriedAt === undefined ? '' : texts.message.triedAgain,
  ];
  return printable(parts.filter(part => part !== '').join('  '));
}

function outcomeText(outcome: ArrivalOutcome, { texts, language }: Call): string {
  const records = ('records' in outcome && outcome.records) || [];
  const [first] = records;
  const refused = records.filter(({ kind }) => kind === 'refused').length;
  return [
    texts.events[outcome.kind],
    outcome.kind === 'refused' ? sentence(outcome.reason.code, outcome.reason.params, language) : '',
    records.length > 1 ? texts.message.records(records.length - refused, refused) : '',
    records.length === 1 && first && 'numero' in first ? `${texts.number} ${first.numero}` : '',
  ]
    .filter(part => part !== '')
    .join('  ');
}
