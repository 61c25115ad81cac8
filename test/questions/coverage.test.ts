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
