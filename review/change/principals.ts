import type { Principal, Statement } from "../policies";

/** Somebody of an account, whom no policy names. */
export const everyoneIn = (account: string): string => `arn:aws:iam::${account}:role/anyone`;

/** Somebody of no account that a policy names. */
export const stranger: Principal = { type: "AWS", id: everyoneIn("000000000000") };

/** Somebody whom no policy names, of a kind of principals. */
export const anyoneBy = (type: string): Principal =>
  type === "AWS" ? stranger : { type, id: `anyone (${type})` };

const accountRoot = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/;

/** Everyone who is named, somebody of each account that is, and somebody of none. */
export function principalsToAsk(statements: readonly Statement[]): (Principal | undefined)[] {
  const named = statements.flatMap(({ Principal = [], NotPrincipal = [] }) => [
    ...Principal,
    ...NotPrincipal,
  ]);
  if (named.length === 0) return [undefined];
  const people = named.flatMap(({ type, id }): Principal[] => {
    if (id === "*") return [anyoneBy(type)];
    const [, account] = type === "AWS" ? (accountRoot.exec(id) ?? []) : [];
    return account
      ? [
          { type, id: `arn:aws:iam::${account}:root` },
          { type, id: everyoneIn(account) },
        ]
      : [{ type, id }];
  });
  const unique = new Map(
    [...people, stranger].map((principal) => [`${principal.type} ${principal.id}`, principal]),
  );
  return [...unique.values()];
}

/** An account means everyone in it. Source: "AWS JSON policy elements: Principal", AWS account principals. */
export function isMeant({ type, id }: Principal, by: readonly Principal[]): boolean {
  return by.some((wanted) => {
    if (wanted.id === "*") return wanted.type === "AWS" || wanted.type === type;
    if (wanted.type !== type) return false;
    if (wanted.id === id) return true;
    const [, account] = type === "AWS" ? (accountRoot.exec(wanted.id) ?? []) : [];
    return account !== undefined && id.split(":")[4] === account;
  });
}
