import type { FieldPath } from "../problems";
import type { Check, SoundPart } from "./check";

interface Locked {
  readonly lock?: string | undefined;
  readonly acknowledgeIrreversible?: boolean | undefined;
}

/** A lock that nobody can lift is chosen twice. */
export const complianceAcknowledged =
  (at: FieldPath, of: (file: SoundPart) => Locked | undefined): Check =>
  (file, isWrong) => {
    const locked = of(file);
    if (
      isWrong(...at, "acknowledgeIrreversible") ||
      locked?.lock !== "compliance" ||
      locked.acknowledgeIrreversible === true
    )
      return [];
    return [
      {
        path: [...at, "lock"],
        message:
          '"compliance" keeps every object until its time is over, against root and AWS Support too: ' +
          "add acknowledgeIrreversible: true, or choose governance",
      },
    ];
  };
