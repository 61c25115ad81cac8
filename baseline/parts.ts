import type { Landscape } from "../landscape/model";
import type { BaselineScope } from "../landscape/names";
import { documentsBaseline } from "./documents";
import { globalBaseline } from "./global";
import { type BaselinePlaces, baselinePlaces } from "./places";
import { recorderBaseline } from "./recorder";
import { regionalBaseline } from "./regional";
import type { Template } from "./template";

/** A part of the baseline: a template that stands or falls as one, and the regions in which it stands. */
export interface BaselinePart extends BaselinePlaces {
  readonly template: Template;
}

const templates: Readonly<Record<BaselineScope, (landscape: Landscape) => Template>> = {
  global: globalBaseline,
  regional: regionalBaseline,
  documents: documentsBaseline,
  recorder: recorderBaseline,
};

/** The parts that a landscape needs, with their templates, in the order in which they are made. */
export const baselineParts = (landscape: Landscape): BaselinePart[] =>
  baselinePlaces(landscape).map((places) => ({ ...places, template: templates[places.scope](landscape) }));
