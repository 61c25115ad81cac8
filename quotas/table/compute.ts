import type { Quota } from "../quota";

const sources = {
  lambda: {
    title: "Lambda quotas",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
  },
  sfn: {
    title: "Step Functions service quotas",
    url: "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html",
  },
  ssm: {
    title: "AWS Systems Manager endpoints and quotas",
    url: "https://docs.aws.amazon.com/general/latest/gr/ssm.html",
  },
} as const;

export const computeQuotas = [
  {
    id: "function-name",
    service: "Lambda",
    what: "name of a function",
    limit: 64,
    pattern: "[A-Za-z0-9_-]+",
    unit: "characters",
    source: sources.lambda,
    certainty: "documented",
  },
  {
    id: "function-environment",
    service: "Lambda",
    what: "environment variables of a function together",
    limit: 4096,
    unit: "bytes",
    source: sources.lambda,
    certainty: "documented",
  },
  {
    id: "state-machine-definition",
    service: "Step Functions",
    what: "size of a definition",
    limit: 1048576,
    unit: "bytes",
    source: sources.sfn,
    certainty: "documented",
  },
  {
    id: "state-machine-name",
    service: "Step Functions",
    what: "name of a state machine",
    limit: 80,
    unit: "characters",
    source: sources.sfn,
    certainty: "documented",
  },
  {
    id: "state-data",
    service: "Step Functions",
    what: "input or result of a task or execution",
    limit: 262144,
    unit: "bytes",
    source: sources.sfn,
    certainty: "documented",
    notMeasured: "made while it runs",
  },
  {
    id: "document-size",
    service: "Systems Manager",
    what: "size of a document",
    limit: 65536,
    unit: "bytes",
    source: sources.ssm,
    certainty: "documented",
  },
  {
    id: "parameter-value",
    service: "Systems Manager",
    what: "value of a standard parameter",
    limit: 4096,
    unit: "bytes",
    source: sources.ssm,
    certainty: "documented",
  },
] as const satisfies readonly Quota[];
