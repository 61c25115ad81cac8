import { questions } from "../../questions";
import { type CoverageInput, coverageGaps } from "../../questions/coverage";
import type { SweepRecord } from "../../runtime/sweep/record";

const whole: SweepRecord = {
  account: "555555555555",
  region: "eu-west-1",
  at: "2026-11-25T03:00:00Z",
  vpcs: 2,
  flowLogs: { covered: 2, repaired: [] },
  queryLogs: { covered: 2, repaired: [] },
  isolation: { covered: 2, repaired: [] },
  repairs: [],
  deviations: [],
  refused: [],
  silent: [],
  unwatched: [],
};

const everything: CoverageInput = {
  questions,
  logging: {
    retentionDays: 365,
    dataEvents: ["dynamodb-write", "lambda-invoke", "s3-read", "s3-write"],
    networkEvents: ["kms"],
  },
  records: [whole],
  unreadable: new Map(),
  now: new Date("2026-11-25T09:00:00Z"),
};

const reasons = (change: Partial<CoverageInput>) =>
  Object.fromEntries(coverageGaps({ ...everything, ...change }).map(({ why, questions: ids }) => [why, ids]));
const idsOf = (table: string) => questions.filter((one) => one.table === table).map(({ id }) => id);

describe("which questions can't be answered", () => {
  it("are none where everything is recorded, kept, delivered and readable", () => {
    expect(coverageGaps(everything)).toEqual([]);
  });

  it("are those whose data events are not recorded", () => {
    const found = reasons({ logging: { ...everything.logging, dataEvents: ["s3-write"] } });
    expect(found).toEqual({ "no data events: logging.dataEvents lacks s3-read": ["objects-read"] });
  });

  it("are those that look back longer than logs are kept", () => {
    const found = reasons({ logging: { ...everything.logging, retentionDays: 60 } });
    const [[why = "", ids = []] = []] = Object.entries(found);
    expect(why).toBe("looks back 90 days, and logs are kept for 60");
    expect([...ids].sort()).toEqual(
      questions
        .filter(({ days }) => days === 90)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it("are those of VPCs that are not logged", () => {
    const record = { ...whole, queryLogs: { covered: 1, repaired: [] } };
    expect(reasons({ records: [record] })).toEqual({
      "query logs: 1 of 2 VPCs have none": idsOf("dns_queries"),
    });
  });

  it("are those of sources that are silent", () => {
    const record: SweepRecord = {
      ...whole,
      silent: [{ source: "cloudtrail" }, { source: "flow-logs", last: "2026-11-20T03:00:00Z" }],
    };
    expect(reasons({ records: [record] })).toEqual({
      "CloudTrail: nothing was ever delivered": idsOf("cloudtrail"),
      "flow logs: nothing since 2026-11-20T03:00:00Z": idsOf("flow_logs"),
    });
  });

  it("are those of an account that could not be entered", () => {
    const record = {
      ...whole,
      vpcs: 0,
      refused: [{ what: "entering the account", why: "AccessDenied: no" }],
    };
    expect(reasons({ records: [record] })).toEqual({
      "flow logs: the account could not be entered (AccessDenied: no)": idsOf("flow_logs"),
      "query logs: the account could not be entered (AccessDenied: no)": idsOf("dns_queries"),
    });
  });

  it("are those of what the sweep could not see: deliveries, and VPCs", () => {
    const record = {
      ...whole,
      vpcs: 0,
      refused: [
        { what: "judging sources", why: "AccessDenied: s3:ListBucket" },
        { what: "listing VPCs", why: "UnauthorizedOperation: no" },
        { what: "listing regions", why: "has nothing to do with it" },
      ],
    };
    const unseen = "whether anything is delivered could not be seen (AccessDenied: s3:ListBucket)";
    expect(reasons({ records: [record] })).toEqual({
      [`CloudTrail: ${unseen}`]: idsOf("cloudtrail"),
      [`flow logs: ${unseen}`]: idsOf("flow_logs"),
      [`query logs: ${unseen}`]: idsOf("dns_queries"),
      "flow logs: VPCs could not be listed (UnauthorizedOperation: no)": idsOf("flow_logs"),
      "query logs: VPCs could not be listed (UnauthorizedOperation: no)": idsOf("dns_queries"),
    });
  });

  it("are those of VPCs that are logged only since the sweep came", () => {
    const record = { ...whole, flowLogs: { covered: 2, repaired: ["vpc-1"] } };
    expect(reasons({ records: [record] })).toEqual({
      [`flow logs: of vpc-1 only since ${whole.at}`]: idsOf("flow_logs"),
    });
  });

  it("are those of a place to which the sweep has not come for two days", () => {
    const now = new Date("2026-11-27T03:00:01Z");
    expect(reasons({ now })).toEqual({
      [`not looked at since ${whole.at}: the account has left, or the sweep does not come to it`]:
        questions.map(({ id }) => id),
    });
  });

  it("are those of networks in a region that nobody watches, and none of one that is not enabled", () => {
    const records = [
      { ...whole, unwatched: ["eu-west-3"] },
      {
        ...whole,
        region: "af-south-1",
        vpcs: 0,
        silent: [{ source: "flow-logs" }],
        notEnabled: true,
      } as const,
    ] as SweepRecord[];
    expect(coverageGaps({ ...everything, records })).toEqual([
      {
        account: whole.account,
        region: "eu-west-3",
        why: "the region is enabled, and the landscape does not watch it: VPCs in it are not logged",
        questions: questions.filter(({ table }) => table !== "cloudtrail").map(({ id }) => id),
      },
    ]);
  });

  it("are those whose files the caller can't decrypt", () => {
    const found = reasons({ unreadable: new Map([["flow_logs", "AccessDenied: kms:Decrypt"]]) });
    expect(found).toEqual({ "flow logs can't be read: AccessDenied: kms:Decrypt": idsOf("flow_logs") });
  });

  it("are told for each account and region by itself", () => {
    const other = { ...whole, region: "us-east-1", flowLogs: { covered: 0, repaired: [] } };
    expect(coverageGaps({ ...everything, records: [whole, other] })).toEqual([
      {
        account: whole.account,
        region: "us-east-1",
        why: "flow logs: 2 of 2 VPCs have none",
        questions: idsOf("flow_logs"),
      },
    ]);
  });
});
