/** `message sent`, `message resend`: what was sealed for clients, and the same bytes once more. */
import type { AnsweredMessage, SentAgain } from '../../core/console-ports.ts';
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import { printable } from '../../core/printable.ts';
import { readSent, type Sent, sendAgain } from '../../db/data/sent.ts';
import { giveCommand } from '../../db/system/engine.ts';
import { writeJournal } from '../../db/system/operator.ts';
import { textForm } from '../../sdc/text-form.ts';
import { exitCodes, positive, usage } from '../command-line.ts';
import { commandLineOperator } from '../command-line-operator.ts';
import type { OpenInstallation } from '../installation.ts';
import { moment } from '../lines.ts';
import { kindOf, readSentMessage } from '../sent-message.ts';
import { base64, type Call, idOf, pageSize } from './call.ts';

/** The newest, or the one of a number. */
export async function sent(installation: OpenInstallation, call: Call): Promise<number> {
  const { args, flags, language, texts } = call;
  if (args[0] !== undefined) return show(installation, idOf(args[0], language), call);
  const limit = flags.limit === undefined ? pageSize : positive('--limit', flags.limit, language);
  const entries = await readSent(
    installation.documents,
    flags.client === undefined ? {} : { clients: [flags.client] },
    {
      ...(flags.before === undefined ? {} : { from: flags.before }),
      inclusive: false,
      descending: true,
      limit,
    },
  );
  if (flags.json) console.log(JSON.stringify(entries.map(told)));
  else if (entries.length === 0) console.log(texts.message.noneSent);
  else for (const entry of entries) console.log(lineOf(entry, call));
  return exitCodes.ok;
}

async function show(installation: OpenInstallation, id: number, call: Call): Promise<number> {
  const { texts } = call;
  const { sent: entry, sdc, known } = await readSentMessage(installation, id);
  const { about, written, notice } = known;
  if (call.flags.json) {
    const all = {
      ...told(entry),
      about: about.map(answeredOf),
      ...(written ? { written } : {}),
      ...(notice ? { notice: { ...notice, amount: `${notice.amount}`, balance: `${notice.balance}` } } : {}),
      sdc: base64(sdc),
    };
    console.log(JSON.stringify(all));
    return exitCodes.ok;
  }
  const lines = [
    ...about.flatMap(message => linesOf(message, call)),
    ...Object.entries(written ?? notice ?? {}).flatMap(([name, value]) => `${name}: ${value}`.split(/\r?\n/)),
  ];
  console.log(lineOf(entry, call));
  console.log(`  ${texts.message.sealed}`);
  for (const line of lines) console.log(`  ${printable(line)}`);
  console.log(textForm(sdc));
  return exitCodes.ok;
}

/** What waits already goes on waiting. */
export async function resend(
  { system, documents }: OpenInstallation,
  { args, flags, language, texts }: Call,
): Promise<number> {
  if (args.length === 0) throw usage(texts.message.whichSent);
  const ids = args.map(arg => idOf(arg, language));
  const results: { readonly id: number; readonly result: SentAgain }[] = [];
  try {
    for (const id of ids) {
      const result = await sendAgain(documents, id);
      if (!result) throw new XmError('sent-unknown', { id });
      results.push({ id, result });
      if (result === 'queued')
        await writeJournal(system, 'message-resend', { id }, commandLineOperator().userName);
      if (!flags.json) console.log(`${id}  ${texts.message.sentAgain[result]}`);
    }
  } finally {
    // They leave now, not at the next full minute; those before an unknown one, too.
    if (results.length > 0) await giveCommand(system, 'cycle', undefined);
  }
  if (flags.json) console.log(JSON.stringify(results));
  return exitCodes.ok;
}

function told(entry: Sent) {
  const { createdAt, sentAt, service: _service, letter: _letter, ...rest } = entry;
  return {
    ...rest,
    ...kindOf(entry),
    createdAt: new Date(createdAt).toISOString(),
    ...(sentAt === undefined ? {} : { sentAt: new Date(sentAt).toISOString() }),
  };
}

function answeredOf({ messageId, askedAt, ...rest }: AnsweredMessage) {
  return {
    messageId: hex(messageId),
    ...(askedAt === undefined ? {} : { askedAt: new Date(askedAt).toISOString() }),
    ...rest,
  };
}

function lineOf(entry: Sent, { texts, language }: Call): string {
  const { id, client, count, size, createdAt, sentAt, times, waits } = entry;
  const { kind, service } = kindOf(entry);
  return [
    `${id}`,
    moment(createdAt, language),
    `${client}`,
    texts.message.kinds[kind],
    kind === 'receipts' ? `× ${count}` : (service ?? ''),
    `${size} ${texts.bytes}`,
    sentAt === undefined ? '' : texts.message.lastSent(moment(sentAt, language), times),
    waits ? texts.message.sentAgain.waiting : '',
  ]
    .filter(part => part !== '')
    .join('  ');
}

function linesOf({ service, askedAt, records }: AnsweredMessage, { texts, language }: Call): string[] {
  if (service !== undefined && askedAt !== undefined) return [`${service}  ${moment(askedAt, language)}`];
  return records.map(({ table, numeroThere, numero, act }) =>
    [
      table,
      `${texts.number} ${numeroThere}`,
      act === 'filed' ? texts.events.filed : texts.message.acts[act],
      `${texts.number} ${numero}`,
    ].join('  '),
  );
}
