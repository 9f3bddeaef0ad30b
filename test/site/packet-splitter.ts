/** Finds the control packets in a stream: one byte of type and flags, the length in 7-bit groups (§2.2.3), the rest. */
export class PacketSplitter {
  readonly #onPacket: (packet: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onPacket: (packet: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end = this.#end(); end !== undefined && end <= this.#rest.length; end = this.#end()) {
      this.#onPacket(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
  }

  /** Where the first packet ends; undefined: its length is not here yet. */
  #end(): number | undefined {
    let length = 0;
    for (let at = 1; at < this.#rest.length; at++) {
      const byte = this.#rest[at] as number;
      length += (byte & 0x7f) * 128 ** (at - 1);
      if (byte < 0x80) return at + 1 + length;
    }
    return undefined;
  }
}
