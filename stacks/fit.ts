import { globalBaseline } from "../baseline/global";
import { regionalBaseline } from "../baseline/regional";
import type { Account, Landscape } from "../landscape/model";
import { accountId, roleName } from "../landscape/names";
import type { FieldPath, Finding } from "../landscape/problems";
import { taskNames } from "../landscape/tasks";
import { alarmPatterns } from "../policies/alarms";
import { hubTrustPolicy } from "../policies/doors";
import { guardrails } from "../policies/guardrails";
import { hubPermissions, roleTasks } from "../policies/tasks";
import { permissionsPolicy } from "../policies/tasks/task";
import { type QuotaId, quotaOf } from "../quotas";
import { measure } from "../quotas/measure";

/** A document whose size depends on what the landscape says. */
interface Sized {
  readonly name: string;
  readonly quota: QuotaId;
  readonly document: unknown;
}

/** Documents that grow with the landscape; the others fit whatever it says, which a test shows. */
function sizedDocuments(landscape: Landscape): Sized[] {
  const templates: Sized[] = [
    { name: "the global baseline", quota: "template-size", document: globalBaseline(landscape) },
    { name: "the regional baseline", quota: "template-size", document: regionalBaseline(landscape) },
  ];
  if (!landscape.access) return templates;
  const hub = { landscape, account: accountId(landscape.hub) };
  return [
    ...templates,
    ...guardrails(landscape).map(
      ({ name, document }): Sized => ({ name: `the policy ${name}`, quota: "control-policy-size", document }),
    ),
    ...roleTasks.flatMap((task): Sized[] =>
      [task.inMember(hub), task.inForensics?.(hub) ?? [], hubPermissions(hub, task)].map((permissions) => ({
        name: `what the role ${roleName(landscape, task.name)} may do`,
        quota: "managed-policy-size",
        document: permissionsPolicy(permissions),
      })),
    ),
    ...taskNames.map(
      (task): Sized => ({
        name: `the trust of the hub's role for ${task}`,
        quota: "trust-policy-size",
        document: hubTrustPolicy(landscape, task),
      }),
    ),
    ...alarmPatterns(landscape).flatMap(({ id, pattern }): Sized[] =>
      (["event-pattern-size", "rule-complexity"] as const).map((quota) => ({
        name: `the pattern of the alarm ${id}`,
        quota,
        document: pattern,
      })),
    ),
  ];
}

const tooLarge = ({ quota, document }: Sized): boolean =>
  measure(quotaOf(quota), document) > quotaOf(quota).limit;

/** A field that makes documents long, and the landscape in which it doesn't. */
interface Cause {
  readonly path: FieldPath;
  /** What was found. */
  readonly found: (landscape: Landscape) => string;
  readonly remedy: string;
  readonly without: (landscape: Landscape) => Landscape;
}

type Access = NonNullable<Landscape["access"]>;

const withAccess = (landscape: Landscape, change: (access: Access) => Partial<Access>): Landscape =>
  landscape.access
    ? { ...landscape, access: { ...landscape.access, ...change(landscape.access) } }
    : landscape;

const withImage =
  (image: string) =>
  (landscape: Landscape): Landscape => {
    const { forensics } = landscape;
    const recovery = forensics?.machines.recovery;
    return forensics === undefined || recovery === undefined
      ? landscape
      : {
          ...landscape,
          forensics: {
            ...forensics,
            machines: { ...forensics.machines, recovery: { ...recovery, image } },
          },
        };
  };

const usersOf = ({ access }: Landscape): readonly string[] =>
  (access?.doors ?? []).flatMap((door) => ("users" in door ? door.users.map(({ name }) => name) : []));

/** Those that say nothing of a choice that the organization has made come first. */
const causes: readonly Cause[] = [
  {
    path: ["access", "guardrails", "perimeter", "exceptions"],
    found: ({ access }) => `lists ${access?.perimeter.exceptions.length ?? 0} accounts`,
    remedy: "list fewer, or leave units with many exceptions out of the perimeter",
    without: (landscape) =>
      withAccess(landscape, ({ perimeter }) => ({ perimeter: { ...perimeter, exceptions: [] } })),
  },
  {
    path: ["access", "doors"],
    found: (landscape) => {
      const users = usersOf(landscape);
      return `names ${users.length} IAM users with ${users.join("").length} characters`;
    },
    remedy: "list fewer users, or shorter names",
    without: (landscape) =>
      withAccess(landscape, ({ doors }) => ({
        doors: doors.map((door) => ("users" in door ? { ...door, users: [] } : door)),
      })),
  },
  {
    path: ["access", "guardrails", "unwatchedRegions"],
    found: ({ regions }) => `lists all ${regions.length} watched regions in a policy`,
    remedy: "choose allow, or watch fewer regions",
    without: (landscape) => withAccess(landscape, () => ({ unwatchedRegions: "allow" })),
  },
  {
    path: ["forensics", "machines", "recovery", "image"],
    found: ({ forensics }) => `has ${forensics?.machines.recovery?.image.length ?? 0} characters`,
    remedy: "use a parameter with a shorter name",
    without: withImage("/a"),
  },
  {
    path: ["deployRole"],
    found: ({ deployRole }) => `has ${deployRole.length} characters and stands in every statement`,
    remedy: "use a role with a shorter name",
    without: (landscape) => ({ ...landscape, deployRole: "deploy" }),
  },
  {
    path: ["organization", "name"],
    found: ({ organization }) => `has ${organization.name.length} characters and stands in every document`,
    remedy: "use a shorter name",
    without: (landscape) => ({ ...landscape, organization: { ...landscape.organization, name: "a" } }),
  },
];

const isSame = (one: Sized) => (other: Sized) => one.name === other.name && one.quota === other.quota;

/** Of the documents that are too large, those that still are once a cause is gone. */
const remaining = (large: readonly Sized[], landscape: Landscape, { without }: Cause): Sized[] => {
  const others = sizedDocuments(without(landscape)).filter(tooLarge);
  return large.filter((each) => others.some(isSame(each)));
};

function explain({ name, quota: id, document }: Sized, landscape: Landscape, cause?: Cause): Finding {
  const { unit, limit, source } = quotaOf(id);
  const size = measure(quotaOf(id), document);
  const says = `${name} would come to ${size} (${unit}); AWS takes ${limit} ("${source.title}")`;
  const fields = causes.map(({ path }) => path.join(".")).join(", ");
  return cause === undefined
    ? { path: ["organization", "name"], message: `${says}: none of ${fields} does it alone; shorten several` }
    : { path: cause.path, message: `${cause.found(landscape)}, with which ${says}: ${cause.remedy}` };
}

/**
 * What the landscape makes longer than AWS takes, as findings in its fields: the one field that makes all of it too long,
 * else for each document the first that does.
 */
export function tooLong(landscape: Landscape): Finding[] {
  const filled = withIds(landscape);
  const large = sizedDocuments(filled).filter(tooLarge);
  const [first] = large;
  if (first === undefined) return [];
  const alone = causes.find((cause) => remaining(large, filled, cause).length === 0);
  if (alone !== undefined) return [explain(first, filled, alone)];
  const findings = large.map((each) =>
    explain(
      each,
      filled,
      causes.find((cause) => remaining([each], filled, cause).length === 0),
    ),
  );
  return [...new Map(findings.map((each) => [JSON.stringify(each.path), each])).values()];
}

/** Before bootstrap ids are missing that the documents spell; all have one length. An account stays one object. */
function withIds(landscape: Landscape): Landscape {
  const made = new Map<Account, Account>();
  const identified = (account: Account): Account => {
    if (account.id !== undefined) return account;
    const known = made.get(account) ?? { ...account, id: "0".repeat(12) };
    made.set(account, known);
    return known;
  };
  const { accounts, organization, hub, sealed } = landscape;
  return {
    ...landscape,
    organization: { id: `o-${"0".repeat(10)}`, cutPolicyId: `p-${"0".repeat(10)}`, ...organization },
    accounts: {
      management: identified(accounts.management),
      security: identified(accounts.security),
      logArchive: identified(accounts.logArchive),
      forensics: identified(accounts.forensics),
    },
    hub: identified(hub),
    sealed: identified(sealed),
  };
}
