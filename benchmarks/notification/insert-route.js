// Goes into the benchmark's store as POST /bench/insert: the least that a server can do to take something durably.
const { ContainerRegistrationKeys } = require("@medusajs/framework/utils");

exports.POST = async (req, res) => {
  await req.scope
    .resolve(ContainerRegistrationKeys.PG_CONNECTION)("bench_insert")
    .insert({ taken_at: new Date() });
  res.status(200).json({ received: true });
};
