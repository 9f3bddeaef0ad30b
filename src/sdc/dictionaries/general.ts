/** Dictionary 1: receipts, and the tables that have no dictionary of their own. Frozen: a change takes a new id. */
import type { DictionarySource } from '../dictionary.ts';
import { familyNames, firstNames } from './names.ts';

export const general: DictionarySource = {
  id: 1,
  tables: [],
  values: [
    ...familyNames,
    ...firstNames,
    'Oui|Non|oui|non|true|false|~Adresse~Telephone~Email~Code~Libelle~Description~Observations~Montant~Quantite~Prix',
    '~Annee~Mois~Jour~Heure~Lieu~Type~Categorie~Etat~Service~Ville~Pays~Quartier~Residence~Profession~Nationalite',
    '~Situation~Numero~Date~Debut~Fin~Creation~Delivrance~Expiration~Naissance~Signataire~Responsable~Secretaire',
    'NumeroPersonnel|DateNaissance|LieuNaissance|Signataire|Secretaire|Centre|Arrondissement|Departement|Region|Sexe',
    'Prenoms|Nom|Camerounaise|M|F',
    'message-id-reused|record-already-filed|record-status|status|record-constraint|constraint|value-range|value-null',
    'value-too-long|length|limit|value-type|found|text|integer|expected|date|boolean|column-unknown|column-missing',
    'table-unknown|table-denied|table|service-denied|service|client-suspended|column|Status|Numero',
  ],
  dates: { first: '2025-01-01', last: '2028-12-31', before: [''] },
};
