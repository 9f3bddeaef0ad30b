/** T2D that goes on as a test says. */
import type { T2dView, WatchedFolder } from '../../../src/core/console-ports.ts';
import type { ImportEvent } from '../../../src/core/t2d-run.ts';
import { after, eventOf, running, StandIn } from '../stand-in.ts';

type Watchers = Parameters<T2dView['import']>[1] & Parameters<T2dView['export']>[2];

const watched: WatchedFolder = {
  isOn: true,
  folder: '/srv/XMSData/t2d',
  incoming: 3,
  outgoing: 1_204,
};

export class ScriptedT2d implements T2dView {
  watchers: Partial<Watchers> = {};
  readonly over = Promise.withResolvers<void>();
  /** What happens as soon as it begins. */
  begin: (watchers: Partial<Watchers>) => void = () => undefined;

  folders = async () => ['/media/mbome/CLE_1024', '/media/mbome/CLE_0377', '/home/mbome'];
  watched = async () => watched;

  import(...[, watcher]: Parameters<T2dView['import']>): Promise<void> {
    return this.#run(watcher);
  }

  export(...[, , watcher]: Parameters<T2dView['export']>): Promise<void> {
    return this.#run(watcher);
  }

  #run(watchers: Partial<Watchers>): Promise<void> {
    this.watchers = watchers;
    this.begin(watchers);
    return this.over.promise;
  }
}

/** An installation with a day behind it. */
export function workingWith(t2d: T2dView): StandIn {
  const ports = new StandIn();
  ports.engine.status = after(running, [eventOf(14)]);
  ports.engine.journal = Array.from({ length: 15 }, (_, n) => eventOf(n));
  ports.t2d = t2d;
  return ports;
}

/** Of the nth file. */
export function nameOf(n: number): string {
  return `1024-XMS_2026-03-12_${String(n).padStart(16, '0f1e2d3c4b5a6978')}.sdc`;
}

/** Files `from` to `to` of so many, every hundredth refused. */
export function eventsOf(from: number, to: number, of: number): ImportEvent[] {
  const files = Array.from({ length: to - from }, (_, n): ImportEvent => {
    const name = nameOf(from + n);
    if ((from + n) % 100 !== 99) return { kind: 'done', name };
    return { kind: 'refused', name, reasons: [{ code: 'column-missing', params: { column: 'Sexe' } }] };
  });
  return [...files, { kind: 'progress', files: to, of }];
}
