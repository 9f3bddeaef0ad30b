/** What a wire can do to what passes. */
import { PacketSplitter } from './packet-splitter.ts';
import { honest, type Passage, type Tamper } from './wire.ts';

/** Every chunk goes out in two parts, the second in a packet of its own a moment later. */
export const halving: Tamper = ({ forward }) => {
  let last = Promise.resolve();
  return chunk => {
    const middle = chunk.length >> 1;
    for (const part of [chunk.subarray(0, middle), chunk.subarray(middle)]) {
      last = last.then(async () => {
        forward(part);
        await new Promise(setImmediate);
      });
    }
  };
};

export const delaying =
  (ms: number): Tamper =>
  ({ forward }) =>
  chunk =>
    void setTimeout(() => forward(chunk), ms);

/** Cuts the connection in the middle of a chunk, after this many bytes from that side: half a packet arrives. */
export const cuttingAfter =
  (bytes: () => number, from?: Passage['from']): Tamper =>
  passage => {
    if (from !== undefined && passage.from !== from) return honest(passage);
    let left = bytes();
    return chunk => {
      passage.forward(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      if (left < 0) setImmediate(() => passage.cut());
    };
  };

/** MQTT: packets of this type from that side vanish; after so many of them the connection is cut. */
export const losing =
  (from: Passage['from'], type: number, limit = Number.POSITIVE_INFINITY): Tamper =>
  passage => {
    if (passage.from !== from) return honest(passage);
    let lost = 0;
    const splitter = new PacketSplitter(packet => {
      if (packetType(packet) !== type) passage.forward(packet);
      else if (++lost === limit) passage.cut();
    });
    return chunk => splitter.take(chunk);
  };

/** Control packet types of MQTT (§2.2.1). */
export const packetTypes = { publish: 3, puback: 4 } as const;

function packetType(packet: Buffer): number {
  return (packet[0] as number) >> 4;
}
