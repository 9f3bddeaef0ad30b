/** What `xmserver licence` writes. */
import type { LicenceTexts } from '../fr/licence.ts';

export const licence: LicenceTexts = {
  commandMissing: 'licence: give a command',
  unknown: name => `unknown command: licence ${name}`,
  needs: option => `give ${option}`,
  keyWord: 'KEY or FILE',
  dayNeeded: option => `${option}: a date YYYY-MM-DD`,
  holderLong: '--holder: 64 bytes at most',
  installation: 'installation',
  edition: 'edition',
  silver: 'SILVER, without a licence key',
  licensed: 'licence',
  holder: 'holder',
  clients: 'clients',
  operators: 'operators',
  upTo: count => `${count} at most`,
  issued: 'made on',
  until: 'until',
  endless: 'without end',
  problem: 'key set aside',
  set: 'licence key in force',
  keysWritten: (privateFile, publicFile) =>
    `private key ${privateFile} (to be kept secret), public key ${publicFile}`,
  keyWritten: file => `licence key written: ${file}`,
};
