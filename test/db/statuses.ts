/** Engines' statuses, as they report them. */
import type { EngineStatus, MonitorEvent } from '../../src/core/engine-status.ts';

const none = { received: 0, filed: 0, refused: 0, sent: 0 };

export function statusOf(id: string, change: Partial<EngineStatus> = {}): EngineStatus {
  return {
    id,
    pid: 1,
    host: 'centre',
    state: 'running',
    startedAt: 1_700_000_000_000,
    broker: { url: 'mqtt://127.0.0.1:1883', state: 'connected', protocol: 5 },
    database: { host: '127.0.0.1:5432', version: '18.4', state: 'connected' },
    cycle: { periodS: 60 },
    today: none,
    total: none,
    waiting: 0,
    perMinute: Array.from({ length: 60 }, () => 0),
    events: [],
    ...change,
  };
}

export function eventOf(change: Partial<MonitorEvent> = {}): MonitorEvent {
  return { at: 1_700_000_000_000, kind: 'filed', client: 1024, bytes: 548, ...change };
}
