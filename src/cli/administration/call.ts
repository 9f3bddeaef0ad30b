/** The words of the commands of administration: apart from them, so that a console that opens does not load them. */
import type { Language } from '../../core/language.ts';

export const administrationFlags = {
  matricule: { type: 'number' },
  town: { type: 'string' },
  telephone: { type: 'string' },
  status: { type: 'number' },
  search: { type: 'string' },
  sort: { type: 'string' },
  descending: { type: 'boolean', default: false },
  after: { type: 'string' },
  write: { type: 'string' },
  read: { type: 'string' },
  revokeWrite: { type: 'string' },
  revokeRead: { type: 'string' },
  batch: { type: 'string' },
  readsPerDay: { type: 'string' },
  subject: { type: 'string' },
  text: { type: 'string' },
  textFile: { type: 'string' },
  unread: { type: 'boolean', default: false },
  privilege: { type: 'number' },
  certificateName: { type: 'string' },
  passwordStdin: { type: 'boolean', default: false },
  certificate: { type: 'string' },
  quality: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  url: { type: 'string' },
  act: { type: 'string' },
  keepAlive: { type: 'number' },
} as const;

export interface AdministrationFlags {
  readonly json: boolean;
  readonly descending: boolean;
  readonly passwordStdin: boolean;
  readonly unread: boolean;
  readonly matricule?: number | undefined;
  readonly name?: string | undefined;
  readonly town?: string | undefined;
  readonly telephone?: string | undefined;
  readonly status?: number | undefined;
  readonly search?: string | undefined;
  readonly sort?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
  readonly write?: string | undefined;
  readonly read?: string | undefined;
  readonly revokeWrite?: string | undefined;
  readonly revokeRead?: string | undefined;
  readonly batch?: string | undefined;
  readonly readsPerDay?: string | undefined;
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly textFile?: string | undefined;
  readonly reference?: string | undefined;
  readonly privilege?: number | undefined;
  readonly certificateName?: string | undefined;
  readonly certificate?: string | undefined;
  readonly client?: number | undefined;
  readonly quality?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly url?: string | undefined;
  readonly brokerUser?: string | undefined;
  readonly brokerCa?: string | undefined;
  readonly brokerCert?: string | undefined;
  readonly brokerKey?: string | undefined;
  readonly mqtt?: string | undefined;
  readonly keepAlive?: number | undefined;
  readonly act?: string | undefined;
  readonly operator?: string | undefined;
  readonly passphraseFile?: string | undefined;
}

export const families = ['client', 'operator', 'signatory', 'setting', 'broker', 'journal'] as const;
export type Family = (typeof families)[number];

export function isFamily(command: string | undefined): command is Family {
  return families.some(family => family === command);
}

export const administrationHelp: Readonly<Record<Family, Readonly<Record<Language, string>>>> = {
  client: {
    fr: `
  xmserver client create --name NOM [--town VILLE] [--telephone N°]
                [--status 2] [--matricule N] [--reference TEXTE]
                                donne un matricule, un compte, le mot de passe « zerokey », et
                                les droits des réglages defaultWrites et defaultReads ; deux
                                fois la même référence ne crée qu’un client
  xmserver client list [--search MOTS] [--status 0-3] [--limit 50] [--after REPÈRE]
                [--sort matricule|name|town|telephone|status|balance|created]
                [--descending]
                                MOTS : débuts de mots : nom, ville, téléphone, matricule
  xmserver client show N        un client : compte, droits, certificat
  xmserver client change N [--name NOM] [--town VILLE] [--telephone N°]
  xmserver client status N 0|1|2|3
                                0 suspendu, 1 certains services, 2 tous sauf SDS, 3 tous
  xmserver client rights N [--write T,…] [--read T,…] [--revoke-write T,…]
                [--revoke-read T,…]
                                les tables qu’il écrit et lit ; sans option, les montre
  xmserver client exchange N [--batch on|off] [--reads-per-day N|none]
                                plusieurs fiches par SDC ; fiches lues par jour, au plus
  xmserver client message N --subject OBJET --text TEXTE | --text-file FICHIER
                [--reference TEXTE]
                                le moteur le lui envoie, une fois par référence
  xmserver client inbox [N] [--unread] [--before N°] [--limit 50]
                                ce que les clients ont écrit, le plus récent d’abord ; ● non lu
  xmserver client read N°       un de ces messages, qui compte alors comme lu
  xmserver client cert N [FICHIER] [--passphrase-file FICHIER]
                                ses certificats, ou en enregistre un : PEM, DER, PKCS#12
  xmserver client password-reset N
                                lui rend le mot de passe « zerokey »
  xmserver client recharge N MONTANT --reference REÇU
  xmserver client correct N MONTANT --reason TEXTE
  xmserver client invoice N [--period 2026-03]
  xmserver client statement N [--period 2026-03]
                                son compte, comme par xmserver account

  N : le matricule`,
    en: `
  xmserver client create --name NAME [--town TOWN] [--telephone NO]
                [--status 2] [--matricule N] [--reference TEXT]
                                gives a matricule, an account, the password "zerokey", and the
                                rights of the settings defaultWrites and defaultReads; the same
                                reference twice makes one client
  xmserver client list [--search WORDS] [--status 0-3] [--limit 50] [--after MARK]
                [--sort matricule|name|town|telephone|status|balance|created]
                [--descending]
                                WORDS: beginnings of words: name, town, telephone, matricule
  xmserver client show N        one client: account, rights, certificate
  xmserver client change N [--name NAME] [--town TOWN] [--telephone NO]
  xmserver client status N 0|1|2|3
                                0 suspended, 1 some services, 2 all but SDS, 3 all
  xmserver client rights N [--write T,…] [--read T,…] [--revoke-write T,…]
                [--revoke-read T,…]
                                the tables it writes and reads; without options, shows them
  xmserver client exchange N [--batch on|off] [--reads-per-day N|none]
                                several records in one SDC; records read in a day, at most
  xmserver client message N --subject SUBJECT --text TEXT | --text-file FILE
                [--reference TEXT]
                                the engine sends it, once for each reference
  xmserver client inbox [N] [--unread] [--before NO] [--limit 50]
                                what clients have written, the newest first; ● not read yet
  xmserver client read NO       one of these messages, which counts as read then
  xmserver client cert N [FILE] [--passphrase-file FILE]
                                its certificates, or registers one: PEM, DER, PKCS#12
  xmserver client password-reset N
                                gives it back the password "zerokey"
  xmserver client recharge N AMOUNT --reference RECEIPT
  xmserver client correct N AMOUNT --reason TEXT
  xmserver client invoice N [--period 2026-03]
  xmserver client statement N [--period 2026-03]
                                its account, as by xmserver account

  N: the matricule`,
  },
  operator: {
    fr: `
  xmserver operator create UTILISATEUR --name NOM --privilege 1-4 [--certificate-name NOM]
                [--password-stdin]
                                1 consulte, 2 gère clients et signataires, 3 chef de centre,
                                4 Superviseur ; il tape lui-même son mot de passe
  xmserver operator list
  xmserver operator show UTILISATEUR
  xmserver operator change UTILISATEUR [--name NOM] [--privilege 0-4] [--certificate-name NOM]
  xmserver operator suspend UTILISATEUR
                                pour le réadmettre : change --privilege
  xmserver operator password UTILISATEUR [--password-stdin]
                                un nouveau mot de passe ; lève aussi un blocage après échecs`,
    en: `
  xmserver operator create USER --name NAME --privilege 1-4 [--certificate-name NAME]
                [--password-stdin]
                                1 reads, 2 manages clients and signatories, 3 head of centre,
                                4 Superviseur; he types his password himself
  xmserver operator list
  xmserver operator show USER
  xmserver operator change USER [--name NAME] [--privilege 0-4] [--certificate-name NAME]
  xmserver operator suspend USER
                                to let him in again: change --privilege
  xmserver operator password USER [--password-stdin]
                                a new password; also lifts a lock after failures`,
  },
  signatory: {
    fr: `
  xmserver signatory create --client MATRICULE --name NOM [--quality QUALITÉ]
                [--from AAAA-MM-JJ] [--until AAAA-MM-JJ] [--certificate CLÉ]
                                sans --from : dès aujourd’hui
  xmserver signatory list [--client MATRICULE] [--search MOTS] [--limit 50] [--after REPÈRE]
                [--sort name|client|from|number] [--descending]
  xmserver signatory show N
  xmserver signatory change N [--name NOM] [--quality QUALITÉ] [--from JOUR] [--until JOUR]
                [--certificate CLÉ]
  xmserver signatory end N [--until AAAA-MM-JJ]
                                son dernier jour ; sans --until : aujourd’hui`,
    en: `
  xmserver signatory create --client MATRICULE --name NAME [--quality QUALITY]
                [--from YYYY-MM-DD] [--until YYYY-MM-DD] [--certificate KEY]
                                without --from: from today
  xmserver signatory list [--client MATRICULE] [--search WORDS] [--limit 50] [--after MARK]
                [--sort name|client|from|number] [--descending]
  xmserver signatory show N
  xmserver signatory change N [--name NAME] [--quality QUALITY] [--from DAY] [--until DAY]
                [--certificate KEY]
  xmserver signatory end N [--until YYYY-MM-DD]
                                the last day; without --until: today`,
  },
  setting: {
    fr: `
  xmserver setting list         les réglages que partagent toutes les machines
  xmserver setting get NOM
  xmserver setting set NOM VALEUR
                                tables : séparées par des virgules ; les moteurs s’y tiennent dès
                                leur prochain cycle`,
    en: `
  xmserver setting list         the settings that all machines share
  xmserver setting get NAME
  xmserver setting set NAME VALUE
                                tables: apart by commas; engines go by it from their next cycle
                                on`,
  },
  broker: {
    fr: `
  xmserver broker list          les brokers connus ; ● celui qui sert
  xmserver broker show N        un broker, ses certificats, et ce que config.json d’ici a en propre
  xmserver broker add mqtt://HÔTE:PORT [--broker-user NOM] [--password-stdin]
                [--mqtt auto|5|3] [--keep-alive 60] [--broker-ca FICHIER]
                [--broker-cert FICHIER --broker-key FICHIER]
  xmserver broker change N [--url mqtts://HÔTE:PORT] et les mêmes options
                                --mqtt auto : MQTT 5 si le broker le parle, sinon 3.1.1
                                --keep-alive : secondes, de 10 à 1200
                                --broker-ca : qui répond du broker, et personne d’autre (PEM)
                                --broker-cert : qui nous sommes, pour un broker qui le demande
                                --broker-key : sa clé, dans secrets/, ou copiée là ; à mettre sous
                                le même nom sur chaque machine qui a un moteur
                                une option vide ('') retire ce qui est enregistré
  xmserver broker select N      les moteurs y passent par « MQTT Subscribe », ou à leur prochain
                                démarrage
  xmserver broker remove N

  Le mot de passe est demandé au terminal, ou lu sur l’entrée standard (--password-stdin).
  Une installation sur services embarqués choisit le sien à chaque démarrage.`,
    en: `
  xmserver broker list          the brokers that are known; ● the one that is used
  xmserver broker show N        one broker, its certificates, and what config.json here has of its
                                own
  xmserver broker add mqtt://HOST:PORT [--broker-user NAME] [--password-stdin]
                [--mqtt auto|5|3] [--keep-alive 60] [--broker-ca FILE]
                [--broker-cert FILE --broker-key FILE]
  xmserver broker change N [--url mqtts://HOST:PORT] and the same options
                                --mqtt auto: MQTT 5 where the broker speaks it, else 3.1.1
                                --keep-alive: seconds, 10 to 1200
                                --broker-ca: who vouches for the broker, and nobody else (PEM)
                                --broker-cert: who we are, for a broker that asks
                                --broker-key: its key, in secrets/, or copied there; to be put
                                under the same name on each machine that has an engine
                                an empty option ('') takes away what is kept
  xmserver broker select N      engines go over to it by "MQTT Subscribe", or when they next
                                start
  xmserver broker remove N

  The password is asked for at the terminal, or read from standard input (--password-stdin).
  An installation on embedded services selects its own at every start.`,
  },
  journal: {
    fr: `
  xmserver journal list [--act ACTE] [--operator UTILISATEUR] [--before N] [--limit 50]
                                qui a fait quoi, le plus récent d’abord ; os:COMPTE : par la ligne
                                de commande
  xmserver journal verify       recalcule la chaîne : échec à la première ligne altérée`,
    en: `
  xmserver journal list [--act ACT] [--operator USER] [--before N] [--limit 50]
                                who did what, the newest first; os:ACCOUNT: on the command line
  xmserver journal verify       computes the chain again: fails at the first row tampered with`,
  },
};
