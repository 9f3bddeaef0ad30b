/** Ce que `xmserver licence` écrit. */
export const licence = {
  commandMissing: 'licence : donnez une commande',
  unknown: (name: string) => `commande inconnue : licence ${name}`,
  needs: (option: string) => `donnez ${option}`,
  keyWord: 'CLÉ ou FICHIER',
  dayNeeded: (option: string) => `${option} : une date AAAA-MM-JJ`,
  holderLong: '--holder : 64 octets au plus',
  installation: 'installation',
  edition: 'édition',
  silver: 'SILVER, sans clé de licence',
  licensed: 'licence',
  holder: 'titulaire',
  clients: 'clients',
  operators: 'utilisateurs',
  upTo: (count: string) => `${count} au plus`,
  issued: 'faite le',
  until: 'jusqu’au',
  endless: 'sans fin',
  problem: 'clé écartée',
  set: 'clé de licence prise en compte',
  keysWritten: (privateFile: string, publicFile: string) =>
    `clé privée ${privateFile} (à garder au secret), clé publique ${publicFile}`,
  keyWritten: (file: string) => `clé de licence écrite : ${file}`,
};

export type LicenceTexts = typeof licence;
