import ipaddr from "ipaddr.js";

/** Both halves of an IPv4 range, such as `10.0.0.0/25` and `10.0.0.128/25` of `10.0.0.0/24`. */
export function halves(range: string): readonly [string, string] {
  const [first, length] = ipaddr.IPv4.parseCIDR(range);
  const bytes = first.toByteArray();
  const index = Math.floor(length / 8);
  bytes[index] = (bytes[index] ?? 0) | (0x80 >> (length % 8));
  return [`${first.toString()}/${length + 1}`, `${bytes.join(".")}/${length + 1}`];
}
