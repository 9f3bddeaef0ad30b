/** Being asked to end. */

const asked: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** Resolves when the process is asked to end. A second signal ends it at once, as if nobody listened. */
export function untilEnded(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const end = (signal: NodeJS.Signals) => {
    for (const name of asked) process.off(name, end);
    resolve(signal);
  };
  for (const name of asked) process.on(name, end);
  return promise;
}

/** Resolves when nobody reads standard output any more (EPIPE): there is nobody left to write for. */
export function untilUnread(): Promise<void> {
  return new Promise(resolve => process.stdout.once('error', () => resolve()));
}
