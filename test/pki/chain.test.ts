import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { type Certificate, readCertificate } from '../../src/pki/certificate.ts';
import { type Trust, verifyChain } from '../../src/pki/chain.ts';
import { readRevocationList } from '../../src/pki/revocation-list.ts';
import { Workspace } from './workspace.ts';

const day = 86_400_000;
const work = new Workspace();
afterAll(() => work.remove());
/** An hour from now: after the certificates are made. */
const now = Date.now() + 3_600_000;

const extensions = {
  root: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign',
  middle: 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign',
  open: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign',
  leaf: 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment',
  mailed:
    'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nsubjectAltName=email:x@elsewhere.org',
  notForCertificates: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature',
  constrained:
    'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nnameConstraints=critical,permitted;DNS:cm',
  loose:
    'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nnameConstraints=permitted;email:.cm',
} as const;
const identifiers = '\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid';

/** Makes `name`.crt with `name`.key, signed by `issuer` (itself: self-signed). */
function make(
  name: string,
  issuer: string,
  kind: keyof typeof extensions,
  options = '-days 100',
  key = 'rsa:2048',
): void {
  work.write('ext', extensions[kind] + identifiers);
  work.openssl(`req -new -newkey ${key} -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
  const by =
    issuer === name ? `-signkey ${name}.key` : `-CA ${issuer}.crt -CAkey ${issuer}.key -CAcreateserial`;
  work.openssl(`x509 -req -in ${name}.csr ${by} -extfile ext -out ${name}.crt ${options}`);
}

const certificate = (name: string): Certificate => readCertificate(work.read(`${name}.crt`));
const trust = (
  anchors: readonly string[],
  intermediates: readonly string[],
  lists: Trust['revocationLists'] = [],
): Trust => ({
  anchors: anchors.map(certificate),
  intermediates: intermediates.map(certificate),
  revocationLists: lists,
});

/** Our verdict and that of openssl, on the same files. */
function verdicts(leaf: string, anchors: readonly string[], intermediates: readonly string[], at = now) {
  work.write('anchors', anchors.map(name => work.read(`${name}.crt`)).join('\n'));
  work.write('between', intermediates.map(name => work.read(`${name}.crt`)).join('\n'));
  const theirs = work.tryOpenssl(
    `verify -attime ${Math.floor(at / 1000)} -partial_chain -CAfile anchors${intermediates.length ? ' -untrusted between' : ''} ${leaf}.crt`,
  );
  let ours: string;
  try {
    ours = verifyChain(certificate(leaf), trust(anchors, intermediates), at)
      .map(({ subject }) => subject.slice(3))
      .join(' < ');
  } catch (error) {
    if (!(error instanceof XmError)) throw error;
    ours = error.code;
  }
  return { ours, theirs: theirs.status === 0 };
}

beforeAll(() => {
  make('root', 'root', 'root', '-days 3000', 'ec -pkeyopt ec_paramgen_curve:P-384');
  make('middle', 'root', 'middle', '-days 1000');
  make('open', 'root', 'open', '-days 1000', 'ec -pkeyopt ec_paramgen_curve:P-256');
  make('leaf', 'middle', 'leaf');
  make('below', 'middle', 'middle');
  make('deep', 'below', 'leaf');
  make('usage', 'root', 'notForCertificates');
  make('misused', 'usage', 'leaf');
  make('child', 'leaf', 'leaf');
  make('constrained', 'root', 'constrained');
  make('bounded', 'constrained', 'leaf');
  make('loose', 'root', 'loose');
  make('outside', 'loose', 'mailed');
  make('other', 'other', 'root', '-days 3000');
  make('weak', 'root', 'leaf', '-days 100 -sha1');
  // Another authority of the same name.
  work.openssl(
    'req -x509 -newkey rsa:2048 -nodes -keyout false.key -out false.crt -days 30 -subj /CN=middle',
  );
  make('forged', 'false', 'leaf');
});

describe('a chain', () => {
  it.each([
    ['over one between', 'leaf', ['root'], ['middle'], 'leaf < middle < root', true],
    [
      'whatever else lies there',
      'leaf',
      ['other', 'root'],
      ['open', 'below', 'middle', 'other'],
      'leaf < middle < root',
      true,
    ],
    ['up to one that is trusted and not self-signed', 'leaf', ['middle'], [], 'leaf < middle', true],
    ['of one that is trusted itself', 'root', ['root'], [], 'root', true],
    ['without the one between', 'leaf', ['root'], [], 'issuer-unknown', false],
    ['to an authority that is not trusted', 'leaf', ['other'], ['middle', 'root'], 'issuer-unknown', false],
    ['to one that only has the name', 'forged', ['root'], ['middle'], 'issuer-unknown', false],
    ['longer than pathLen allows', 'deep', ['root'], ['middle', 'below'], 'certificate-usage', false],
    ['over one that is no authority', 'child', ['root'], ['middle', 'leaf'], 'certificate-usage', false],
    ['over one that may not sign certificates', 'misused', ['root'], ['usage'], 'certificate-usage', false],
  ] as const)('%s', (_name, leaf, anchors, intermediates, ours, theirs) => {
    expect(verdicts(leaf, anchors, intermediates)).toEqual({ ours, theirs });
  });

  it('holds only while each of it is in date', () => {
    for (const [at, theirs] of [
      [now - 2 * day, false],
      [now, true],
      [now + 200 * day, false],
      [now + 2000 * day, false],
    ] as const)
      expect(verdicts('leaf', ['root'], ['middle'], at)).toEqual({
        ours: theirs ? 'leaf < middle < root' : 'certificate-period',
        theirs,
      });
    make('late', 'middle', 'leaf', '-days 2500');
    expect(verdicts('late', ['root'], ['middle'], now + 2000 * day)).toEqual({
      ours: 'certificate-period',
      theirs: false,
    });
    expect(() => verifyChain(certificate('late'), trust(['root'], ['middle']), now + 2000 * day)).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ subject: 'CN=middle' }) }),
    );
  });

  it('refuses constraints that it does not understand, and signatures by SHA-1, where openssl is content', () => {
    expect(verdicts('bounded', ['root'], ['constrained'])).toEqual({
      ours: 'certificate-invalid',
      theirs: true,
    });
    expect(verdicts('outside', ['root'], ['loose'])).toEqual({ ours: 'certificate-invalid', theirs: false });
    expect(verdicts('weak', ['root'], []).ours).toBe('certificate-invalid');
  });

  it('finds its way where a false authority of the same name lies before the true one', () => {
    expect(verdicts('leaf', ['root'], ['false', 'middle'])).toEqual({
      ours: 'leaf < middle < root',
      theirs: true,
    });
  });
});

describe('revocation', () => {
  beforeAll(() => {
    work.write(
      'ca.cnf',
      '[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n',
    );
    work.write('index.txt', '');
    work.write('crlnumber', '01\n');
  });
  const list = (options: string) => {
    work.openssl(`ca -config ca.cnf -cert middle.crt -keyfile middle.key -gencrl -out middle.crl ${options}`);
    return readRevocationList(work.read('middle.crl'));
  };

  it('a list in date lets the others pass; an old one is named as such; the newest counts', () => {
    const fresh = list('-crldays 30');
    expect(verifyChain(certificate('leaf'), trust(['root'], ['middle'], [fresh]), now)).toHaveLength(3);
    expect(() =>
      verifyChain(certificate('leaf'), trust(['root'], ['middle'], [fresh]), now + 40 * day),
    ).toThrow(
      expect.objectContaining({
        code: 'revocation-list-stale',
        params: { issuer: 'CN=middle', until: new Date(fresh.nextUpdate).toISOString().slice(0, 10) },
      }),
    );
    const old = list('-crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z');
    expect(verifyChain(certificate('leaf'), trust(['root'], ['middle'], [old, fresh]), now)).toHaveLength(3);
  });

  it('a certificate on the list is refused', () => {
    work.openssl('ca -config ca.cnf -cert middle.crt -keyfile middle.key -revoke leaf.crt');
    expect(() =>
      verifyChain(certificate('leaf'), trust(['root'], ['middle'], [list('-crldays 30')]), now),
    ).toThrow(expect.objectContaining({ code: 'certificate-withdrawn' }));
  });

  it('a list that another has signed is not believed', () => {
    work.openssl('ca -config ca.cnf -cert false.crt -keyfile false.key -gencrl -out false.crl -crldays 30');
    const foreign = readRevocationList(work.read('false.crl'));
    expect(foreign.revoked.size).toBe(1);
    expect(verifyChain(certificate('leaf'), trust(['root'], ['middle'], [foreign]), now)).toHaveLength(3);
  });
});
