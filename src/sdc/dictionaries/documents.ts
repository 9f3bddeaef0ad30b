/** Dictionary 3: diplomas, licences, cards, polling stations and results as Docstream issues them. Frozen. */
import type { DictionarySource } from '../dictionary.ts';
import { familyNames, firstNames } from './names.ts';
import { districts } from './places.ts';

export const documents: DictionarySource = {
  id: 3,
  tables: [
    {
      name: 'CarteEnregistrement',
      columns:
        'Numero Status NumeroCarte Nom Prenoms Sexe DateNaissance LieuNaissance Residence NumeroPersonnel Centre ' +
        'DateDelivrance Signataire',
    },
    {
      name: 'Permis',
      columns:
        'Numero Status NumeroPermis Categorie Nom Prenoms DateNaissance LieuNaissance Residence DateDelivrance ' +
        'DateExpiration LieuDelivrance Signataire',
    },
    {
      name: 'Diplome',
      columns:
        'Numero Status NumeroDiplome Etablissement Intitule Specialite Session Mention Nom Prenoms Sexe ' +
        'DateNaissance LieuNaissance DateDelivrance Signataire',
    },
    {
      name: 'BureauVote',
      columns:
        'Numero Status Scrutin Region Departement Arrondissement CodeBureau Bureau Inscrits President Membres',
    },
    {
      name: 'ResultatVote',
      columns:
        'Numero Status Scrutin CodeBureau Inscrits Votants Nuls Exprimes Candidat Voix VoixCorrigees ' +
        'MotifCorrection Reserves Reclamations DateProcesVerbal',
    },
  ],
  values: [
    '~Université de ~Institut supérieur ~Ecole normale supérieure de ~Faculté des sciences ~économiques ~Lycée ',
    '~classique ~technique ~bilingue de ~Collège ~CETIC de ~Baccalauréat~ de l’enseignement secondaire ~général~',
    '~Brevet d’études du premier cycle~Certificat d’études primaires~CEP~BEPC~CAP~Probatoire~Licence ~Master ~',
    '~Doctorat ~Brevet de technicien supérieur~BTS~DUT~Diplôme d’ingénieur~ en ~Droit~Gestion~Informatique~Lettres~',
    '~Mathématiques~Physique~Chimie~Biologie~Histoire~Géographie~Philosophie~Anglais~Comptabilité~Electrotechnique~',
    'A4|C|D|TI|F3|G2|Passable|Assez bien|Bien|Très bien|Excellent|juin |septembre |A|B|BE|C1|D1|E|G',
    ...districts,
    '~Yaoundé~Délégué régional ~des transports~Le Recteur~Le Doyen~Le Directeur~Le Préfet~Le Sous-préfet~Ministre ~',
    '~Présidentielle ~Législatives ~Municipales ~Sénatoriales ~Régionales ~Référendum ~Election ~Ecole publique de ~',
    '~Foyer municipal ~Chefferie de ~Place du marché ~Bureau ~Centre de vote ~Salle ~ A~ B~ C~Erreur de calcul~',
    '~Erreur de report~Président ~Assesseur ~Représentant de ~Commission ~Néant~',
    'RDPC|SDF|UNDP|UDC|MRC|PCRN|UPC|CPP',
    '~Bulletins nuls ~Procès-verbal ~signé ~sous réserve ~Recomptage ~2027~2026~2025~2024~',
    ...familyNames,
    ...firstNames,
  ],
  dates: { first: '2025-01-01', last: '2028-12-31', before: ['F', 'M'] },
};
