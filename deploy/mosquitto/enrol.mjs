#!/usr/bin/env node
/**
 * Accounts of many offices at once, while the broker is stopped (account.sh has the broker write all its accounts anew
 * with each step: with 100 000 of them that is 6 seconds an account).
 *
 *     enrol.mjs /var/lib/mosquitto/dynamic-security.json < matricules > passwords
 *
 * One matricule a line in, `MATRICULE PASSWORD` out. The accounts are those of `account.sh client`. Needs Node 20.
 */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { chownSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';

/** What Mosquitto 2.0 itself takes for a new password (PBKDF2-SHA512). */
const iterations = 101;

const [file] = process.argv.slice(2);
if (!file) fail('enrol.mjs FILE < matricules > passwords');
const accounts = JSON.parse(readFileSync(file, 'utf8'));
const known = new Set(accounts.clients.map(client => client.username));
const made = [];
for (const matricule of readFileSync(0, 'utf8').split(/\s+/).filter(Boolean)) {
  if (!/^[1-9]\d{0,8}$/.test(matricule)) fail(`not a matricule: ${matricule}`);
  if (known.has(matricule)) fail(`there is an account already: ${matricule}`);
  known.add(matricule);
  const password = randomBytes(18).toString('base64url');
  accounts.clients.push(client(matricule, password));
  accounts.roles.push(role(matricule));
  made.push(`${matricule} ${password}\n`);
}
replaceFile(file, JSON.stringify(accounts));
process.stdout.write(made.join(''));

function client(matricule, password) {
  const salt = randomBytes(12);
  return {
    username: matricule,
    clientid: `xms-${matricule}`,
    password: pbkdf2Sync(password, salt, iterations, 64, 'sha512').toString('base64'),
    salt: salt.toString('base64'),
    iterations,
    roles: [{ rolename: matricule }],
  };
}

function role(matricule) {
  const acl = (acltype, topic) => ({ acltype, topic, priority: 0, allow: true });
  return {
    rolename: matricule,
    acls: [
      acl('publishClientSend', `xms/u/${matricule}`),
      acl('publishClientReceive', `xms/d/${matricule}`),
      acl('subscribeLiteral', `xms/d/${matricule}`),
    ],
  };
}

/** All the new accounts or none; the file stays the broker's. */
function replaceFile(path, text) {
  const { uid, gid } = statSync(path);
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  chownSync(`${path}.new`, uid, gid);
  renameSync(`${path}.new`, path);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
