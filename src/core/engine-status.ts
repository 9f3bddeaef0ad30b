/** What an engine tells consoles: one compact JSON object, at most one a second, none when nothing changed. */
import type { ErrorCode, ErrorParams } from './errors.ts';
import type { Service } from './message.ts';
import type { ArrivalOutcome } from './ports.ts';

/** starting → running ⇄ paused → stopping. "Arrêter" pauses, "Reprendre" resumes; `xmserver stop` ends the process. */
export type EngineState = 'starting' | 'running' | 'paused' | 'stopping';

/** standby: the broker cannot share among engines, and another one has its turn. */
export type LinkState = 'connecting' | 'connected' | 'standby' | 'lost' | 'closed';

export interface Counts {
  readonly received: number;
  readonly filed: number;
  readonly refused: number;
  readonly sent: number;
}

/** One line of the Monitor: something that happened to one message. */
export interface MonitorEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: ArrivalOutcome['kind'] | 'receipts' | 'answer';
  /** Matricule and name of the client; absent where the sender is unknown. */
  readonly client?: number;
  readonly clientName?: string;
  readonly service?: Service;
  readonly table?: string;
  readonly numero?: number;
  /** Bytes of the SDC. */
  readonly bytes: number;
  /** Receipts in the SDC, for kind `receipts`; records filed, where the message holds several. */
  readonly count?: number;
  /** Records in the message, where it holds several. */
  readonly records?: number;
  readonly reason?: { readonly code: ErrorCode; readonly params: ErrorParams };
}

export interface EngineStatus {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  readonly state: EngineState;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly broker: {
    readonly url: string;
    readonly state: LinkState;
    /** 5 or 4 (MQTT 3.1.1), as CONNECT's protocol level numbers them; absent until connected. */
    readonly protocol?: 4 | 5;
    readonly roundTripMs?: number;
    /** Topic filters as the broker has granted them, with the share's prefix; absent until connected. */
    readonly subscriptions?: readonly string[];
    readonly reason?: { readonly code: ErrorCode; readonly params: ErrorParams };
  };
  readonly database: {
    readonly host: string;
    readonly version: string;
    readonly state: Exclude<LinkState, 'standby'>;
  };
  readonly cycle: { readonly periodS: number; readonly lastAt?: number; readonly nextAt?: number };
  readonly today: Counts;
  readonly total: Counts;
  /** Messages to be sent that no PUBACK has answered yet. */
  readonly waiting: number;
  /** Messages received in each of the last 60 minutes, oldest first. */
  readonly perMinute: readonly number[];
  /** Certificates that end within 60 days and have no successor; absent: none. */
  readonly ending?: { readonly count: number; readonly firstAt: number } | undefined;
  /** What happened since the status before this one, oldest first; at most 10. */
  readonly events: readonly MonitorEvent[];
}

/** What a console may ask of engines, through the table `command`. */
export type EngineCommand = 'pause' | 'resume' | 'cycle' | 'subscribe' | 'stop';
