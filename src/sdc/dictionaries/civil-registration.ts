/** Dictionary 2: births, marriages and deaths as ECR registers them. Frozen: a change takes a new id. */
import type { DictionarySource } from '../dictionary.ts';
import { familyNames, firstNames } from './names.ts';
import { districts } from './places.ts';

export const civilRegistration: DictionarySource = {
  id: 2,
  tables: [
    {
      name: 'Deces',
      columns:
        'Numero Status NumeroActe Region Departement Arrondissement Centre Nom Prenoms Sexe DateNaissance ' +
        'LieuNaissance Profession Residence SituationMatrimoniale NomPere NomMere DateDeces HeureDeces LieuDeces ' +
        'CauseDeces Declarant QualiteDeclarant Signataire DateActe MentionsMarginales',
    },
    {
      name: 'Mariage',
      columns:
        'Numero Status NumeroActe Region Departement Arrondissement Centre NomEpoux PrenomsEpoux ' +
        'DateNaissanceEpoux LieuNaissanceEpoux NationaliteEpoux ProfessionEpoux ResidenceEpoux PereEpoux MereEpoux ' +
        'NomEpouse PrenomsEpouse DateNaissanceEpouse LieuNaissanceEpouse NationaliteEpouse ProfessionEpouse ' +
        'ResidenceEpouse PereEpouse MereEpouse DateMariage LieuMariage Regime Biens TemoinUn TemoinDeux Signataire ' +
        'Secretaire DateActe MentionsMarginales',
    },
    {
      name: 'Naissance',
      columns:
        'Numero Status NumeroActe Region Departement Arrondissement Centre Nom Prenoms Sexe DateNaissance ' +
        'HeureNaissance LieuNaissance NumeroPersonnel NomPere DateNaissancePere LieuNaissancePere NationalitePere ' +
        'ProfessionPere ResidencePere NomMere DateNaissanceMere LieuNaissanceMere NationaliteMere ProfessionMere ' +
        'ResidenceMere Declarant QualiteDeclarant Signataire Secretaire DateActe JugementSuppletif MentionsMarginales',
    },
  ],
  // What stands last costs least. Whole values carry their CBOR head; `~` in front: pieces of text without one.
  values: [
    '~lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre ',
    '~octobre novembre décembre ~ du Tribunal de Première Instance de ~Jugement supplétif n° ~Rectifié par ~Reconnu ',
    '~par acte n° ~Légitimé par le mariage de ses père et mère célébré le ~Divorcé par jugement n° ~ rendu le ~Décédé ',
    '~le ~ à l’état civil de ~Marié le ~ avec ~',
    'Paludisme|Accident de circulation|Maladie|Mort naturelle|Hypertension artérielle|Arrêt cardiaque|AVC|VIH/SIDA',
    'Tuberculose|Suites de couches|Anémie|Cancer|Diabète|Noyade|Inconnue|inconnue|maladie|paludisme|accident',
    'Célibataire|Marié|Mariée|Divorcé|Divorcée|Veuf|Veuve|célibataire|marié|mariée|divorcé|divorcée|veuf|veuve',
    'polygamie|communs|séparés|monogamie',
    ...districts,
    '~Yaoundé 1er~Douala 2e~ 3e~ 4e~ 5e~ 6e~ 7e~ VII~ VI~ IV~ III~ II~ V~ I~',
    'Tchadienne|Centrafricaine|Nigériane|Gabonaise|Congolaise|Equato-guinéenne|Malienne|Sénégalaise|Ivoirienne',
    'Béninoise|Togolaise|Française|Libanaise|Chinoise|tchadienne|centrafricaine|nigériane|gabonaise|française',
    'Agriculteur|Agricultrice|Eleveur|Pêcheur|Planteur|Cultivateur|Cultivatrice|Chauffeur|Mécanicien|Maçon|Menuisier',
    'Electricien|Plombier|Soudeur|Tailleur|Couturier|Couturière|Coiffeur|Coiffeuse|Boulanger|Boucher|Commerçant',
    'Commerçante|Vendeur|Vendeuse|Revendeuse|Débrouillard|Débrouillarde|Mototaximan|Enseignant|Enseignante|Institutrice',
    'Professeur des lycées|Infirmier|Infirmière|Aide-soignante|Sage-femme|Médecin|Pharmacien|Avocat|Magistrat|Comptable',
    'Informaticien|Ingénieur|Technicien|Ouvrier|Manœuvre|Gardien|Militaire|Gendarme|Policier|Fonctionnaire|Retraité',
    'Etudiant|Etudiante|Elève|Sans profession|Sans emploi|Pasteur|Prêtre|Imam|Chef traditionnel|Ménagère|Secrétaire',
    'agriculteur|agricultrice|éleveur|pêcheur|planteur|cultivateur|chauffeur|mécanicien|maçon|menuisier|électricien',
    'plombier|soudeur|tailleur|couturier|couturière|coiffeur|coiffeuse|boulanger|boucher|commerçant|commerçante|vendeur',
    'vendeuse|débrouillard|mototaximan|enseignant|enseignante|instituteur|institutrice|infirmier|infirmière|médecin',
    'sage-femme|aide-soignante|comptable|informaticien|ingénieur|technicien|ouvrier|manœuvre|gardien|militaire|gendarme',
    'policier|fonctionnaire|retraité|étudiant|étudiante|élève|sans profession|pasteur|secrétaire|cultivatrice|ménagère',
    'Chef de centre|Médecin accoucheur|Le chef de famille|chef de famille|tuteur|voisin|cousin|frère|sœur|épouse|époux',
    'fils|fille|oncle|oncle maternel|oncle paternel|tante|grand-mère|grand-père|Oncle|Tante|Grand-mère|Grand-père|Mère',
    'Père|la mère|le père|mère|père',
    '~, officier d’état civil~ adjoint au maire~ adjointe au maire~L’officier d’état civil ~Le Maire de ~Le Sous-préfet ~',
    '~Centre d’état civil secondaire de ~Centre secondaire de ~Centre principal de ~Centre spécial d’état civil de ~',
    '~Commune de ~Mairie de ~Commune d’arrondissement de ~Quartier ~quartier ~Village ~village ~à domicile~Domicile~',
    '~Mission catholique ~Clinique ~Polyclinique ~Dispensaire de ~CHU de ~Hôpital Laquintinie~Hôpital général de ~',
    '~Hôpital protestant de ~Hôpital Ad Lucem ~Hôpital central de ~Hôpital régional de ~Centre médical d’arrondissement ',
    '~de ~CMA de ~Centre de santé de ~CSI de ~Centre de santé intégré de ~Maternité de ~Hôpital de district de ~',
    ...familyNames,
    ...firstNames,
    '/2025|/2026|/2027|N/|~/CE/~/2027/~/2026/~/2025/~2027/~2026/~2025/~2024/~',
    '08:00|10:30|14:15|18:45|22:30|Cameroun|camerounaise|Camerounaise',
  ],
  dates: { first: '2025-01-01', last: '2028-12-31', before: ['F', 'M'] },
};
