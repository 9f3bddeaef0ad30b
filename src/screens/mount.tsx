/** Has Ink draw the console. Loaded when the first frame is on the screen already. */
import { render } from 'ink';
import { App } from './App.tsx';
import type { Console } from './console.ts';
import type { Look } from './look.ts';

export interface Mounted {
  /** Rejects with the error of a view. */
  readonly failed: Promise<never>;
  unmount(): void;
}

/** Frames a second; a key is answered in the first one after it. */
const maxFps = 60;

export function mount(console: Console, look: Look, stdout: NodeJS.WritableStream): Mounted {
  const ink = render(<App console={console} look={look} />, {
    stdout,
    alternateScreen: true,
    // Ink's own guess would be no in CI; whoever calls this has a terminal.
    interactive: true,
    maxFps,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const { promise, reject } = Promise.withResolvers<never>();
  ink.waitUntilExit().catch(reject);
  return { failed: promise, unmount: () => ink.unmount() };
}
