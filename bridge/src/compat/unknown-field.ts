import { EncodeError } from "../errors.js";
import type { Field } from "../schema/index.js";
import { Path } from "../schema/path.js";
import { describeValue } from "../schema/words.js";

/** One step from a value to one in it. */
type Step = (path: Path) => Path;

/** A value for a field that the Go program does not have. The encoders that it passes on its way out add the way to it. */
class UnknownField {
  /** From the field outwards. */
  readonly steps: Step[];

  constructor(
    readonly type: string,
    readonly field: Field,
    readonly value: unknown,
  ) {
    this.steps = [(path) => path.property(field.name)];
  }
}

/** Refuses a value that could not be sent: dropping it would say that all was. */
export function refuseUnknown(type: string, field: Field, value: unknown): never {
  throw new UnknownField(type, field, value);
}

/** Adds a step in front of the way to an unknown field; everything else that may be thrown stays as it is. */
export function stepped(thrown: unknown, step: Step): unknown {
  if (thrown instanceof UnknownField) thrown.steps.push(step);
  return thrown;
}

/** What the caller is told. */
export function told(thrown: unknown, method: string, root: string): unknown {
  if (!(thrown instanceof UnknownField)) return thrown;
  const { type, field, value, steps } = thrown;
  const path = steps.reduceRight((path, step) => step(path), Path.root(root));
  const expected = `nothing (the Go program's version of ${type} has no field ${field.name})`;
  return new EncodeError(method, path.text, expected, describeValue(field.type, value));
}
