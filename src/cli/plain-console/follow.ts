/** What the engine does, told as it happens. */
import type { EngineStatus } from '../../core/engine-status.ts';
import { programTexts } from '../../text/program.ts';
import { eventLine, statusLines } from '../lines.ts';
import type { LineDesk } from './line-desk.ts';

/** Until a line is typed. */
export async function follow({ talk, session }: LineDesk): Promise<void> {
  const { installation } = session;
  const { engine } = installation;
  const texts = programTexts[talk.language];
  let last: EngineStatus | undefined = engine.status;
  let unread = installation.unreadMessages;
  const stop = engine.subscribe(() => {
    const { unreadMessages } = installation;
    if (unreadMessages > unread) talk.say(talk.texts.clients.inbox.unread(unreadMessages));
    unread = unreadMessages;
    const { status } = engine;
    if (status === last) return;
    if (status?.state !== last?.state || status?.broker.state !== last?.broker.state)
      for (const line of statusLines(status, texts, talk.language)) talk.say(line);
    for (const event of status?.events ?? []) talk.say(eventLine(event, texts, talk.language));
    last = status;
  });
  try {
    talk.say(talk.lines.following);
    await talk.input.read('');
    talk.say(talk.lines.followed);
  } finally {
    stop();
  }
}
