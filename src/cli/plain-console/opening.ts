/**
 * What comes before the log-in, in lines: the start, the form of the connection where PostgreSQL lets nobody in, the form
 * of the first operator where there is none yet. As src/screens/start/opening.ts does it on the screen.
 */
import type { ConsolePorts, Installation, StartStep } from '../../core/console-ports.ts';
import type { Operator } from '../../core/operator.ts';
import { reasonOf } from '../../screens/fault.ts';
import type { FormDesk } from '../../screens/form/entry.ts';
import { firstOperator } from '../../screens/setup/first-operator.ts';
import { asksConnexion, Connexion } from '../../screens/start/connexion.ts';
import { fillIn } from './form.ts';
import type { Talk } from './talk.ts';

export type OpeningPorts = Pick<ConsolePorts, 'start' | 'connection' | 'connect'>;

/** Rejects with what the start fails with, where no other connection is given. */
export async function startInLines(talk: Talk, ports: OpeningPorts): Promise<Installation> {
  while (true) {
    try {
      return await ports.start(stepTeller(talk));
    } catch (error) {
      if (!(await connectInLines(talk, ports, error))) throw error;
    }
  }
}

/** False: it was not asked for, or it was given up. */
async function connectInLines(talk: Talk, ports: OpeningPorts, error: unknown): Promise<boolean> {
  const reason = reasonOf(error);
  const known = asksConnexion.has(reason.code) ? await ports.connection() : undefined;
  if (!known) return false;
  // At first use there is nothing that has failed.
  if (known.server) talk.fault(error);
  let isConnected = false;
  const { entry } = new Connexion(formDesk(talk), {
    known,
    reason,
    connect: access => ports.connect(access, stepTeller(talk)),
    onConnected: () => {
      isConnected = true;
    },
  });
  await fillIn(talk, entry, () => undefined);
  return isConnected;
}

/** The Superviseur, who is logged in; undefined: it was given up, or somebody else was faster. */
export async function firstOperatorInLines(
  talk: Talk,
  installation: Installation,
): Promise<Operator | undefined> {
  let opened: Operator | undefined;
  const entry = firstOperator(formDesk(talk), installation, {
    onOpened: operator => {
      opened = operator;
    },
    onTaken: () => undefined,
  });
  await fillIn(talk, entry, () => undefined);
  return opened;
}

function formDesk({ texts, language, say, fault, ask }: Talk): FormDesk {
  return { texts, language, say, fault, ask, back: () => undefined };
}

/** Each step once, when it is done. */
function stepTeller({ say, texts, lines }: Talk): (step: StartStep) => void {
  const told = new Set<string>();
  return ({ id, state }) => {
    if (state !== 'done' || told.has(id)) return;
    told.add(id);
    say(`${lines.prompt(texts.start.steps[id])}${texts.start[state]}`);
  };
}
