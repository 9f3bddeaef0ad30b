/** The texts of the broker test, by language. */
import type { Language } from '../core/language.ts';
import { brokerTest as en } from './en/broker-test.ts';
import { type BrokerTestTexts, brokerTest as fr } from './fr/broker-test.ts';

export type { BrokerTestTexts };

export const brokerTestTexts: Readonly<Record<Language, BrokerTestTexts>> = { fr, en };
