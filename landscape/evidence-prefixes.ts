/**
 * Where in a bucket of evidence pieces lie, and where manifests; the case comes next. Apart, since pieces may go by
 * themselves after their time and manifests stay, and a lifecycle rule knows no prefix to be left out.
 */
export const piecesPrefix = "evidence/";
export const manifestsPrefix = "custody/";

/** @param caseId a case's id, or what stands for it in a policy */
export const piecesOf = (caseId: string): string => `${piecesPrefix}${caseId}/`;
export const manifestsOf = (caseId: string): string => `${manifestsPrefix}${caseId}/`;
