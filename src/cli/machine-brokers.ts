/** Brokers as seen from this machine: the files that their settings name, and whether they can be spoken to. */
import type { DataFolder } from '../config.ts';
import type { BrokersView, BrokerTrial } from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import type { Reason } from '../core/ports.ts';
import {
  keepBrokerKey,
  ownBrokerSettings,
  readBrokerCertificates,
  serverConnection,
} from './secure-connection.ts';

export class MachineBrokers implements BrokersView {
  readonly #folder: DataFolder;
  readonly #demand: () => void;

  /** `demand` throws where whoever acts may not change brokers: before a file is read, or a key copied. */
  constructor(folder: DataFolder, demand: () => void = () => undefined) {
    this.#folder = folder;
    this.#demand = demand;
  }

  get ownSettings(): readonly string[] {
    return ownBrokerSettings(this.#folder);
  }

  async certificates(file: string): Promise<string> {
    this.#demand();
    return readBrokerCertificates(this.#folder, file, Date.now());
  }

  async keepKey(file: string, certificate: string): Promise<string> {
    this.#demand();
    return keepBrokerKey(this.#folder, file, certificate);
  }

  async tried(broker: BrokerTrial): Promise<Reason | undefined> {
    if (broker.mqttVersion === undefined && !broker.url.startsWith('mqtts:')) return undefined;
    this.#demand();
    let connection: ReturnType<typeof serverConnection>;
    try {
      connection = serverConnection(this.#folder, broker);
    } catch (error) {
      // A key that only the machines of engines have.
      if (error instanceof XmError) return { code: error.code, params: error.params };
      throw error;
    }
    const { tryBroker } = await import('../mqtt/try-broker.ts');
    return tryBroker({ url: broker.url, ...connection });
  }
}
