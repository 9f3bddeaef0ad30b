/** The words of `xmserver pki`: apart from the commands, so that a console that opens does not load them. */
import type { Language } from '../core/language.ts';

export const pkiFlags = {
  name: { type: 'string' },
  role: { type: 'string' },
  client: { type: 'number' },
  server: { type: 'boolean', default: false },
  rsa: { type: 'boolean', default: false },
  years: { type: 'number' },
  days: { type: 'number' },
  reason: { type: 'string' },
  fingerprint: { type: 'string' },
  request: { type: 'string' },
  out: { type: 'string' },
  remove: { type: 'string' },
  passphraseFile: { type: 'string' },
  storePassphraseFile: { type: 'string' },
} as const;

export interface PkiFlags {
  readonly json: boolean;
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly client?: number | undefined;
  readonly server: boolean;
  readonly rsa: boolean;
  readonly years?: number | undefined;
  readonly days?: number | undefined;
  /** `xmserver init` has this option, too: a name; here with commas between several. */
  readonly host?: string | undefined;
  readonly reason?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly request?: string | undefined;
  readonly out?: string | undefined;
  readonly remove?: string | undefined;
  readonly passphraseFile?: string | undefined;
  readonly storePassphraseFile?: string | undefined;
}

export const pkiHelp: Readonly<Record<Language, string>> = {
  fr: `
  xmserver pki init [--name NOM] [--years 20] [--rsa]
                                crée l’autorité et la clé du serveur, là où elles manquent
  xmserver pki list [--client MATRICULE] [--role server|station|operator|signatory]
  xmserver pki show CLÉ|FICHIER un certificat ou une demande, et l’empreinte à comparer
  xmserver pki issue --role RÔLE --name NOM --out PRÉFIXE [--client MATRICULE] [--years 2] [--rsa]
                [--host HÔTE,…] [--passphrase-file FICHIER]
                                fait une clé et son certificat : PRÉFIXE.key, PRÉFIXE.crt
  xmserver pki issue --role RÔLE --request DEMANDE --fingerprint CHIFFRES --out PRÉFIXE
                                un certificat pour une demande : PRÉFIXE.crt
  xmserver pki broker-cert --host HÔTE,… --out PRÉFIXE [--years 5] [--rsa]
                                clé et certificat pour l’accès TLS d’un broker ou d’un PostgreSQL ;
                                HÔTE : chaque nom ou adresse IP par lequel on le joint
  xmserver pki request list     les demandes des clients qui attendent
  xmserver pki request add FICHIER --client MATRICULE
  xmserver pki request accept N --fingerprint CHIFFRES [--years 2] [--out FICHIER]
                                CHIFFRES : l’empreinte que le client a lue
  xmserver pki request refuse N --reason TEXTE
  xmserver pki request make --out FICHIER [--name NOM] [--rsa]
                                une demande du serveur, pour une autorité extérieure
  xmserver pki revoke CLÉ --reason keyCompromise|superseded|cessationOfOperation|…
  xmserver pki crl [--days 30] [--out FICHIER]
                                une nouvelle liste de révocation
  xmserver pki import FICHIER --client MATRICULE | --server [--passphrase-file FICHIER]
                                certificats et clés : PEM, DER, PKCS#12
  xmserver pki import FICHIER --role operator | --role signatory --client MATRICULE
                                celui d’un utilisateur, ou d’un signataire du client
  xmserver pki import FICHIER   une liste de révocation d’une autorité extérieure
  xmserver pki renew [--rsa] [--years 5]
                                une nouvelle clé du serveur ; l’ancienne reste acceptée
  xmserver pki renew-authority [--years 20]
                                une nouvelle racine de l’autorité ; l’ancienne reste admise
                                jusqu’à sa fin, chacune signée par l’autre
  xmserver pki trust [FICHIER | --remove SHA256]
                                autorités extérieures admises
  xmserver pki warnings         certificats dont la fin approche (60 jours)

  --store-passphrase-file FICHIER  phrase secrète des clés de cette installation`,
  en: `
  xmserver pki init [--name NAME] [--years 20] [--rsa]
                                creates the authority and the server's key where they are missing
  xmserver pki list [--client MATRICULE] [--role server|station|operator|signatory]
  xmserver pki show KEY|FILE    a certificate or a request, and the fingerprint to compare
  xmserver pki issue --role ROLE --name NAME --out PREFIX [--client MATRICULE] [--years 2] [--rsa]
                [--host HOST,…] [--passphrase-file FILE]
                                makes a key and its certificate: PREFIX.key, PREFIX.crt
  xmserver pki issue --role ROLE --request REQUEST --fingerprint DIGITS --out PREFIX
                                a certificate for a request: PREFIX.crt
  xmserver pki broker-cert --host HOST,… --out PREFIX [--years 5] [--rsa]
                                key and certificate for the TLS listener of a broker or a PostgreSQL;
                                HOST: every name or IP address by which it is reached
  xmserver pki request list     clients' requests that wait
  xmserver pki request add FILE --client MATRICULE
  xmserver pki request accept N --fingerprint DIGITS [--years 2] [--out FILE]
                                DIGITS: the fingerprint that the client has read out
  xmserver pki request refuse N --reason TEXT
  xmserver pki request make --out FILE [--name NAME] [--rsa]
                                a request of the server, for an outside authority
  xmserver pki revoke KEY --reason keyCompromise|superseded|cessationOfOperation|…
  xmserver pki crl [--days 30] [--out FILE]
                                a new revocation list
  xmserver pki import FILE --client MATRICULE | --server [--passphrase-file FILE]
                                certificates and keys: PEM, DER, PKCS#12
  xmserver pki import FILE --role operator | --role signatory --client MATRICULE
                                that of an operator, or of a signatory of the client
  xmserver pki import FILE      a revocation list of an outside authority
  xmserver pki renew [--rsa] [--years 5]
                                a new key of the server; the old one stays accepted
  xmserver pki renew-authority [--years 20]
                                a new root of the authority; the old one stays accepted
                                until its end, each signed by the other
  xmserver pki trust [FILE | --remove SHA256]
                                outside authorities that are accepted
  xmserver pki warnings         certificates that come to their end (60 days)

  --store-passphrase-file FILE  passphrase of the keys of this installation`,
};
