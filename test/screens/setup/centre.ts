/** An installation with nobody in it yet, on databases of its own. */
import { administrationOf } from '../../../src/cli/administration/ports.ts';
import { createFirstOperator } from '../../../src/core/administration/operator.ts';
import type { Administration } from '../../../src/core/administration/ports.ts';
import type { Operator } from '../../../src/core/operator.ts';
import type { Database } from '../../../src/db/database.ts';
import { clone } from '../../db/databases.ts';
import { Stage, type StageOptions } from '../stage.tsx';
import { StandIn } from '../stand-in.ts';

export const installer: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
export const password = 'quatre chevaux bais';

export class EmptyCentre {
  readonly system: Database;
  readonly administration: Administration;

  /** Call it while the test file is collected. */
  static async open(): Promise<EmptyCentre> {
    const [system, documents] = await Promise.all([clone('XMServerSystem'), clone('XMServerData')]);
    return new EmptyCentre(system, administrationOf(system, documents));
  }

  private constructor(system: Database, administration: Administration) {
    this.system = system;
    this.administration = administration;
  }

  ports(): StandIn {
    const ports = new StandIn();
    const { administration } = this;
    Object.assign(ports, { trial: false, embedded: false, lacksOperator: true });
    ports.stores = {
      administration,
      get accounts(): never {
        throw new Error('not of these screens');
      },
      get licence(): never {
        throw new Error('not of these screens');
      },
      get security(): never {
        throw new Error('not of these screens');
      },
    };
    ports.creating = async (entry, typed) => {
      const { id, userName, name, privilege } = await createFirstOperator(
        administration,
        installer,
        entry,
        typed,
      );
      return { id, userName, name, privilege };
    };
    return ports;
  }

  async console(options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage({ ports: this.ports(), ...options });
    await stage.settle();
    return stage;
  }

  /** Everything that was done here, undone; the books and the journal stand against that otherwise. */
  async empty(): Promise<void> {
    await this.system.transaction(async connection => {
      await connection.query('set local session_replication_role = replica');
      await connection.query('truncate operator, client, broker, journal restart identity cascade');
    });
  }

  async acts(): Promise<string[]> {
    const rows = await this.administration.store.journalPage({ limit: 100 });
    return rows.map(({ act, operator }) => `${operator} ${act}`).reverse();
  }
}
