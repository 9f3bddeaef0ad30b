/** The words of `xmstation`. */
import type { Language } from '../../core/language.ts';

export const stationFlags = {
  data: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean', default: false },
  wait: { type: 'number' },
  watch: { type: 'boolean', default: false },
  refused: { type: 'boolean', default: false },
  pace: { type: 'number' },
  batch: { type: 'number' },
  client: { type: 'number' },
  name: { type: 'string' },
  rsa: { type: 'boolean', default: false },
  out: { type: 'string' },
  certificate: { type: 'string' },
  server: { type: 'string' },
  authority: { type: 'string' },
  online: { type: 'boolean', default: false },
  passwordStdin: { type: 'boolean', default: false },
  office: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'number' },
  user: { type: 'string' },
  sslmode: { type: 'string' },
  databaseCa: { type: 'string' },
  broker: { type: 'string' },
  brokerUser: { type: 'string' },
  brokerCa: { type: 'string' },
  brokerCert: { type: 'string' },
  brokerKey: { type: 'string' },
  table: { type: 'string' },
  columns: { type: 'string' },
  where: { type: 'string' },
  order: { type: 'string' },
  limit: { type: 'number' },
  sql: { type: 'string' },
  after: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  town: { type: 'string' },
  telephone: { type: 'string' },
  subject: { type: 'string' },
} as const;

type Given<F> = {
  readonly [K in keyof F]: F[K] extends { readonly default: boolean }
    ? boolean
    : F[K] extends { readonly type: 'number' }
      ? number | undefined
      : string | undefined;
};
export type StationFlags = Given<typeof stationFlags>;

export const stationHelp: Readonly<Record<Language, string>> = {
  fr: `
  xmstation init                installe le poste : demande ce qui manque, ou par options
      --client MATRICULE --server FICHIER [--authority FICHIER] [--office ecr|docstream]
      --broker mqtts://HÔTE:PORT [--broker-user NOM] [--broker-ca F] [--broker-cert F --broker-key F]
      [--host HÔTE --user NOM [--port N] [--sslmode MODE] [--database-ca FICHIER]]
                                certificat du serveur et de l’autorité (PEM) ; sans --host, le poste
                                apporte son PostgreSQL ; mots de passe : XMS_BROKER_PASSWORD, PGPASSWORD
  xmstation enrol --online [--password-stdin]
                                demande le certificat par le réseau : matricule et mot de passe ;
                                montre l’empreinte à lire au centre, attend sa décision
  xmstation enrol --client MATRICULE [--name NOM] [--out FICHIER] [--rsa]
  xmstation enrol --certificate FICHIER [--server FICHIER] [--authority FICHIER]
                                la même chose par fichiers
  xmstation password [--password-stdin]
                                change le mot de passe du client : l’ancien, puis le nouveau
  xmstation validate [TABLE …]  vérifie les fiches de Status 1 et les gèle : Status 2
  xmstation export [TABLE …]    scelle et envoie les fiches de Status 2, attend leurs reçus ; de
                                celles qui ont été classées et sont au Status 0, l’annulation
      --watch                   recommence toutes les minutes, jusqu’à SIGTERM
      --refused                 renvoie aussi ce que le serveur a refusé
      --pace MS                 au moins MS millisecondes entre deux envois
      --batch N                 jusqu’à N fiches (250 au plus) par SDC, si le serveur l’accorde
  xmstation import --table TABLE [--columns A,B] [--where "Nom = 'X'"] [--order "Nom, Numero desc"]
                   [--limit N]
  xmstation import --sql "SELECT …"
                                apporte des fiches du centre, avec le Status 2, chacune une fois ;
                                sans condition : celles qui y ont le Status 2
      --after MARQUE            la suite de ce qu’un import, faute de crédit, de quota ou de
                                liaison, n’a pas apporté
  xmstation certify --table TABLE COLONNE=VALEUR …
                                ce papier est-il authentique ? (dates : AAAA-MM-JJ ou JJ/MM/AAAA)
  xmstation account [--from AAAA-MM-JJ [--until AAAA-MM-JJ]]
                                le solde, et les mouvements de ces jours
  xmstation profile [--name NOM] [--town VILLE] [--telephone N°]
                                ce que le centre sait du client, ou le change
  xmstation message [--subject OBJET] TEXTE
                                écrit au centre
  xmstation message list [--limit 50]
                                messages envoyés et reçus, avis de recharge
  xmstation t2d export DOSSIER [--refused] [--batch N]
                                scelle les fiches de Status 2 et écrit en fichiers tout ce qui
                                attend un reçu ou une réponse, pour le serveur (T2D, clé USB)
  xmstation t2d import DOSSIER|FICHIER …
                                prend les reçus et réponses apportés en fichiers
  xmstation status              fiches par Status, ce qui attend, ce qui est refusé
  xmstation setting list|get NOM|set NOM VALEUR
                                batch, keepAlive, groups, sessionKeys, topicAlias, broker,
                                brokerUser ; « - » rend la valeur d’origine
  xmstation stop                arrête le PostgreSQL que le poste a apporté

Options
  --wait SECONDES  patience sans nouvelle du broker ou du centre (300) ; ensuite code 4 : rien n’est
                   perdu, la prochaine liaison continue
  --json           un objet JSON à la fin
  --data DOSSIER   dossier de données ; le poste est dans son sous-dossier station/
                   (par défaut $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     langue
  --help           cette aide
  --version        version

Codes de sortie : 0 fait, pièce authentique · 1 échec · 2 appel incorrect · 4 des reçus ou la
                  réponse manquent · 5 refusé · certify : 6 différente, 7 inconnue, 8 annulée`,
  en: `
  xmstation init                installs the station: asks for what is missing, or by options
      --client MATRICULE --server FILE [--authority FILE] [--office ecr|docstream]
      --broker mqtts://HOST:PORT [--broker-user NAME] [--broker-ca F] [--broker-cert F --broker-key F]
      [--host HOST --user NAME [--port N] [--sslmode MODE] [--database-ca FILE]]
                                certificates of the server and the authority (PEM); without --host
                                the station brings its PostgreSQL; passwords: XMS_BROKER_PASSWORD,
                                PGPASSWORD
  xmstation enrol --online [--password-stdin]
                                asks for the certificate over the network: matricule and password;
                                shows the fingerprint to be read to the centre, awaits its decision
  xmstation enrol --client MATRICULE [--name NAME] [--out FILE] [--rsa]
  xmstation enrol --certificate FILE [--server FILE] [--authority FILE]
                                the same by files
  xmstation password [--password-stdin]
                                changes the client's password: the old one, then the new one
  xmstation validate [TABLE …]  checks the records with Status 1 and freezes them: Status 2
  xmstation export [TABLE …]    seals and sends the records with Status 2, waits for their receipts;
                                of those that were filed and are at Status 0, the cancellation
      --watch                   again every minute, until SIGTERM
      --refused                 sends again what the server has refused, too
      --pace MS                 at least MS milliseconds between two messages
      --batch N                 up to N records (250 at most) in one SDC, where the server grants it
  xmstation import --table TABLE [--columns A,B] [--where "Nom = 'X'"] [--order "Nom, Numero desc"]
                   [--limit N]
  xmstation import --sql "SELECT …"
                                brings records of the centre, with Status 2, each once; without a
                                condition: those that have Status 2 there
      --after MARK              what an import has not brought for want of credit, quota or a link
  xmstation certify --table TABLE COLUMN=VALUE …
                                is this paper genuine? (dates: YYYY-MM-DD or DD/MM/YYYY)
  xmstation account [--from YYYY-MM-DD [--until YYYY-MM-DD]]
                                the balance, and the movements of these days
  xmstation profile [--name NAME] [--town TOWN] [--telephone NO]
                                what the centre knows of the client, or changes it
  xmstation message [--subject SUBJECT] TEXT
                                writes to the centre
  xmstation message list [--limit 50]
                                messages sent and received, notices of recharges
  xmstation t2d export FOLDER [--refused] [--batch N]
                                seals the records with Status 2 and writes all that waits for a
                                receipt or an answer as files for the server (T2D, USB key)
  xmstation t2d import FOLDER|FILE …
                                takes receipts and answers that were brought as files
  xmstation status              records by Status, what waits, what was refused
  xmstation setting list|get NAME|set NAME VALUE
                                batch, keepAlive, groups, sessionKeys, topicAlias, broker,
                                brokerUser; "-" gives back the original value
  xmstation stop                ends the PostgreSQL that the station has brought

Options
  --wait SECONDS   patience without news of the broker or the centre (300); after it code 4: nothing
                   is lost, the next link goes on
  --json           one JSON object in the end
  --data FOLDER    data folder; the station is in its sub-folder station/
                   (by default $XDG_DATA_HOME/XMSData, ~/.local/share/XMSData)
  --lang fr|en     language
  --help           this help
  --version        version

Exit codes: 0 done, genuine paper · 1 failed · 2 wrong call · 4 receipts or the answer are missing
            5 refused · certify: 6 differs, 7 unknown, 8 cancelled`,
};
