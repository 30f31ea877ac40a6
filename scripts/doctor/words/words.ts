import type { Locale } from '../../../core/messages/catalogue.ts';
import { en, type DoctorWords } from './en.ts';
import { zh } from './zh.ts';

const words: Record<Locale, DoctorWords> = { en, zh };

/** What the doctor says, in a language. */
export const doctorWords = (locale: Locale): DoctorWords => words[locale];
