/** Questions of a command: by the link of the station's own process where one runs, else by one opened for them. */
import type { DataFolder } from '../config.ts';
import type { Answer, Outcome } from '../core/message.ts';
import { pause } from '../core/pause.ts';
import { type AskingParts, ask, type Question } from '../station/asking.ts';
import { Correspondence, type CorrespondenceEvent } from '../station/correspondence.ts';
import type { OpenStation } from './open-station.ts';
import { claimRunFile, removeRunFile } from './run-file.ts';
import { correspondenceOf } from './station-link.ts';

/** A process that has the link may end before it has sent what others ask. */
const claimAgainMs = 2_000;

/**
 * Resolves as `ask` does. `onEvent` is told of a link opened for it, and of all that comes in on it. Rejects where
 * `signal` is aborted: the question stays, and is sent by whichever process has the link next.
 */
export function askServer(
  folder: DataFolder,
  open: OpenStation,
  question: Question,
  onEvent: (event: CorrespondenceEvent) => void,
  signal: AbortSignal,
): Promise<readonly Answer[] | Outcome> {
  return whileLinked(folder, open, onEvent, signal, ending => ask(askingParts(open), question, ending));
}

export function askingParts({ servers, store, sealer }: OpenStation): AskingParts {
  return { clock: Date, server: servers()[0], store, sealer };
}

/** Has `work` done while somebody has the link: the station's own process, or else this one. */
export async function whileLinked<T>(
  folder: DataFolder,
  open: OpenStation,
  onEvent: (event: CorrespondenceEvent) => void,
  signal: AbortSignal,
  work: (ending: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const failed = Promise.withResolvers<never>();
  const ending = AbortSignal.any([signal, ended.signal]);
  const linked = haveLink(folder, open, onEvent, ending);
  linked.catch(failed.reject);
  try {
    return await Promise.race([work(ending), failed.promise]);
  } finally {
    ended.abort();
    await linked.catch(() => undefined); // told by then
  }
}

/** Two with the station's name would take the broker's session from each other, for ever. */
async function haveLink(
  folder: DataFolder,
  open: OpenStation,
  onEvent: (event: CorrespondenceEvent) => void,
  ending: AbortSignal,
): Promise<void> {
  while (!ending.aborted) {
    if (!claimRunFile(folder, 'station')) {
      await pause(claimAgainMs, ending);
      continue;
    }
    try {
      await open.store.purge(Date.now());
      const correspondence = new Correspondence(correspondenceOf(open, onEvent), ending);
      try {
        await correspondence.answerQuestions();
      } finally {
        await correspondence.close();
      }
    } finally {
      removeRunFile(folder, 'station');
    }
  }
}
