import { MemoryPayments } from "./memory-payments";
import { describePayments } from "./payment-reader-contract";

describePayments("in memory", async (payments) => new MemoryPayments(payments));
