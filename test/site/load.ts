/** A load of sealed birth acts, and the connections that send them and collect the receipts. */
import mqtt from 'mqtt';
import { type ExportMessage, hex, topics } from '../../src/core/message.ts';
import { MessageIds } from '../../src/core/message-id.ts';
import type { PublicKeyRef } from '../../src/core/ports.ts';
import { CalendarDate, type FormRecord, type Value } from '../../src/core/record.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import type { Office } from './enrol.ts';
import type { Site } from './site.ts';

export interface LoadMessage {
  readonly topic: string;
  readonly sdc: Uint8Array;
  readonly id: string;
}

/** Births of 20 filled fields; the other columns of the table are empty. */
export function birth(numero: number): Map<string, Value> {
  const pick = (values: readonly string[]) => values[Math.floor(Math.random() * values.length)] as string;
  const date = () => new CalendarDate(7_000 + Math.floor(Math.random() * 13_000));
  const filled: Record<string, Value> = {
    Status: 2,
    NumeroActe: `${numero}/2026`,
    Region: 'Littoral',
    Departement: 'Wouri',
    Arrondissement: 'Douala IV',
    Centre: 'Bonassama',
    Nom: pick(['EYOUM', 'DIKONGUE', 'MOUKOKO', 'PRISO', 'EPEE', 'KWEDI']),
    Prenoms: pick(['Alphonse Junior', 'Merveille', 'Gédéon', 'Perpétue', 'Loïc Steve']),
    Sexe: pick(['M', 'F']),
    DateNaissance: date(),
    LieuNaissance: pick(['Hôpital de Bonassama', 'Clinique du Port', 'à domicile']),
    NomPere: `${pick(['EYOUM', 'PRISO', 'EPEE'])} ${pick(['Victor', 'Dieudonné', 'Rigobert'])}`,
    DateNaissancePere: date(),
    ProfessionPere: pick(['docker', 'tailleur', 'instituteur']),
    NomMere: `${pick(['NJOH', 'SIPPO', 'MBOUA'])} ${pick(['Delphine', 'Rachel', 'Irène'])}`,
    DateNaissanceMere: date(),
    ProfessionMere: pick(['mareyeuse', 'caissière', 'aide-soignante']),
    ResidenceMere: pick(['Bonabéri', 'Sodiko', 'Mabanda']),
    Declarant: pick(['NJOH Delphine', 'SIPPO Rachel']),
    DateActe: date(),
  };
  const record = new Map<string, Value>([['Numero', numero]]);
  for (const name of columns) record.set(name, filled[name] ?? null);
  return record;
}

const columns =
  `Status NumeroActe Region Departement Arrondissement Centre Nom Prenoms Sexe DateNaissance HeureNaissance LieuNaissance
  NumeroPersonnel NomPere DateNaissancePere LieuNaissancePere NationalitePere ProfessionPere ResidencePere NomMere
  DateNaissanceMere LieuNaissanceMere NationaliteMere ProfessionMere ResidenceMere Declarant QualiteDeclarant Signataire
  Secretaire DateActe JugementSuppletif MentionsMarginales`.split(/\s+/);

/** `count` acts, dealt over the offices in turn; each office seals with its own key. */
export async function sealLoad(
  site: Site,
  count: number,
  sessionKeys: boolean,
  firstNumero: number,
): Promise<LoadMessage[]> {
  const dealt: LoadMessage[][] = [];
  const each = Math.ceil(count / site.offices.length);
  for (const office of site.offices)
    dealt.push(await sealOffice(site, office, each, sessionKeys, firstNumero));
  // Interleaved, as thousands of offices send: never two of one office in a row.
  return Array.from({ length: each }, (_, i) => dealt.map(messages => messages[i] as LoadMessage))
    .flat()
    .slice(0, count);
}

function sealOffice(
  site: Site,
  office: Office,
  count: number,
  sessionKeys: boolean,
  firstNumero: number,
): Promise<LoadMessage[]> {
  const births = Array.from({ length: count }, (_, i) => birth(firstNumero + i));
  return sealRecords(site, office, births, { sessionKeys });
}

interface SealOptions {
  readonly table?: string;
  readonly sessionKeys?: boolean;
  /** Who it is sealed to; by default the server. */
  readonly recipient?: PublicKeyRef;
}

/** Records sealed with the office's key. */
export async function sealRecords(
  { server }: Site,
  office: Office,
  records: readonly FormRecord[],
  { table = 'Naissance', sessionKeys = true, recipient = server }: SealOptions = {},
): Promise<LoadMessage[]> {
  const ids = new MessageIds();
  const at = Math.floor(Date.now() / 1000);
  const messages = records.map(
    (record): ExportMessage => ({
      service: 'EXPORT',
      id: ids.next(at),
      recipient: recipient.keyId,
      at,
      table,
      records: [record],
    }),
  );
  const sealer = createSealer({ signer: office, sessionKeys });
  const sealed = await sealer.seal(messages.map(message => ({ message, recipient })));
  return sealed.map(({ sdc }, i) => ({
    topic: topics.up(office.matricule),
    sdc,
    id: hex((messages[i] as ExportMessage).id),
  }));
}

/** Publishes with QoS 1 over a few connections; each keeps a window of unanswered messages. */
export class Senders {
  readonly #clients: mqtt.MqttClient[] = [];
  #closed = false;

  static async connect(url: string, count: number): Promise<Senders> {
    const senders = new Senders();
    const { hostname, port } = new URL(url);
    for (let i = 0; i < count; i++) {
      senders.#clients.push(
        await mqtt.connectAsync({ protocol: 'mqtt', host: hostname, port: Number(port), protocolVersion: 5 }),
      );
    }
    return senders;
  }

  /** Resolves when the broker has taken every message. `onSend` is called as each leaves. */
  async send(
    messages: readonly LoadMessage[],
    window: number,
    onSend?: (message: LoadMessage) => void,
  ): Promise<void> {
    let next = 0;
    const one = async (client: mqtt.MqttClient) => {
      for (let at = next++; at < messages.length; at = next++) {
        const message = messages[at] as LoadMessage;
        onSend?.(message);
        await client.publishAsync(message.topic, message.sdc as Buffer, { qos: 1 });
      }
    };
    await Promise.all(this.#clients.flatMap(client => Array.from({ length: window }, () => one(client))));
  }

  /** At a fixed rate, in steps of 10 ms; ends early when closed. */
  async pace(
    messages: readonly LoadMessage[],
    perSecond: number,
    onSend?: (message: LoadMessage) => void,
  ): Promise<void> {
    const startedAt = performance.now();
    const sent: Promise<unknown>[] = [];
    for (let at = 0; at < messages.length && !this.#closed; ) {
      const due = Math.min(messages.length, Math.floor(((performance.now() - startedAt) / 1000) * perSecond));
      for (; at < due; at++) {
        const message = messages[at] as LoadMessage;
        onSend?.(message);
        const client = this.#clients[at % this.#clients.length] as mqtt.MqttClient;
        const published = client.publishAsync(message.topic, message.sdc as Buffer, { qos: 1 });
        published.catch(() => undefined); // told in the end
        sent.push(published);
      }
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    await Promise.all(sent);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#clients.map(client => client.endAsync()));
  }
}

export interface Arrived {
  /** Milliseconds on the clock of `performance`. */
  readonly at: number;
  readonly topic: string;
  readonly sdc: Buffer;
}

/** Collects what the engine sends to the offices. */
export class Collector {
  readonly arrived: Arrived[] = [];
  readonly #client: mqtt.MqttClient;
  #next = Promise.withResolvers<void>();

  private constructor(client: mqtt.MqttClient) {
    this.#client = client;
    client.on('message', (topic, sdc) => {
      this.arrived.push({ at: performance.now(), topic, sdc });
      this.#next.resolve();
      this.#next = Promise.withResolvers<void>();
    });
  }

  /** Resolves when another one arrives. */
  get next(): Promise<void> {
    return this.#next.promise;
  }

  static async connect(url: string): Promise<Collector> {
    const { hostname, port } = new URL(url);
    const client = await mqtt.connectAsync({
      protocol: 'mqtt',
      host: hostname,
      port: Number(port),
      protocolVersion: 5,
    });
    const collector = new Collector(client);
    await client.subscribeAsync(topics.allDown, { qos: 1 });
    return collector;
  }

  async close(): Promise<void> {
    await this.#client.endAsync();
  }
}
