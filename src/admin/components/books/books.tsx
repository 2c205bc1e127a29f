import { useOpened } from "../../hooks/use-opened";
import { PeriodList } from "./period-list";
import { PeriodPage } from "./period-page";

/** The books: SEQR's transaction periods, and one of them when its id is in the address. */
const Books = () => {
  const [id, open] = useOpened();
  return id === "" ? <PeriodList onOpen={open} /> : <PeriodPage id={id} onBack={() => open("")} />;
};

export default Books;
