/** Transmissions : Test Broker et MQTT Subscribe. */
export const brokerTest = {
  title: 'Test Broker',
  begins: 'Le test commence ; il dure une minute au plus. Échap l’interrompt.',
  runs: 'Le test est en cours. Échap l’interrompt.',
  ending: 'Fin du test : ce qu’il a laissé chez le broker est retiré…',
  aborted: 'Test interrompu : ce qui suit est tout ce qu’il a vu.',
  ended: 'Test terminé.',
};

export const subscription = {
  title: 'MQTT Subscribe',
  link: 'liaison',
  protocol: 'protocole',
  topics: 'abonné à',
  none: 'rien pour l’instant',
  advice: [
    'R abonne de nouveau le moteur, au broker choisi dans Fichier / Brokers.',
    '$share : les moteurs se partagent les messages.',
  ],
};
