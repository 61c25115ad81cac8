import type { Release } from "./fixture";

/** What a kept release must not hold: secrets, and what tells of the machine that recorded it. */
const unfit: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  {
    what: "an access key's secret or a password",
    pattern: /"(secret|[a-z_]*password|secret_access_key)":"[^"]+"/,
  },
  { what: "a path of a machine", pattern: /(?<![\w.:/-])\/(root|home|Users|work|opt|private|tmp)\/[\w./-]+/ },
];

/** What of a release may not stand in a repository, one line each. */
export function unfitForKeeping({ stacks, states, landscape }: Release): string[] {
  const texts: [string, string][] = [
    ["landscape", landscape],
    ...Object.entries(stacks).map(([name, text]): [string, string] => [`stack ${name}`, text]),
    ...Object.entries(states).map(([name, text]): [string, string] => [`state of ${name}`, text]),
  ];
  return texts.flatMap(([place, text]) =>
    unfit.flatMap(({ what, pattern }) => {
      const found = pattern.exec(text)?.[0];
      return found === undefined ? [] : [`${place} holds ${what}: ${found.slice(0, 60)}`];
    }),
  );
}
