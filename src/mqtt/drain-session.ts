/** The session of a client that is dead: what waits in it is taken, and then it is ended at the broker. */
import type { LinkHandlers } from '../core/ports.ts';
import { Connection } from './connection.ts';
import type { LinkOptions } from './link.ts';
import { secureContextOf } from './tls.ts';

/**
 * Connects as that client, once (MQTT 5). Resolves with the number of messages found when no more come and all of them
 * are acknowledged, or when `ending` aborts, which leaves the session to whoever comes next. Rejects where the
 * connection fails. A client that is not dead after all takes its session back, and this ends.
 */
export async function drainSession(
  options: LinkOptions,
  onDelivery: LinkHandlers['onDelivery'],
  ending: AbortSignal,
): Promise<number> {
  if (ending.aborted) return 0;
  let count = 0;
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const { inTurn: _mine, ...dead } = options;
  const secureContext = secureContextOf(options.url, options);
  const connection = new Connection(
    { ...dead, ...(secureContext ? { secureContext } : {}), subscriptions: [] },
    5,
    {
      onDelivery: delivery => {
        count++;
        return onDelivery(delivery);
      },
      onReady: resolve,
      onEnd: ({ error }) => reject(error ?? new Error('connection closed')),
    },
  );
  const stop = () => void connection.close();
  ending.addEventListener('abort', stop, { once: true });
  try {
    await ready;
    await connection.finish();
    return count;
  } catch (error) {
    if (ending.aborted) return count;
    throw error;
  } finally {
    ending.removeEventListener('abort', stop);
    await connection.close();
  }
}
