/** The results of a broker test as lines, wherever they are read. */
import type { Capability, FoundResult, Remark, Result } from '../core/broker-test.ts';
import { sentence } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { type BrokerTestTexts, brokerTestTexts } from './broker-test.ts';
import { grouped } from './format.ts';

/** What was found out, without the name of the capability: one line, or several. */
export function resultLines(result: Result, language: Language): readonly string[] {
  return shown(result, brokerTestTexts[language], language).map(printable);
}

function shown(result: Result, texts: BrokerTestTexts, language: Language): readonly string[] {
  if (result.outcome === 'untested') return [texts.untested[result.why]];
  if (result.outcome === 'failed')
    return [texts.failed(sentence(result.fault.code, result.fault.params, language))];
  const lines = foundLines(result, texts);
  return typeof lines === 'string' ? [lines] : lines;
}

function foundLines<C extends Capability>(
  { capability, finding }: FoundResult<C>,
  texts: BrokerTestTexts,
): string | readonly string[] {
  return texts.found[capability](finding);
}

export function remarkText({ code, params, capability }: Remark, language: Language): string {
  const texts = brokerTestTexts[language];
  return texts.remarks[code].replace(/\{(\w+)\}/g, (all, name: string) => {
    if (name === 'capability' && capability) return texts.names[capability];
    const value = params[name];
    return value === undefined ? all : grouped(value, language);
  });
}

/** What a broker says of itself must not drive the terminal. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '');
}
