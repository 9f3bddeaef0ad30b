/** The words of `xmserver licence`: apart from the commands, so that a console that opens does not load them. */
import type { Language } from '../core/language.ts';

export const licenceFlags = {
  key: { type: 'string' },
  installation: { type: 'string' },
  clients: { type: 'number' },
  holder: { type: 'string' },
  until: { type: 'string' },
} as const;

export interface LicenceFlags {
  readonly json: boolean;
  readonly key?: string | undefined;
  readonly installation?: string | undefined;
  readonly clients?: number | undefined;
  readonly holder?: string | undefined;
  readonly until?: string | undefined;
  readonly out?: string | undefined;
  readonly passphraseFile?: string | undefined;
}

export const licenceHelp: Readonly<Record<Language, string>> = {
  fr: `
  xmserver licence show         l’édition, ses limites, et le numéro d’installation à donner au
                                fournisseur
  xmserver licence set CLÉ|FICHIER|-
                                met une clé en vigueur ; - : lue sur l’entrée standard

Pour le fournisseur
  xmserver licence keygen --out PRÉFIXE [--passphrase-file FICHIER]
                                fait sa paire de clés : PRÉFIXE.key, PRÉFIXE.pub
  xmserver licence make --key FICHIER --installation N° --clients N --holder NOM
                [--until DATE] [--out FICHIER] [--passphrase-file FICHIER]
                                une clé de licence, pour 1 000 à 100 000 clients`,
  en: `
  xmserver licence show         the edition, its limits, and the installation number to give to the
                                vendor
  xmserver licence set KEY|FILE|-
                                puts a key in force; -: read from standard input

For the vendor
  xmserver licence keygen --out PREFIX [--passphrase-file FILE]
                                makes his pair of keys: PREFIX.key, PREFIX.pub
  xmserver licence make --key FILE --installation NO --clients N --holder NAME
                [--until DATE] [--out FILE] [--passphrase-file FILE]
                                a licence key, for 1 000 to 100 000 clients`,
};
