/**
 * A wait that ends after `ms` milliseconds (undefined: no time limit), when `earlier` settles, or when it is
 * interrupted; it leaves no timer behind.
 */
export function pause(
  ms: number | undefined,
  interrupt: AbortSignal,
  earlier?: Promise<void>,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const timer = ms === undefined ? undefined : setTimeout(end, ms);
  interrupt.addEventListener('abort', end, { once: true });
  if (interrupt.aborted) end();
  earlier?.then(end, end);
  return promise.then(() => {
    clearTimeout(timer);
    interrupt.removeEventListener('abort', end);
  });
}
