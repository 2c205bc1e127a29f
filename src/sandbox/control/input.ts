import { SandboxError } from "../errors";

/** Reads a JSON object from a request; every getter reports an error with the field's name. */
export class Input {
  readonly #values: Record<string, unknown>;

  /** @throws {SandboxError} SANDBOX_INPUT when the value is not a JSON object */
  constructor(value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw wrong("the body", "a JSON object");
    this.#values = value as Record<string, unknown>;
  }

  /** @throws {SandboxError} SANDBOX_INPUT */
  text(name: string): string {
    return this.optionalText(name) ?? fail(name, "a text");
  }

  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    return value === undefined || typeof value === "string" ? value : fail(name, "a text");
  }

  /** A whole number, 0 or more. */
  optionalCount(name: string): number | undefined {
    const value = this.#values[name];
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0))
      return value as number | undefined;
    return fail(name, "a whole number, 0 or more");
  }

  optionalOneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.optionalText(name);
    return value === undefined
      ? undefined
      : (values.find((known) => known === value) ?? fail(name, values.join(", ")));
  }

  /** A list of JSON objects. */
  list(name: string): Input[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map((item) => new Input(item)) : fail(name, "a list");
  }

  /** An object whose values are strings. */
  optionalTexts(name: string): Record<string, string> {
    const value = this.#values[name] ?? {};
    const entries = Object.entries(value);
    if (entries.some(([, text]) => typeof text !== "string")) return fail(name, "an object of texts");
    return Object.fromEntries(entries) as Record<string, string>;
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#values[name];
    return value === undefined || typeof value === "boolean" ? value : fail(name, "true or false");
  }
}

function wrong(name: string, expected: string): SandboxError {
  return new SandboxError("SANDBOX_INPUT", `${name} must be ${expected}`);
}

function fail(name: string, expected: string): never {
  throw wrong(`"${name}"`, expected);
}
