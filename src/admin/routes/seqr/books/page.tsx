import { defineRouteConfig } from "@medusajs/admin-sdk";
import { lazy, Suspense } from "react";
import { LoadingPage } from "../../../components/loading";

const Books = lazy(() => import("../../../components/books"));

/** The books. Loaded when they are opened. */
const SeqrBooks = () => (
  <Suspense fallback={<LoadingPage />}>
    <Books />
  </Suspense>
);

export const config = defineRouteConfig({ label: "books.menu", translationNs: "seqr", rank: 3 });

export default SeqrBooks;
