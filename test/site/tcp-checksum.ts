/**
 * The checksum of a TCP segment (RFC 9293 §3.1), written into the IPv4 packet that holds it. Between two devices of one
 * machine the kernel leaves it to hardware that is not there: a packet that has been outside must have it.
 */
const tcp = 6;

/** `packet`: an IPv4 packet; changed in place. What is no TCP stays as it is. */
export function writeTcpChecksum(packet: Buffer): void {
  const start = ((packet[0] as number) & 0x0f) * 4;
  const length = packet.readUInt16BE(2) - start;
  if ((packet[0] as number) >> 4 !== 4 || packet[9] !== tcp) return;
  const segment = packet.subarray(start, start + length);
  segment.writeUInt16BE(0, 16);
  // The pseudo-header: both addresses, the protocol, the length.
  const sum = words(packet.subarray(12, 20)) + tcp + length + words(segment);
  segment.writeUInt16BE(~folded(sum) & 0xffff, 16);
}

function words(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  return bytes.length % 2 === 0 ? sum : sum + ((bytes.at(-1) as number) << 8);
}

/** The carries added to the lower 16 bits (RFC 1071). */
function folded(sum: number): number {
  return sum > 0xffff ? folded((sum & 0xffff) + Math.floor(sum / 0x1_0000)) : sum;
}
