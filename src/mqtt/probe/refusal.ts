/** Why a broker does not let somebody in, in the words of the standard (MQTT 3.1.1 table 3.1, MQTT 5 table 3-1). */
import { XmError } from '../../core/errors.ts';

const words: ReadonlyMap<number, string> = new Map([
  [0x01, 'unacceptable protocol version'],
  [0x02, 'identifier rejected'],
  [0x03, 'server unavailable'],
  [0x04, 'bad user name or password'],
  [0x05, 'not authorized'],
  [0x84, 'unsupported protocol version'],
  [0x85, 'client identifier not valid'],
  [0x86, 'bad user name or password'],
  [0x87, 'not authorized'],
  [0x88, 'server unavailable'],
  [0x89, 'server busy'],
  [0x8a, 'banned'],
  [0x97, 'quota exceeded'],
  [0x9f, 'connection rate exceeded'],
]);

export function connackRefusal(code: number): XmError {
  const word = words.get(code);
  const detail = `CONNACK 0x${code.toString(16)}${word === undefined ? '' : `, ${word}`}`;
  return new XmError('broker-refused', { detail });
}
