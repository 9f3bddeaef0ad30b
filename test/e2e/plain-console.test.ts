/** The console in lines, in a real terminal: what a screen reader is given. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { TestInstallation } from './installation.ts';
import { TerminalSession } from './terminal-session.ts';

const installation = new TestInstallation();
const sessions: TerminalSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) if (session.running) session.kill('SIGKILL');
});
afterAll(() => installation.remove());

function open(args: readonly string[], env: NodeJS.ProcessEnv = {}): TerminalSession {
  const session = new TerminalSession({
    file: process.execPath,
    args: [installation.script('xmserver'), ...args, '--data', installation.data],
    env: { ...installation.env, ...env },
    cwd: installation.home,
    columns: 200,
    rows: 100,
  });
  sessions.push(session);
  return session;
}

/** A prompt that waits for a line. */
const prompt = /(Commande|Réponse) : $|(Command|Answer): $/;

/** Types a line; resolves with what came of it when `seen` is there and the next prompt too. */
async function answer(session: TerminalSession, line: string, seen: RegExp): Promise<string> {
  const before = session.raw.length;
  session.type(`${line}\r`);
  const told = () => session.raw.slice(before);
  const { promise: never, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`never saw ${seen}:\n${told()}`)), 30_000);
  try {
    await Promise.race([never, session.until(() => seen.test(told()) && prompt.test(told()))]);
    return told();
  } finally {
    clearTimeout(timer);
  }
}

describe('the console in lines', () => {
  it('does in French what the screen does: launch, follow, messages, clients, stop', async () => {
    const session = open(['--plain']);
    await session.see(/Nom utilisateur : $/m);
    session.type('mbome\r');
    await session.see(/Mot de passe : $/m);
    session.type('wrong\r');
    await session.see(/inconnu/);
    session.type('mbome\r');
    await session.until(() => session.raw.split('Mot de passe : ').length === 3);
    // Typed wrong and mended: the terminal does not edit what it does not echo.
    session.type('zzza\x7fz\r');
    await session.see(/Session ouverte : Mbome François, privilège 3.*\nCommande : $/m);
    expect(session.raw).not.toMatch(/wrong|zzza/);

    await answer(session, 'état', /aucun moteur en marche/);
    await answer(session, 'cycle', /Aucun moteur en marche/);
    await answer(session, 'lancer', /Moteur lancé/);
    await answer(session, 'lancer', /déjà en marche/);
    session.type('suivre\r');
    await session.see(/Entrée : fin/);
    await session.see(/Naissance {2}classé {2}n° \d+/);
    await answer(session, '', /Fin du suivi/);
    await until(async () => (await installation.count('ECRData', '"Naissance" where "Status" = 4')) === 40);

    const listed = await answer(session, 'messages', /Pour la suite/);
    const row =
      /^\d+\. n° \d+, arrivé \d\d:\d\d, client 1000 .*, sort classé, classé n° \d+, contenu Naissance\r$/gm;
    expect(listed.match(row)).toHaveLength(10);
    const [, newest = ''] = /^1\. n° (\d+), /m.exec(listed) ?? [];
    const next = await answer(session, 'suite', /Pour la suite/);
    expect(next).toMatch(/^11\. n° \d+, /m);
    expect(next).not.toMatch(new RegExp(`n° ${newest}, arrivé`));
    await answer(session, '11', /^Messages › Message \d+\r\n[\s\S]*sort : classé/m);
    await answer(session, `message ${newest}`, /sort : classé\r\n[\s\S]*topic : xms/);
    await answer(session, `réessayer ${newest}`, /a été classé : il n’y a rien à reprendre/);
    const id = '0011223344556677';
    const [asked] = await installation.query<{ id: string }>(
      'XMServerData',
      `insert into xms.inbox (at, client, message_id, service, outcome, size, topic)
       values (now(), 1000, decode($1, 'hex'), 'MESSAGE', 'asked', 400, 'xms/u/1000') returning id`,
      [id],
    );
    await installation.query(
      'XMServerSystem',
      `insert into received_message (client, message_id, subject, text)
       values (1000, decode($1, 'hex'), 'Panne', E'Plus de\\npapier')`,
      [id],
    );
    await answer(session, `message ${asked?.id}`, /objet : Panne\r\ntexte : Plus de\r\npapier/);
    await answer(session, 'message', /Donnez : message N\./);
    await answer(session, 'clients', /^1\. matricule 1000, .*statut \d, solde/m);
    await answer(session, 'client 1000', /matricule : 1000\r\n[\s\S]*Touches : K compte/);
    await answer(session, 'client 7', /Client inconnu : 7/);
    const key = join(installation.home, 'cle');
    mkdirSync(key);
    writeFileSync(join(key, 'faux.sdc'), 'Bonjour');
    await answer(session, 't2d', /dossier surveillé : arrêté/);
    await answer(session, `t2d-import ${key}`, /faux\.sdc\r\nREFUSÉ, aucun SDC/);
    await answer(session, `t2d-export ${key} --client 1000`, /résultat : 0 fichier écrit/);
    await answer(session, `t2d-import ${key}/nulle-part`, /Dossier T2D introuvable/);
    await answer(session, 'danser', /Commande inconnue : danser/);
    await answer(session, 'aide', /suivre : [\s\S]*lancer : Lancer/);
    expect(session.raw).not.toContain('\x1b');

    await answer(session, 'quitter', /a : quitter et tout arrêter/);
    await answer(session, 'n', /Commande/);
    await answer(session, 'quitter', /o : quitter, tout continue/);
    session.type('o\r');
    expect(await session.exited).toBe(0);
  }, 90_000);

  it('changes nothing in read-only mode', async () => {
    const session = open(['--plain', '--read-only']);
    await session.see(/LECTURE SEULE[\s\S]*Nom utilisateur : $/m);
    session.type('mbome\rzzzz\r');
    await session.see(/Session ouverte : .*\ncourrier : 1 non lu\nCommande : $/m);
    await answer(session, 'arrêter', /Lecture seule : rien ne se change ici/);
    await answer(session, 'réessayer 1', /Lecture seule/);
    await answer(session, `t2d-import ${installation.home}`, /Lecture seule/);
    await answer(session, 'état', /en marche/);
    await answer(session, 'clients', /1000, /);
    const left = await answer(session, 'quitter', /o : quitter, tout continue/);
    expect(left).not.toMatch(/tout arrêter/);
    session.type('o\r');
    expect(await session.exited).toBe(0);
  });

  it('is what a terminal without abilities gets, in English too, and ends with the services', async () => {
    const session = open(['--lang', 'en'], { TERM: 'dumb' });
    await session.see(/User name: $/m);
    session.type('mbome\rzzzz\r');
    await session.see(/Logged in: .*\ninbox: 1 unread\nCommand: $/m);
    await answer(session, 'status', /engine +running[\s\S]*total +received 40 {2}filed 40/);
    await answer(session, 'stop', /Transmissions stopped/);
    while (!/engine +paused/.test(await answer(session, 'status', /total/)));
    await answer(session, 'resume', /Transmissions resumed/);
    await answer(session, 'messages naissance', /For the rest: "more"/);
    await answer(session, 'help', /follow: /);
    const form = await answer(
      session,
      ['create-client', 'Kribi II', 'Kribi', 'none', '', '', '699 00 00 00'].join('\r'),
      /Client created: matricule \d+, Kribi II/,
    );
    // Typed ahead: only the telephone is asked for again.
    expect(form).toMatch(/town: [\s\S]*telephone \[none\]: /);
    await answer(session, 'clients kribi', /1\. matricule \d+, name Kribi II, town Kribi, status 2/);
    await answer(session, ['1 $', '.'].join('\r'), /client: \d+ "Kribi II"[\s\S]*Given up\./);
    await answer(session, 'quit', /s: quit and stop everything/);
    session.type('s\r');
    expect(await session.exited).toBe(0);
    expect(session.raw).toMatch(/embedded PostgreSQL: stopped/);
    expect(session.raw).not.toContain('\x1b');
    expect(existsSync(join(installation.data, 'run', 'services.json'))).toBe(false);
  }, 60_000);

  it('leaves at once on Ctrl-C, also in a password, and at the end of what is typed', async () => {
    const session = open(['--plain']);
    await session.see(/Nom utilisateur/);
    session.type('mbome\r');
    await session.see(/Mot de passe : $/m);
    session.type('zz\x03');
    expect(await session.exited).toBe(130);
    const again = open(['--plain']);
    await again.see(/Nom utilisateur/);
    again.type('\x04');
    expect(await again.exited).toBe(0);
  }, 60_000);
});
