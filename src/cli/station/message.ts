/** `xmstation message`: a few lines to the people of the centre, and what has gone back and forth. */
import { sentence } from '../../core/errors.ts';
import type { Answer } from '../../core/message.ts';
import type { SentLetter } from '../../core/station-ports.ts';
import { messageIn } from '../../sdc/opener.ts';
import { datedMoment, grouped } from '../../text/format.ts';
import { exitCodes, positive } from '../command-line.ts';
import { asked, print, type StationSession, tellRefusal, usage, withOffice, withStation } from './session.ts';

const usualLimit = 50;

export function message(session: StationSession, args: readonly string[]): Promise<number> {
  if (args[0] === 'list' && args.length === 1) return list(session);
  const { flags, texts } = session;
  const text = args.join(' ').trim();
  if (text === '') throw usage(texts.textNeeded);
  // Letters of people have one; who gives none has his first words stand for it.
  const subject = flags.subject ?? (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  return withStation(session, async open => {
    const answer = await asked(session, open, { service: 'MESSAGE', subject, text });
    if ('kind' in answer && answer.kind === 'refused') return tellRefusal(session, answer);
    print(session, { delivered: true }, [texts.delivered]);
    return exitCodes.ok;
  });
}

function list(session: StationSession): Promise<number> {
  const { flags, language, texts } = session;
  const limit = flags.limit === undefined ? usualLimit : positive('--limit', flags.limit, language);
  return withOffice(session, async ({ store }) => {
    const sent = (await store.sentLetters(limit)).map(letter => ({
      at: letter.at,
      way: 'sent' as const,
      ...sentOf(session, letter),
    }));
    const received = (await store.unasked(limit)).map(({ at, signed }) => ({
      at,
      way: 'received' as const,
      ...receivedOf(session, messageIn(signed) as Answer),
    }));
    const letters = [...sent, ...received].sort((a, b) => b.at - a.at).slice(0, limit);
    const lines = letters.flatMap(({ at, way, subject, text, state }) => [
      [`${way === 'sent' ? '→' : '←'} ${datedMoment(at, language)}`, subject, state]
        .filter(Boolean)
        .join('  '),
      ...(text === '' || text === subject ? [] : text.split('\n').map(line => `    ${line}`)),
    ]);
    print(session, letters, lines.length > 0 ? lines : [texts.noMessage]);
    return exitCodes.ok;
  });
}

interface Shown {
  readonly subject: string;
  readonly text: string;
  readonly state: string;
}

function sentOf({ language, texts }: StationSession, { subject, text, outcome }: SentLetter): Shown {
  if (!outcome) return { subject, text, state: texts.notDelivered };
  if (outcome.kind !== 'refused') return { subject, text, state: texts.delivered };
  const { reason } = outcome;
  const why = reason ? sentence(reason.code, reason.params, language) : texts.silently;
  return { subject, text, state: `${texts.refused}: ${why}` };
}

/** What people have written, and what the centre tells of the account by itself. */
function receivedOf({ language, texts }: StationSession, answer: Answer): Shown {
  const amount = (value: bigint) => grouped(value, language);
  switch (answer.service) {
    case 'MESSAGE':
      return { subject: answer.subject, text: answer.text, state: '' };
    case 'NOTICE':
      return {
        subject: `${texts.movements[answer.kind]} ${amount(answer.amount)}`,
        text: `${texts.balance}: ${amount(answer.balance)}`,
        state: '',
      };
    case 'STATEMENT':
      return { subject: `${texts.balance}: ${amount(answer.balance)}`, text: '', state: '' };
    default:
      return { subject: answer.service, text: '', state: '' };
  }
}
