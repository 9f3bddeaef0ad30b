/** Clients' affairs in XMServerSystem, as the answers to their questions use them. */
import type { ProfileMessage } from '../core/message.ts';
import type {
  Affairs,
  KeyRequest,
  Letter,
  LetterIds,
  Letters,
  PaidQuestion,
  PasswordCheck,
  Price,
} from '../core/service-ports.ts';
import type { Database } from './database.ts';
import { readStatement } from './system/account-statement.ts';
import { beginPassword, endPassword, setPassword } from './system/client-password.ts';
import { fileEnrolment } from './system/enrolment.ts';
import { markHandedOn, readLetters } from './system/letter.ts';
import { affordable, prepay } from './system/prepaid.ts';
import { changeProfile, readProfile } from './system/profile.ts';
import { receiveMessage } from './system/received-message.ts';

export class PostgresAffairs implements Affairs, Letters {
  readonly #database: Database;
  readonly #onLetters: (listener: () => void) => void;

  /** `onLetters`: of the store that listens to XMServerSystem. */
  constructor(database: Database, onLetters: (listener: () => void) => void) {
    this.#database = database;
    this.#onLetters = onLetters;
  }

  statement(client: number, from: number | undefined, to: number | undefined) {
    return readStatement(this.#database, client, from, to);
  }

  profile(client: number) {
    return readProfile(this.#database, client);
  }

  changeProfile(client: number, change: NonNullable<ProfileMessage['change']>): Promise<void> {
    return changeProfile(this.#database, client, change);
  }

  receiveMessage(client: number, messageId: Uint8Array, subject: string, text: string): Promise<void> {
    return receiveMessage(this.#database, client, messageId, subject, text);
  }

  beginPassword(client: number, byStranger: boolean): Promise<PasswordCheck | undefined> {
    return beginPassword(this.#database, client, byStranger);
  }

  endPassword(client: number, byStranger: boolean): Promise<void> {
    return endPassword(this.#database, client, byStranger);
  }

  setPassword(client: number, old: string | undefined, hash: string, by: Uint8Array): Promise<boolean> {
    return setPassword(this.#database, client, old, hash, by);
  }

  fileEnrolment(client: number, messageId: Uint8Array, request: KeyRequest): Promise<boolean> {
    return fileEnrolment(this.#database, client, messageId, request);
  }

  affordable(question: PaidQuestion): Promise<number> {
    return affordable(this.#database, question);
  }

  prepay(price: Price): Promise<number> {
    return prepay(this.#database, price);
  }

  letters(limit: number, after?: LetterIds): Promise<Letter[]> {
    return readLetters(this.#database, limit, after);
  }

  handedOn(letters: readonly Letter[]): Promise<void> {
    return markHandedOn(this.#database, letters);
  }

  onLetters(listener: () => void): void {
    this.#onLetters(listener);
  }
}
