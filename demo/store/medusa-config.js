// The demo's Medusa store: set up as the README tells a merchant to, with everything that varies in the environment.
const { defineConfig } = require("@medusajs/framework/utils");
const { withSeqr } = require("medusa-payment-seqr");

const { env } = process;
const number = (value) => (value === undefined ? undefined : Number(value));

module.exports = withSeqr(
  defineConfig({
    projectConfig: {
      databaseUrl: env.DATABASE_URL,
      databaseDriverOptions: { ssl: false, connection: { ssl: false } },
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
    // The dashboard asks the server that it came from, whatever its port.
    admin: { disable: env.DEMO_ADMIN !== "true", backendUrl: "/" },
  }),
  {
    endpoint: env.SEQR_ENDPOINT,
    terminalId: env.SEQR_TERMINAL_ID,
    password: env.SEQR_PASSWORD,
    backendUrl: env.MEDUSA_BACKEND_URL,
    currencies: ["SEK"],
    shopName: "Nordic Goods",
    footer: "Thank you for shopping with us",
    returnUrl: env.SEQR_RETURN_URL,
    linkScheme: env.SEQR_LINK_SCHEME,
    lifetime: number(env.SEQR_LIFETIME),
    connectTimeout: number(env.SEQR_CONNECT_TIMEOUT),
    responseTimeout: number(env.SEQR_RESPONSE_TIMEOUT),
  },
);
