import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazyPage } from "../../../components/lazy-page";

/** The books. */
const SeqrBooks = lazyPage(() => import("../../../components/books/books"), ["books", "common", "payments"]);

export const config = defineRouteConfig({ label: "books.menu", translationNs: "seqr", rank: 3 });

export default SeqrBooks;
