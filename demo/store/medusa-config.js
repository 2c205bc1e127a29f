// The demo's Medusa store: set up as the README tells a merchant to, with everything that varies in the environment.
const { defineConfig } = require("@medusajs/framework/utils");
const { withSeqr } = require("medusa-payment-seqr");

const { env } = process;
const number = (value) => (value === undefined ? undefined : Number(value));

/** What several servers of one store share besides the database: Medusa's modules on Redis, or locks in PostgreSQL. */
const shared = () => {
  const locking = (name, options) => ({
    resolve: "@medusajs/medusa/locking",
    options: {
      providers: [{ resolve: `@medusajs/medusa/locking-${name}`, id: name, is_default: true, options }],
    },
  });
  const redisUrl = env.REDIS_URL;
  if (!redisUrl) return env.LOCKING === "postgres" ? [locking("postgres")] : [];
  return [
    locking("redis", { redisUrl }),
    { resolve: "@medusajs/medusa/event-bus-redis", options: { redisUrl } },
    { resolve: "@medusajs/medusa/workflow-engine-redis", options: { redis: { redisUrl } } },
    {
      resolve: "@medusajs/medusa/caching",
      options: {
        providers: [
          {
            resolve: "@medusajs/medusa/caching-redis",
            id: "redis",
            is_default: true,
            options: { redisUrl },
          },
        ],
      },
    },
  ];
};

module.exports = withSeqr(
  defineConfig({
    projectConfig: {
      databaseUrl: env.DATABASE_URL,
      databaseDriverOptions: {
        ssl: false,
        connection: { ssl: false },
        pool: { max: number(env.DATABASE_POOL_MAX) },
      },
      redisUrl: env.REDIS_URL,
      // server: HTTP only; worker: jobs and events only; shared: both
      workerMode: env.MEDUSA_WORKER_MODE ?? "shared",
      http: {
        storeCors: env.STORE_CORS,
        adminCors: env.ADMIN_CORS,
        authCors: env.AUTH_CORS,
        jwtSecret: env.JWT_SECRET,
        cookieSecret: env.COOKIE_SECRET,
      },
      // The demo runs on plain http on this machine; a real store keeps Medusa's secure defaults.
      cookieOptions: { secure: false, sameSite: "lax" },
    },
    // The dashboard asks the server that it came from, whatever its port, unless it is built for another host.
    admin: {
      disable: env.DEMO_ADMIN !== "true",
      path: env.DEMO_ADMIN_PATH ?? "/app",
      backendUrl: env.DEMO_ADMIN_BACKEND_URL ?? "/",
    },
    // With its flag in the environment, Medusa's RBAC also wants its module named.
    modules: [...shared(), ...(env.MEDUSA_FF_RBAC === "true" ? [{ resolve: "@medusajs/medusa/rbac" }] : [])],
  }),
  {
    endpoint: env.SEQR_ENDPOINT,
    terminalId: env.SEQR_TERMINAL_ID,
    password: env.SEQR_PASSWORD,
    backendUrl: env.SEQR_BACKEND_URL,
    currencies: ["SEK"],
    shopName: "Nordic Goods",
    footer: "Thank you for shopping with us",
    returnUrl: env.SEQR_RETURN_URL,
    linkScheme: env.SEQR_LINK_SCHEME,
    lifetime: number(env.SEQR_LIFETIME),
    capture: env.SEQR_CAPTURE,
    reservationTime: number(env.SEQR_RESERVATION_TIME),
    captureBeforeLapse: env.SEQR_CAPTURE_BEFORE_LAPSE === "true",
    connectTimeout: number(env.SEQR_CONNECT_TIMEOUT),
    responseTimeout: number(env.SEQR_RESPONSE_TIMEOUT),
    receipts: env.SEQR_RECEIPTS,
    receiptLanguage: env.SEQR_RECEIPT_LANGUAGE,
    sandboxHosts: env.SEQR_SANDBOX_HOSTS?.split(","),
    optional: env.SEQR_OPTIONAL === "true",
    // The merchant's account, which closes periods.
    reseller: { id: env.SEQR_RESELLER_ID, password: env.SEQR_RESELLER_PASSWORD },
    // Several terminals in place of the one above, as JSON.
    ...(env.SEQR_TERMINALS && { terminals: JSON.parse(env.SEQR_TERMINALS) }),
  },
);
