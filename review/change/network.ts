import { sameInstance } from "../companions";
import { type Graph, isUnknown, type Resource } from "../graph";
import { addTo, entryOf } from "../lists";
import { borders, inNetwork } from "./conditions";
import type { AccessChange } from "./model";
import { type Entry, lastPort, readers } from "./network-readers";

interface Door {
  readonly resource: Resource;
  readonly entries: Entry[];
  unread: boolean;
}

/** Ports that security groups and network ACLs have opened or closed, by asking each port and each peer. */
export function networkChanges(before: Graph, after: Graph): AccessChange[] {
  const [old, now] = [doorsOf(before), doorsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const { stack, address } = ((is ?? was) as Door).resource;
    const change = (direction: AccessChange["direction"], what: string): AccessChange => ({
      stack,
      address,
      kind: "network",
      direction,
      what,
    });
    const [before, after] = [was?.entries ?? [], is?.entries ?? []];
    const unread = was?.unread || is?.unread;
    const same = JSON.stringify(before) === JSON.stringify(after);
    if (same) return unread ? [change("cannot-tell", "some of its rules are known after apply only")] : [];
    return [
      ...newlyOpen(before, after).map((what) => change("widened", `newly lets ${what}`)),
      ...newlyOpen(after, before).map((what) => change("narrowed", `no longer lets ${what}`)),
      ...(is === undefined && /network_acl/.test(was?.resource.type ?? "")
        ? [change("cannot-tell", "is removed, and its subnets get the VPC's default list")]
        : []),
      ...(unread ? [change("cannot-tell", "some of its rules are known after apply only")] : []),
    ];
  });
}

/** Entries of `after` that let through what `before` does not, in words. */
function newlyOpen(before: readonly Entry[], after: readonly Entry[]): string[] {
  const all = [...before, ...after];
  return after
    .filter(({ allows }) => allows)
    .flatMap((entry) => {
      const asked = probes(entry, all);
      const opened = asked.find((probe) => decides(after, probe) && !decides(before, probe));
      return opened ? [wordsOf(entry)] : [];
    });
}

interface Probe {
  readonly direction: Entry["direction"];
  readonly protocol: string;
  readonly port: number;
  readonly peer: string;
}

/** Of an entry, what no other entry tells further apart: ports and addresses where some entry begins or ends. */
function probes(entry: Entry, all: readonly Entry[]): Probe[] {
  const beside = all.filter(({ direction }) => direction === entry.direction);
  const protocols =
    entry.protocol === "-1"
      ? new Set(["other", ...beside.map(({ protocol }) => protocol)])
      : new Set([entry.protocol]);
  protocols.delete("-1");
  const ports = new Set(beside.flatMap(({ from, to }) => [from, to + 1]).concat(entry.from));
  const peers = new Set(beside.flatMap(({ peer }) => borders(peer)).concat(borders(entry.peer)));
  return [...protocols].flatMap((protocol) =>
    [...ports]
      .filter((port) => port >= entry.from && port <= entry.to)
      .flatMap((port) =>
        [...peers]
          .filter((peer) => inNetwork(peer, entry.peer))
          .map((peer) => ({ direction: entry.direction, protocol, port, peer })),
      ),
  );
}

/** Whether entries let a probe through. */
function decides(entries: readonly Entry[], probe: Probe): boolean {
  const matching = entries.filter(
    ({ direction, protocol, from, to, peer }) =>
      direction === probe.direction &&
      (protocol === "-1" || protocol === probe.protocol) &&
      from <= probe.port &&
      probe.port <= to &&
      inNetwork(probe.peer, peer),
  );
  const first = Math.min(...matching.map(({ order }) => order));
  return matching.some(({ order, allows }) => order === first && allows);
}

const wordsOf = ({ direction, protocol, from, to, peer }: Entry): string => {
  const what =
    protocol === "-1"
      ? "everything"
      : from === 0 && to === lastPort
        ? `every port of ${protocol}`
        : `${protocol} ${from === to ? from : `${from}-${to}`}`;
  return `${what} ${direction === "in" ? "in from" : "out to"} ${peer}`;
};

/** Every security group and network ACL, with the rules that stand on their own, by the group that they belong to. */
function doorsOf(graph: Graph): ReadonlyMap<string, Door> {
  const doors = new Map<string, Door>();
  const byConfigured = new Map<string, Resource[]>();
  for (const resource of graph.resources) addTo(byConfigured, resource.configured, resource);
  for (const resource of graph.resources) {
    const reader = entryOf(readers, resource.type);
    if (!reader) continue;
    const { entries, owner } = reader(resource);
    const [of = resource] = owner
      ? (resource.references.get(owner) ?? [])
          .flatMap((to) => byConfigured.get(to) ?? [])
          .filter((other) => sameInstance(resource, other))
      : [];
    // Of what stands already, a plan and a state know the id; what is planned anew has none yet.
    const named = owner ? resource.attributes[owner] : resource.attributes.id;
    const key = typeof named === "string" && !isUnknown(named) ? named : of.id;
    const door = doors.get(key) ?? { resource: of, entries: [], unread: false };
    for (const each of entries) {
      if (each === undefined) door.unread = true;
      else door.entries.push(each);
    }
    doors.set(key, door);
  }
  return doors;
}
