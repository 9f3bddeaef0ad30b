/** The texts of the commands of `xmstation`, by language. */
import type { Language } from '../core/language.ts';
import { station as en } from './en/station.ts';
import { station as fr, type StationTexts } from './fr/station.ts';

export type { StationTexts };

export const stationTexts: Readonly<Record<Language, StationTexts>> = { fr, en };
