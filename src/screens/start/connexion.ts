/** "Connexion": host, port, user and password of PostgreSQL, asked at first use and whenever it lets nobody in. */
import type { ConsolePorts, KnownConnection, StartStep } from '../../core/console-ports.ts';
import { type DatabaseAccess, sslModes } from '../../core/database-server.ts';
import { type ErrorCode, XmError } from '../../core/errors.ts';
import type { Reason } from '../../core/ports.ts';
import { reasonOf } from '../fault.ts';
import { blaming, EntryScreen, type FormDesk } from '../form/entry.ts';
import type { FieldOptions, Values } from '../form/form.ts';
import { Observable } from '../observable.ts';

/** Failures of the start after which the connection is asked for; after the others it can be. */
export const asksConnexion: ReadonlySet<ErrorCode> = new Set([
  'database-unset',
  'database-unreachable',
  'database-password',
  'database-user',
  'database-tls',
  'database-certificate',
  'database-pooler',
  'database-create',
]);

const first = { host: 'localhost', port: 5432, user: 'xmserver' } as const;
const limit = 255;
const highestPort = 65_535;

interface ConnexionOptions {
  readonly known: KnownConnection;
  /** Why it is asked for. */
  readonly reason: Reason;
  readonly connect: (...call: Parameters<ConsolePorts['connect']>) => Promise<void>;
  readonly onConnected: () => void;
}

const blame = blaming({
  'database-unreachable': 'host',
  'database-pooler': 'host',
  'database-user': 'user',
  'database-create': 'user',
  'database-password': 'password',
  'database-tls': 'sslmode',
  'database-certificate': 'ca',
  'file-unreadable': 'ca',
  'certificate-invalid': 'ca',
});

export class Connexion extends Observable {
  readonly entry: EntryScreen;
  readonly #steps = new Map<StartStep['id'], StartStep>();
  #reason: Reason | undefined;

  constructor(desk: FormDesk, { known, reason, connect, onConnected }: ConnexionOptions) {
    super();
    const { connexion, setup } = desk.texts;
    // At first use there is nothing that has failed.
    const failed = known.server ? reason : undefined;
    this.#reason = failed && blame(failed) === undefined ? failed : undefined;
    this.entry = new EntryScreen(desk, () => ({
      title: known.server ? connexion.title : setup.step(1, connexion.title),
      fields: fieldsOf(desk, known),
      notes: connexion.notes,
      blame,
      ...(failed ? { failed } : {}),
      save: async values => {
        await this.#try(report => connect(accessOf(values), report));
        return { told: connexion.kept, next: onConnected };
      },
    }));
  }

  /** In the order in which they were first reported. */
  get steps(): readonly StartStep[] {
    return [...this.#steps.values()];
  }

  /** Why the connection could not be made, where no field is to blame; undefined while it is tried. */
  get reason(): Reason | undefined {
    return this.#reason;
  }

  async #try(work: (report: (step: StartStep) => void) => Promise<void>): Promise<void> {
    this.#reason = undefined;
    this.#steps.clear();
    try {
      await work(step => {
        this.#steps.set(step.id, step);
        this.changed();
      });
    } catch (error) {
      this.#steps.clear();
      // What is about a field stands under it.
      const isOfField = error instanceof XmError && blame(error) !== undefined;
      this.#reason = isOfField ? undefined : reasonOf(error);
      throw error;
    } finally {
      this.changed();
    }
  }
}

function fieldsOf({ texts }: FormDesk, { server, hasPassword }: KnownConnection): FieldOptions[] {
  const { connexion } = texts;
  const { host, port, user } = server ?? first;
  const modes = ['', ...sslModes] as const;
  return [
    { id: 'host', label: connexion.host, value: host, limit, required: true },
    {
      id: 'port',
      label: connexion.port,
      value: `${port}`,
      limit: 5,
      required: true,
      check: value =>
        /^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= highestPort
          ? undefined
          : connexion.portWrong,
    },
    { id: 'user', label: connexion.user, value: user, limit, required: true },
    {
      id: 'password',
      label: connexion.password,
      secret: true,
      limit,
      hint: hasPassword ? connexion.passwordKept : connexion.passwordHint,
    },
    {
      id: 'sslmode',
      label: connexion.sslmode,
      value: server?.sslmode ?? '',
      choices: modes.map(id => ({ id, label: connexion.sslmodes[id] })),
    },
    { id: 'ca', label: connexion.ca, value: server?.ca ?? '', limit: 4_096, hint: connexion.caHint },
  ];
}

function accessOf({ host = '', port, user = '', password = '', sslmode, ca = '' }: Values): DatabaseAccess {
  // Who names an authority wants it asked.
  const mode = sslModes.find(one => one === sslmode) ?? (ca === '' ? undefined : 'verify-full');
  return {
    host,
    port: Number(port),
    user,
    ...(mode === undefined ? {} : { sslmode: mode }),
    ...(ca === '' ? {} : { ca }),
    ...(password === '' ? {} : { password }),
  };
}
