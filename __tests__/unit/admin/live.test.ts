import { isNothing } from "../../../src/admin/lib/amounts";
import { failureKind, live, LIVE, type Failure } from "../../../src/admin/lib/live";

function failure(message: string, status?: number, statusText?: string): Failure {
  return Object.assign(new Error(message), { status, statusText });
}

describe("a failed request of the admin", () => {
  it.each<[string, Failure]>([
    ["oldServer", failure("Not Found", 404, "Not Found")],
    ["oldServer", failure("", 404, "")],
    ["notFound", failure("The ledger has no SEQR invoice with this id.", 404, "Not Found")],
    ["signedOut", failure("Unauthorized", 401)],
    ["forbidden", failure("Forbidden", 403)],
    ["unreachable", failure("Failed to fetch")],
    ["unreachable", failure("Bad Gateway", 502)],
    ["other", failure("Something went wrong", 500)],
  ])("is named %s", (kind, error) => {
    expect(failureKind(error)).toBe(kind);
  });

  it("is tried again while the server may come back, and not when it has refused", () => {
    const next = (error: Error | null) => live().refetchInterval({ state: { error } });
    expect(next(null)).toBe(LIVE);
    expect(next(failure("Failed to fetch"))).toBe(LIVE);
    expect(next(failure("It failed", 500))).toBe(LIVE);
    expect(next(failure("Forbidden", 403))).toBe(false);
    expect(next(failure("Not Found", 404, "Not Found"))).toBe(false);
  });
});

it("is known of an amount whether it is zero", () => {
  expect(["0", "0.00", "-0.00"].every(isNothing)).toBe(true);
  expect(["0.01", "10", "100.00", "-0.10"].some(isNothing)).toBe(false);
});
