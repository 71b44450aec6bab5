// CRC-32 as in ZIP (reflected, polynomial EDB88320), eight bytes at a step.
const tables = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  tables[0][byte] = value;
}
for (let step = 1; step < 8; step++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = tables[step - 1][byte];
    tables[step][byte] = (before >>> 8) ^ tables[0][before & 255];
  }
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;

// Continues from the value of what came before; begins with 0.
export function crc32(bytes, before = 0) {
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc = t7[(crc ^ bytes[at]) & 255] ^ t6[((crc >>> 8) ^ bytes[at + 1]) & 255]
      ^ t5[((crc >>> 16) ^ bytes[at + 2]) & 255] ^ t4[(crc >>> 24) ^ bytes[at + 3]]
      ^ t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 255];
  return ~crc >>> 0;
}
