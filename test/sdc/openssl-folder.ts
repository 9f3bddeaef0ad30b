/** A temporary folder in which the `openssl` program works, and the parties it made keys and certificates for. */
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hex } from '../../src/core/message.ts';
import type { Identity } from './identity.ts';

export class OpensslFolder {
  readonly #path = mkdtempSync(join(tmpdir(), 'sdc-openssl-'));

  /** Throws with what OpenSSL says where it fails. */
  openssl(...lines: readonly string[]): void {
    const args = lines.join(' ').split(' ');
    execFileSync('openssl', args, { cwd: this.#path, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  write(name: string, bytes: Uint8Array | string): void {
    writeFileSync(join(this.#path, name), bytes);
  }

  read(name: string): Buffer {
    return readFileSync(join(this.#path, name));
  }

  take(file: string, name: string): void {
    copyFileSync(file, join(this.#path, name));
  }

  /** `<name>.key` and a self-signed `<name>.crt` whose SubjectKeyIdentifier is the key id. */
  party(
    name: string,
    genpkey = '-algorithm EC -pkeyopt ec_paramgen_curve:P-256',
    days = 2,
  ): Identity & { certificate: Buffer } {
    this.openssl(`genpkey ${genpkey} -out ${name}.key`);
    const privateKey = createPrivateKey(this.read(`${name}.key`));
    const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    const keyId = createHash('sha256').update(spki).digest().subarray(0, 8);
    this.write(
      `${name}.cnf`,
      '[req]\ndistinguished_name=name\n[name]\n[extensions]\nbasicConstraints=CA:FALSE\n' +
        `keyUsage=digitalSignature,keyAgreement,keyEncipherment\nsubjectKeyIdentifier=${hex(keyId)}\n`,
    );
    this.openssl(
      `req -new -x509 -key ${name}.key -subj /CN=${name} -days ${days}`,
      `-config ${name}.cnf -extensions extensions -out ${name}.crt`,
    );
    this.openssl(`x509 -in ${name}.crt -outform DER -out ${name}.der`);
    return { privateKey, spki, keyId, certificate: this.read(`${name}.der`) };
  }

  close(): void {
    rmSync(this.#path, { recursive: true });
  }
}
