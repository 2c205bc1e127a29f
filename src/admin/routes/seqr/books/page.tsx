import { defineRouteConfig } from "@medusajs/admin-sdk";
import { PeriodList } from "../../../components/period-list";
import { PeriodPage } from "../../../components/period-page";
import { useOpened } from "../../../hooks/use-opened";

/** The books: SEQR's transaction periods, and one of them when its id is in the address. */
const SeqrBooks = () => {
  const [id, open] = useOpened();
  return id === "" ? <PeriodList onOpen={open} /> : <PeriodPage id={id} onBack={() => open("")} />;
};

export const config = defineRouteConfig({ label: "books.menu", translationNs: "seqr", rank: 3 });

export default SeqrBooks;
