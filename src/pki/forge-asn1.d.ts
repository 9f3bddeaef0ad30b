/** forge's ASN.1 alone: all of forge is a third of a megabyte of ciphers and protocols that every start would read. */
declare module 'node-forge/lib/asn1.js' {
  import { asn1 } from 'node-forge';

  export default asn1;
}
