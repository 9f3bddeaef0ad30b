/** kill -9 of the engine while records arrive: nothing is lost, nothing is doubled. */
import { afterAll, describe, expect, it } from 'vitest';
import { TestInstallation } from './installation.ts';

const installation = new TestInstallation();
afterAll(() => installation.remove());

const kills = 4;

describe('an engine that is killed', () => {
  it(`files each record once, though it is killed ${kills} times on the way`, async () => {
    const program = installation.start('xmserver');
    const engines = new Set<number>();
    for (let i = 1; i <= kills; i++) {
      await program.until(async () => (await filed()) >= i * 8);
      engines.add(installation.pidOf('engine'));
      await installation.end('engine', 'SIGKILL');
      await started(installation.start('xmserver', 'engine'));
    }
    expect(engines.size).toBe(kills);
    await program.until(
      async () => (await installation.count('ECRData', '"Naissance" where "Status" = 4')) === 40,
    );
    await program.until(async () => (await installation.count('XMServerData', 'xms.unbilled')) === 0);

    expect(await filed()).toBe(40);
    expect(await installation.count('XMServerData', 'xms.provenance')).toBe(40);
    expect(
      await installation.count('XMServerData', '(select distinct "NumeroActe" from "Naissance") acts'),
    ).toBe(40);
    expect(await installation.count('XMServerData', 'xms.answer')).toBe(40);
    expect(await installation.count('XMServerSystem', "movement where kind = 'charge'")).toBe(40);
    expect(await installation.count('ECRData', "xms.kept where outcome = 'filed'")).toBe(40);
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  }, 120_000);
});

function filed(): Promise<number> {
  return installation.count('XMServerData', '"Naissance"').catch(() => 0); // not created yet
}

async function started(engine: ReturnType<TestInstallation['start']>): Promise<void> {
  await engine.see(/running/);
}
