import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asValue } from "@medusajs/framework/awilix";
import type { AuthenticatedMedusaRequest, MedusaResponse } from "@medusajs/framework/http";
import { ContainerRegistrationKeys, createMedusaContainer } from "@medusajs/framework/utils";
import { adminSeqrRoutes } from "../../../src/api/admin/seqr/middlewares";
import { requireRefundPermission } from "../../../src/api/admin/seqr/require-refund-permission";
import type { AdminResolveSeqrAttentionType } from "../../../src/api/admin/seqr/attention/validators";

const folder = join(__dirname, "../../../src/api/admin/seqr");
/** Every route of the admin API, such as `POST /admin/seqr/attention/:id`. */
const routes = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("route.ts"))
  .flatMap((file) => {
    const path = file.replace(/\/?route\.ts$/, "").replace(/\[(\w+)\]/g, ":$1");
    const methods = readFileSync(join(folder, file), "utf8").matchAll(/export async function ([A-Z]+)\(/g);
    return [...methods].map(([, method = ""]) => [method, `/admin/seqr/${path}`] as const);
  });

describe("the policies of the admin API", () => {
  const policiesOf = (method: string, path: string) =>
    adminSeqrRoutes
      .filter(
        ({ matcher, methods }) =>
          (methods === undefined && path.startsWith(String(matcher))) ||
          (matcher === path && ([methods].flat() as unknown[]).includes(method)),
      )
      .flatMap(({ policies = [] }) => [policies].flat())
      .map(({ resource, operation }) => `${resource}:${String(operation)}`);

  it.each(routes)("guard %s %s", (method, path) => {
    expect(policiesOf(method, path)).toEqual(
      method === "GET" ? ["payment:read"] : ["payment:read", "payment:update"],
    );
  });

  it("are those of every route that there is", () => {
    expect(routes).toHaveLength(20);
  });
});

describe("in a store with RBAC, a decision", () => {
  /** What becomes of a decision of somebody whose role has these policies. */
  async function decide(policies: string[], action: string, kind: string, isOn = true): Promise<unknown> {
    const rows = policies.map((key, number) => {
      const [resource, operation] = key.split(":");
      return { id: `policy_${number}`, resource, operation };
    });
    const scope = createMedusaContainer();
    scope.register(ContainerRegistrationKeys.FEATURE_FLAG_ROUTER, asValue({ isFeatureEnabled: () => isOn }));
    scope.register(
      ContainerRegistrationKeys.QUERY,
      asValue({ graph: async () => ({ data: [{ policies: rows }] }) }),
    );
    const req = {
      scope,
      params: { id: `seqrinv_1.${kind}.1` },
      validatedBody: { action },
      auth_context: { app_metadata: { roles: ["role_1"] } },
    } as unknown as AuthenticatedMedusaRequest<AdminResolveSeqrAttentionType>;
    const next = jest.fn();
    await requireRefundPermission(req, {} as MedusaResponse, next);
    expect(next).toHaveBeenCalledTimes(1);
    return (next.mock.calls as [{ type: string } | undefined][])[0]?.[0]?.type;
  }

  const UPDATES = ["payment:read", "payment:update"];

  it.each([
    ["refund", "order_pending"],
    ["refund", "contradicting"],
    ["retry", "refund_unknown"],
    ["retry", "refund_refused"],
    ["retry", "refunding"],
  ])("to %s %s is for those who may refund", async (action, kind) => {
    expect(await decide(UPDATES, action, kind)).toBe("forbidden");
    expect(await decide([...UPDATES, "refund:create"], action, kind)).toBeUndefined();
    expect(await decide(["*:*"], action, kind)).toBeUndefined();
    expect(await decide([], action, kind, false)).toBeUndefined();
  });

  it.each([
    ["retry", "order_pending"],
    ["accept", "refund_unknown"],
    ["dismiss", "refund_refused"],
  ])("to %s %s is for those who may update payments", async (action, kind) => {
    expect(await decide(UPDATES, action, kind)).toBeUndefined();
  });
});
