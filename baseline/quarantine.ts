import { quarantinePolicyDescriptions } from "../landscape/fixed-texts";
import type { Landscape } from "../landscape/model";
import { iamPath, type QuarantineKind, quarantinePolicyName, roleName } from "../landscape/names";
import { policyDocument, services } from "../policies/document";
import { quarantineDocuments } from "../policies/quarantine";
import { ref, type TemplateResource } from "./template";

/**
 * Staged before an incident, so that a responder attaches what exists and never writes a policy: deny policies for
 * principals, the deny-all role and its profile for instances.
 */
export const quarantine = (landscape: Landscape): Record<string, TemplateResource> => ({
  QuarantinePolicy: policy(landscape, "deny-all"),
  QuarantinePersistencePolicy: policy(landscape, "deny-persistence"),
  QuarantineRole: {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: roleName(landscape, "quarantine"),
      Path: iamPath(landscape),
      Description: "Profile of an isolated instance: it may do nothing.",
      AssumeRolePolicyDocument: policyDocument([
        {
          Sid: "Instances",
          Effect: "Allow",
          Principal: services("ec2.amazonaws.com"),
          Action: ["sts:AssumeRole"],
        },
      ]),
      ManagedPolicyArns: [ref("QuarantinePolicy")],
      PermissionsBoundary: ref("QuarantinePolicy"),
    },
  },
  QuarantineProfile: {
    Type: "AWS::IAM::InstanceProfile",
    Properties: {
      InstanceProfileName: roleName(landscape, "quarantine"),
      Path: iamPath(landscape),
      Roles: [ref("QuarantineRole")],
    },
  },
});

const policy = (landscape: Landscape, kind: QuarantineKind): TemplateResource => ({
  Type: "AWS::IAM::ManagedPolicy",
  Properties: {
    ManagedPolicyName: quarantinePolicyName(landscape, kind),
    Path: iamPath(landscape),
    Description: quarantinePolicyDescriptions[kind],
    PolicyDocument: quarantineDocuments[kind],
  },
});
