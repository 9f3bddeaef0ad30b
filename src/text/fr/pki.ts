/** Ce que `xmserver pki` écrit. */
export const pki = {
  role: 'rôle',
  roles: {
    authority: 'autorité',
    server: 'serveur',
    station: 'poste',
    operator: 'utilisateur',
    signatory: 'signataire',
  },
  key: 'clé',
  client: 'client',
  subject: 'titulaire',
  issuer: 'émis par',
  serial: 'n° de série',
  from: 'valable du',
  until: 'au',
  sha256: 'SHA-256',
  fingerprint: 'empreinte à comparer',
  state: 'état',
  states: { valid: 'valable', future: 'pas encore valable', ended: 'expiré', revoked: 'révoqué' },
  none: 'rien',
  files: 'fichiers',
  number: 'n°',
  received: 'reçue le',
  commandMissing: 'pki : donnez une commande',
  unknown: (name: string) => `commande inconnue : pki ${name}`,
  file: 'FICHIER',
  keyOrFile: 'CLÉ ou FICHIER',
  anchor: 'racine',
  intermediate: 'intermédiaire',
  needs: (option: string) => `donnez ${option}`,
  oneOf: (option: string, values: string) => `${option} : ${values}`,
  accepted: (id: number) => `demande n° ${id} acceptée`,
  refused: (id: number) => `demande n° ${id} refusée`,
  filed: (id: number) => `demande n° ${id} enregistrée : comparez l’empreinte, puis acceptez-la`,
  requestWritten: (file: string) => `demande écrite : ${file}`,
  revoked: (subject: string) => `certificat révoqué : ${subject}`,
  listWritten: (file: string, number: bigint, count: number) =>
    `liste de révocation n° ${number}, ${count} certificats : ${file}`,
  listKept: (issuer: string, count: number) =>
    `liste de révocation de ${issuer} prise en compte, ${count} certificats révoqués ici`,
  imported: (subject: string) => `certificat enregistré : ${subject}`,
  renewed: (keyId: string, file: string) =>
    `nouvelle clé du serveur ${keyId} : donnez ${file} aux postes ; les moteurs la prennent en un cycle, signent avec elle après 30 jours, et acceptent l’ancienne jusqu’à sa fin`,
  serverRevoked:
    'les moteurs en marche abandonnent cette clé aussitôt, et s’arrêtent s’ils n’en ont pas d’autre ; les postes la gardent tant que certificates/server….crt n’y est pas supprimé',
  authorityRenewed: (keyId: string, until: string) =>
    `nouvelle racine ${keyId} ; l’ancienne reste admise jusqu’au ${until} : d’ici là, renouvelez la clé du serveur (pki renew) et donnez authority.crt aux postes`,
  trusted: (subject: string, anchor: boolean) =>
    anchor ? `autorité admise : ${subject}` : `autorité intermédiaire connue : ${subject}`,
  removed: (fingerprint: string) => `autorité retirée : ${fingerprint}`,
  daysLeft: (days: number) =>
    days < 0 ? `expiré depuis ${-days} jours` : days < 2 ? `${days} jour` : `${days} jours`,
};

export type PkiTexts = typeof pki;
