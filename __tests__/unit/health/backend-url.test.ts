import { addressFinding, isPrivateHost, reachFinding } from "../../../src/health/backend-url";
import { systemClock } from "../../../src/clock";
import { startServer, type LocalServer, type Reply } from "../seqr/local-server";
import { manualClock } from "./manual-clock";

describe("the address of the server", () => {
  it.each([
    ...["localhost", "shop.localhost", "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1"],
    ...["172.31.255.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "[::1]", "[::]", "[fd12::1]"],
    ...["[fe80::1]", "[::ffff:192.168.0.1]", "medusa", "shop.local", "shop.internal", "shop.test"],
  ])("is of a private network: %s", (host) => {
    expect(isPrivateHost(new URL(`http://${host}`).hostname)).toBe(true);
  });

  it.each([
    ...["api.shop.example", "172.32.0.1", "172.15.0.1", "192.169.0.1", "100.128.0.1", "11.0.0.1"],
    ...["[2001:db8::1]", "[::ffff:8.8.8.8]", "local.example", "169.253.0.1", "100.63.0.1"],
  ])("is not: %s", (host) => {
    expect(isPrivateHost(new URL(`http://${host}`).hostname)).toBe(false);
  });

  it.each([
    ["https://api.shop.example/api", false, "backend_url_public"],
    ["https://api.shop.example", true, "backend_url_public"],
    ["http://api.shop.example", false, "backend_url_not_https"],
    ["http://api.shop.example", true, "backend_url_for_sandbox"],
    ["https://10.0.0.1", false, "backend_url_not_public"],
    ["http://localhost:9000", false, "backend_url_not_public"],
    ["http://localhost:9000", true, "backend_url_for_sandbox"],
  ])("%s, for a sandbox only: %s", (url, isSandboxOnly, code) => {
    expect(addressFinding(url, isSandboxOnly)).toMatchObject({ code, values: { host: new URL(url).host } });
  });
});

describe("a request to the server's address", () => {
  const servers: LocalServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  const serve = async (reply?: Reply): Promise<LocalServer> => {
    const server = await startServer(() => reply);
    servers.push(server);
    return server;
  };
  const found = async (reply: Reply) => reachFinding((await serve(reply)).url, systemClock);
  const json = (status: number, body: unknown): Reply => ({
    ...{ status, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } },
  });

  it("reaches the plugin, which knows no such token", async () => {
    expect(await found(json(404, { code: "SEQR_TOKEN" }))).toMatchObject({
      ...{ code: "backend_url_reached", values: { milliseconds: expect.any(Number) } },
    });
    expect(servers[0]?.received).toMatchObject([{ method: "GET" }]);
    expect(await found(json(429, { code: "SEQR_TOO_MANY_REQUESTS" }))).toMatchObject({
      code: "backend_url_reached",
    });
  });

  it.each<[string, Reply]>([
    ["another server", json(404, { message: "not found" })],
    ["a page", { status: 200, body: "<html></html>", headers: { "Content-Type": "text/html" } }],
    ["a login", { status: 302, body: "", headers: { Location: "https://login.example" } }],
    ["half an answer", { status: 404, body: "{", headers: { "Content-Type": "application/json" } }],
    ["nothing in it", json(200, null)],
  ])("reaches %s", async (_, reply) => {
    expect(await found(reply)).toMatchObject({
      ...{ code: "backend_url_elsewhere", values: { status: reply.status } },
    });
  });

  it("reaches nothing", async () => {
    expect(await reachFinding("http://127.0.0.1:1", systemClock)).toMatchObject({
      code: "backend_url_unreachable",
    });
  });

  it("is given up after three seconds", async () => {
    const clock = manualClock();
    const reaching = reachFinding((await serve()).url, clock);
    await clock.pass(2_999);
    let isOver = false;
    void reaching.then(() => (isOver = true));
    await clock.pass(0);
    expect(isOver).toBe(false);
    await clock.pass(1);
    expect(await reaching).toMatchObject({ code: "backend_url_unreachable" });
  });
});
