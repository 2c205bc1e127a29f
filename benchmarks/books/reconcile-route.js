// Goes into the benchmark's store as POST /bench/reconcile and POST /bench/join: what the job does with a period that is due, and the
// least that any comparison of a report with the ledger has to do.
const { createRequire } = require("node:module");
const { ContainerRegistrationKeys } = require("@medusajs/framework/utils");

const built = createRequire(require.resolve("medusa-payment-seqr"));
const { processSeqrPeriods } = built("./workflows/process-periods");

/** Milliseconds that a work takes, and the bytes that the process holds before it and at most during it. */
async function measured(work) {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
  const started = performance.now();
  try {
    const found = await work();
    return { found, milliseconds: performance.now() - started, before, most };
  } finally {
    clearInterval(timer);
  }
}

exports.POST = async (req, res) => {
  const db = req.scope.resolve(ContainerRegistrationKeys.PG_CONNECTION);
  const { period, bare } = req.body;
  const join = async () => {
    const rows = await db("seqr_report_row as r")
      .join("seqr_invoice as i", "i.ers_reference", "r.ers_reference")
      .where("r.period_id", period)
      .select("r.*", "i.id as invoice_id", "i.amount as expected");
    return rows.length;
  };
  const reconcile = async () => {
    await db("seqr_period").where({ id: period }).update({ state: "marked", due_at: new Date() });
    return processSeqrPeriods(req.scope);
  };
  res.json(await measured(bare ? join : reconcile));
};
