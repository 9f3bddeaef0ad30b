/** The console in a real terminal, as a new user meets it: from nothing to forty acts filed, and out again. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { TestInstallation } from './installation.ts';
import type { TerminalSession } from './terminal-session.ts';

const installation = new TestInstallation();
afterEach(() => installation.endConsoles());
afterAll(() => installation.remove());

async function logIn(session: TerminalSession): Promise<void> {
  await session.see(/Nom utilisateur|User name/);
  session.type('mbome\tzzzz\r');
  await session.see(/mbome · privil/);
}

function expectRestored(session: TerminalSession): void {
  expect(session.onAlternateScreen).toBe(false);
  expect(session.cursorHidden).toBe(false);
}

describe('the console', () => {
  it('takes a new user from the first start to "40 filed, 40 receipts"', async () => {
    const session = installation.console();
    expect(await session.see(/Données d’essai : mbome \/ zzzz/)).not.toMatch(/zzzz.*zzzz/s);
    session.type('mbome\twrong\r');
    await session.see(/inconnu/);
    // The name stays, the password is gone, and the cursor stands where it is typed again.
    session.type('zzzz\r');
    await session.see(/mbome · privilège 3/);
    await session.see(/Aucun moteur en marche/);
    session.type('l');
    await session.see(/en marche/);
    const screen = await session.see(/aujourd’hui +40 +40 +0 +40 +0/);
    expect(screen).toMatch(/Naissance/);

    expect(await installation.count('ECRData', '"Naissance" where "Status" = 4')).toBe(40);
    expect(await installation.count('XMServerData', '"Naissance" where "Status" = 2')).toBe(40);
    expect(await installation.count('XMServerData', 'xms.answer')).toBe(40);
    expect(await installation.count('XMServerSystem', "journal where act = 'login'")).toBe(1);

    session.type('a');
    await session.see(/moteur . arrêté/);
    session.type('r');
    await session.see(/moteur . en marche/);
    session.type('q');
    await session.see(/tout continue/);
    session.type('\r');
    expect(await session.exited).toBe(0);
    expectRestored(session);
  }, 90_000);

  it('finds the engine at work again, in English, and stops everything when asked to', async () => {
    const session = installation.console('--lang', 'en');
    await logIn(session);
    await session.see(/engine . running/);
    await session.see(/total +40 +40 +0 +40/);
    session.type('\x10');
    await session.see(/Screen copied: /);
    const captures = join(installation.data, 'captures');
    const [copy = ''] = readdirSync(captures);
    expect(copy).toMatch(/^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.txt$/);
    expect(readFileSync(join(captures, copy), 'utf8')).toMatch(/^XMServer · [\s\S]*total +40 +40/);
    expect(statSync(join(captures, copy)).mode & 0o777).toBe(0o600);
    session.type(':quit\r');
    await session.see(/quit and stop everything/);
    session.type('s');
    expect(await session.exited).toBe(0);
    expectRestored(session);
    expect(readdirSync(join(installation.data, 'run'))).toEqual([]);
  }, 60_000);

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('gives the terminal back on %s', async (signal, code) => {
    const session = installation.console();
    await session.see(/Nom utilisateur/);
    session.kill(signal);
    expect(await session.exited).toBe(code);
    expectRestored(session);
  });

  it('asks on Ctrl-C, and goes on when the answer is no', async () => {
    const session = installation.console();
    await logIn(session);
    session.type('\x03');
    await session.see(/Quitter XMServer/);
    session.type('n');
    await session.see(/Aucun moteur en marche/);
    session.type('\x03');
    await session.see(/tout arrêter/);
    session.type('a');
    expect(await session.exited).toBe(0);
    expectRestored(session);
  });
});
