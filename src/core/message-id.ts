/** How a station names its messages, so that what the centre keeps about them comes in the order of its indexes. */
import { randomBytes } from 'node:crypto';
import type { MessageId } from './message.ts';

const countLimit = 2 ** 32;

export class MessageIds {
  #count = randomBytes(4).readUInt32BE();

  /**
   * The time, in seconds since 1970, in 4 bytes, and 4 that count on from a random start: no two of a process are
   * alike. Ids that are all random touch a page of each index of the centre for themselves (RFC 9562 §6.13).
   */
  next(at: number): MessageId {
    const id = Buffer.allocUnsafe(8);
    id.writeUInt32BE(at);
    id.writeUInt32BE(this.#count, 4);
    this.#count = (this.#count + 1) % countLimit;
    return id;
  }
}
