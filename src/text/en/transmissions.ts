/** Transmissions: Test Broker and MQTT Subscribe. */
import type { subscription as frenchSubscription, brokerTest as frenchTest } from '../fr/transmissions.ts';

export const brokerTest: typeof frenchTest = {
  title: 'Test Broker',
  begins: 'The test begins; it takes a minute at most. Esc interrupts it.',
  runs: 'The test is under way. Esc interrupts it.',
  ending: 'Ending the test: what it has left at the broker is removed…',
  aborted: 'Test interrupted: what follows is all that it has seen.',
  ended: 'Test over.',
};

export const subscription: typeof frenchSubscription = {
  title: 'MQTT Subscribe',
  link: 'link',
  protocol: 'protocol',
  topics: 'subscribed to',
  none: 'nothing just now',
  advice: [
    'R subscribes the engine anew, at the broker that File / Brokers has in use.',
    '$share: engines share the messages among them.',
  ],
};
