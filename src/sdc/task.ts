/** What the pool asks of a worker and what it answers, each answer in the order of the questions. */
import type { Reason } from '../core/ports.ts';
import type { OpenerOptions } from './opener.ts';
import type { Packet } from './packet.ts';
import type { SealerOptions } from './sealer.ts';

export type Task =
  /** SDCs, and which of them may hold several records; answered by the key ids of their signers. The worker keeps what it unsealed until `verify`. */
  | {
      readonly kind: 'unseal';
      readonly job: number;
      readonly sdcs: Packet;
      readonly batches: readonly boolean[];
    }
  /** Of each signer that is known key id, SubjectPublicKeyInfo and certificate (empty: none). */
  | { readonly kind: 'verify'; readonly job: number; readonly keys: Packet }
  /** For each message head, map, and of its recipient key id, SubjectPublicKeyInfo and certificate (empty: none). */
  | { readonly kind: 'seal'; readonly messages: Packet };

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'signers'; readonly ids: Packet }
  /**
   * Of each SDC that opened signer, SignedData, digest, head and map. `count`: SDCs, as far as they are held at once;
   * `special`: by place, those that were refused or are not like the others.
   */
  | {
      readonly kind: 'opened';
      readonly count: number;
      readonly special: ReadonlyMap<number, Special>;
      readonly parts: Packet;
    }
  /** SDC and digest by turns. */
  | { readonly kind: 'sealed'; readonly parts: Packet }
  | { readonly kind: 'fault'; readonly detail: string };

/** Why an SDC was refused; that a stranger signed it; or its size, where that is more than one record may have. */
export type Special = Reason | 'stranger' | number;

/** `workerData` of a worker. */
export interface WorkerOptions {
  readonly opener?: OpenerOptions;
  readonly sealer?: SealerOptions;
}
