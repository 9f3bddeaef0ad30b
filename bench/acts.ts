/**
 * Four birth acts of 20 filled fields (about 500 bytes as JSON), the other columns empty: written before dictionary 2
 * was, and kept out of its making. Regions and months are what they are everywhere; the names of persons are not in it.
 */
import { randomBytes } from 'node:crypto';
import type { ExportMessage, KeyId } from '../src/core/message.ts';
import { CalendarDate, type FormRecord, type Value } from '../src/core/record.ts';

const date = (text: string) => CalendarDate.parse(text) as CalendarDate;

const filled: readonly Readonly<Record<string, Value>>[] = [
  {
    Numero: 8417,
    Status: 2,
    NumeroActe: '0731/2026',
    Region: 'Centre',
    Departement: 'Nyong-et-So’o',
    Arrondissement: 'Dzeng',
    Centre: 'Dzeng',
    Nom: 'BIDZANGA',
    Prenoms: 'Clovis Hermann',
    Sexe: 'M',
    DateNaissance: date('2026-02-11'),
    LieuNaissance: 'Hôpital de district de Dzeng',
    NomPere: 'BIDZANGA Rodrigue',
    NationalitePere: 'Camerounaise',
    ProfessionPere: 'Tourneur',
    NomMere: 'OBAMA Ghislaine',
    NationaliteMere: 'Camerounaise',
    ProfessionMere: 'Couturière',
    Signataire: 'EKOBENA Sosthène',
    DateActe: date('2026-02-19'),
  },
  {
    Numero: 120,
    Status: 2,
    NumeroActe: '2026/LT/114',
    Region: 'Littoral',
    Departement: 'Wouri',
    Arrondissement: 'Douala 5e',
    Centre: 'Douala V',
    Nom: 'TCHINDA',
    Prenoms: 'Maëlys Orlane',
    Sexe: 'F',
    DateNaissance: date('2026-03-30'),
    LieuNaissance: 'Douala',
    NomPere: 'TCHINDA Wilfried',
    ProfessionPere: 'Logisticien',
    ResidencePere: 'Logpom',
    NomMere: 'DJEUTCHOU Ornella',
    ProfessionMere: 'Caissière',
    ResidenceMere: 'Logpom',
    Declarant: 'TCHINDA Wilfried',
    DateActe: date('2026-04-02'),
  },
  {
    Numero: 51233,
    Status: 2,
    NumeroActe: '88',
    Region: 'Extrême-Nord',
    Departement: 'Mayo-Tsanaga',
    Arrondissement: 'Mogodé',
    Centre: 'Mogodé',
    Nom: 'ZOURMBA',
    Prenoms: 'Kaltoumi',
    Sexe: 'F',
    DateNaissance: date('2025-12-27'),
    HeureNaissance: '03:20',
    LieuNaissance: 'Sir',
    NomPere: 'ZOURMBA Tizé',
    ProfessionPere: 'cultivateur',
    NomMere: 'DENEH Koulsoumi',
    ProfessionMere: 'ménagère',
    QualiteDeclarant: 'chef de village',
    Signataire: 'KODJI Teri',
    DateActe: date('2026-01-20'),
  },
  {
    Numero: 3,
    Status: 2,
    NumeroActe: '0012/OU/2026',
    Region: 'Ouest',
    Departement: 'Menoua',
    Arrondissement: 'Fokoué',
    Centre: 'Fokoué',
    Nom: 'NGUIMFACK',
    Prenoms: 'Loïc Bryan',
    Sexe: 'M',
    DateNaissance: date('2026-01-08'),
    LieuNaissance: 'CMA de Fokoué',
    NomPere: 'MOMO Faustin',
    DateNaissancePere: date('1984-07-03'),
    NationalitePere: 'camerounaise',
    NomMere: 'KENFACK Gaëlle',
    DateNaissanceMere: date('1991-11-22'),
    NationaliteMere: 'camerounaise',
    Signataire: 'DONFACK Edgar',
    DateActe: date('2026-01-15'),
  },
];

/** The columns of "Naissance" (sql/data/0001_ecr.sql), in the table's order. */
const columns =
  'Numero Status NumeroActe Region Departement Arrondissement Centre Nom Prenoms Sexe DateNaissance HeureNaissance ' +
  'LieuNaissance NumeroPersonnel NomPere DateNaissancePere LieuNaissancePere NationalitePere ProfessionPere ' +
  'ResidencePere NomMere DateNaissanceMere LieuNaissanceMere NationaliteMere ProfessionMere ResidenceMere Declarant ' +
  'QualiteDeclarant Signataire Secretaire DateActe JugementSuppletif MentionsMarginales';

export const acts: readonly FormRecord[] = filled.map(
  act => new Map(columns.split(' ').map(column => [column, act[column] ?? null])),
);

export function birthMessage(recipient: KeyId, act: number): ExportMessage {
  return messageOf(recipient, [acts[act % acts.length] as FormRecord]);
}

/** Acts of one office in the order of its register: place and signatory are the same, and no two persons' names. */
export function officeMessage(recipient: KeyId, count: number): ExportMessage {
  return messageOf(
    recipient,
    Array.from({ length: count }, (_, i) => officeAct(i)),
  );
}

function messageOf(recipient: KeyId, records: readonly FormRecord[]): ExportMessage {
  return {
    service: 'EXPORT',
    id: randomBytes(8),
    recipient,
    at: Math.floor(Date.now() / 1000),
    table: 'Naissance',
    records,
  };
}

const syllables = 'ba do ke lou ma na ngo ossi pe ra sa tcha te wa ya zang be di fe go he mbi nko ndo'.split(
  ' ',
);

function officeAct(place: number): FormRecord {
  let state = Math.imul(place + 1, 0x9e3779b1);
  const below = (limit: number) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return ((state ^ (state >>> 13)) >>> 0) % limit;
  };
  const name = () => Array.from({ length: 3 }, () => syllables[below(syllables.length)]).join('');
  const family = name().toUpperCase();
  const mother = `${name().toUpperCase()} ${titled(name())}`;
  const born = below(40);
  const act: Record<string, Value> = {
    ...filled[0],
    Numero: 8417 + place,
    NumeroActe: `0${731 + place}/2026`,
    Nom: family,
    Prenoms: `${titled(name())} ${titled(name())}`,
    Sexe: below(2) === 0 ? 'M' : 'F',
    DateNaissance: new CalendarDate(20_460 + born),
    NomPere: `${family} ${titled(name())}`,
    ProfessionPere: name(),
    NomMere: mother,
    ProfessionMere: name(),
    DateActe: new CalendarDate(20_460 + born + below(30)),
  };
  return new Map(columns.split(' ').map(column => [column, act[column] ?? null]));
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
